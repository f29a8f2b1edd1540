// OpenSSL 3, libcrypto only. Declarations: no code lives here.
#ifndef GATEHOUSE_COPENSSL_SHIM_H
#define GATEHOUSE_COPENSSL_SHIM_H

// SHA256_CTX is a plain value, which no EVP context is; HMACSHA256.swift says what that is worth. It is marked as
// deprecated in favour of EVP, so the mark is lifted for this one header and for no other.
#include <openssl/macros.h>
#pragma push_macro("OSSL_DEPRECATEDIN_3_0")
#undef OSSL_DEPRECATEDIN_3_0
#define OSSL_DEPRECATEDIN_3_0
#include <openssl/sha.h>
#pragma pop_macro("OSSL_DEPRECATEDIN_3_0")

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#endif
