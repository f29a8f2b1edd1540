internal import COpenSSL

extension CryptographyError {
    /// An error with what libcrypto says about it. Empties the error queue of this thread.
    init(taking code: Code, _ reason: String) {
        self.init(code, reason, libcryptoErrors: LibraryErrors.take())
    }
}

/// The error queue of libcrypto. Every thread has its own, and what one call leaves there would be taken for the error of
/// another: so whoever sees a call fail empties it.
enum LibraryErrors {
    /// > ERR_get_error() returns the earliest error code from the thread's error queue and removes the entry.
    static func take() -> [String] {
        var texts: [String] = []
        while true {
            let code = ERR_get_error()
            if code == 0 { return texts }
            // > If there is no text string registered for the given error code, the error string will contain the
            // > numeric code.
            //
            // The data that may go with an error is left out: it can quote what was read.
            var buffer = [CChar](repeating: 0, count: 256)
            ERR_error_string_n(code, &buffer, buffer.count)
            texts.append(String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
        }
    }

    static func clear() { ERR_clear_error() }
}
