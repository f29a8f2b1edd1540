internal import COpenSSL

/// Owns an EVP_MD_CTX, for one signature.
struct DigestContext: ~Copyable {
    let pointer: OpaquePointer

    init() {
        guard let pointer = EVP_MD_CTX_new() else { preconditionFailure("no memory for a signature") }
        self.pointer = pointer
    }

    deinit { EVP_MD_CTX_free(pointer) }
}
