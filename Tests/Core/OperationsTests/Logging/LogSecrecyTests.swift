import Linux
import Operations
import Testing

private let marker = "hunter2"

@Suite struct LogSecrecyTests {
    @Test(arguments: [
        "password", "new_password", "password_hash", "passwords", "passphrase", "secret", "client_secret", "token",
        "refresh_token", "token_hash", "reset_tokens", "authorization", "proxy_authorization", "cookie", "set_cookie",
        "Set-Cookie", "api_key", "x_api_key", "API_KEY", "apiKey", "accessToken", "private_key", "signing_key", "jwt",
        "recovery_code", "otp", "password2", "Password", "_token_", "user.password", "token type",
    ])
    func `a key named like a secret is masked whatever it holds`(key: String) {
        for format in LogFormat.allCases {
            let sink = CollectingLogSink()
            let logger = Logger(format: format, sink: sink)
            logger.info("m", [key: .string(marker)])
            logger.with(key, .string(marker)).info("m")
            logger.info("m", [key: 987_654])
            #expect(sink.lines.count == 3)
            #expect(!sink.contains(marker))
            #expect(!sink.contains("987654"))
            #expect(sink.lines.allSatisfy { $0.contains("****") })
        }
    }

    @Test(arguments: [
        "token_type", "password_scheme", "tokenizer", "secretary", "cache_key", "key", "code", "status_code",
        "passport",
        "compass", "keypasswords1x", "api", "key_api", "request_id", "user", "secretariat_name",
    ])
    func `other keys are shown`(key: String) {
        let sink = CollectingLogSink()
        Logger(sink: sink).info("m", [key: .string(marker)])
        #expect(sink.contains("\(key)=\(marker)"))
        #expect(!sink.contains("****"))
    }

    @Test func `a secret shows as its mask`() {
        let sink = CollectingLogSink()
        let secret = Secret(marker)
        Logger(sink: sink).info(
            "with \(secret)",
            ["a": .masked, "b": .string("\(secret)"), "c": .error(Wrapped(secret))]
        )
        #expect(sink.lines.count == 1)
        #expect(sink.contains("a=**** b=****"))
        #expect(!sink.contains(marker))
    }
}

private struct Wrapped: Error {
    let secret: Secret

    init(_ secret: Secret) { self.secret = secret }
}
