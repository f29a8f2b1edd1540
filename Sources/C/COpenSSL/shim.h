// OpenSSL 3, libcrypto only. Declarations: no code lives here.
#ifndef GATEHOUSE_COPENSSL_SHIM_H
#define GATEHOUSE_COPENSSL_SHIM_H

#include <openssl/evp.h>

#endif
