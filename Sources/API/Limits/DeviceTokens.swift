internal import Cryptography
internal import Database
internal import Linux

/// What a device is given when it signs in, to be known by the next time it signs in to the same account. It proves no
/// more than that: nobody gets in with it.
///
/// Nothing is stored, so that nobody can fill a store by signing in. A token is the name of a device and the time of its
/// last sign-in, with a code that only we can make, in base64url.
struct DeviceTokens: Sendable {
    /// From one sign-in to the next.
    static let life = Duration.seconds(90 * 86_400)
    private static let nameLength = 16
    private static let contentLength = nameLength + 8
    static let textLength = Base64URL.encodedCount(contentLength + AuthenticationCode.length)

    private let key: HMACSHA256

    init(key: HMACSHA256) { self.key = key }

    func makeName() -> [UInt8] { SecureRandom().bytes(count: DeviceTokens.nameLength) }

    func text(for name: [UInt8], of account: LoginAccount, at time: WallTime) -> String {
        precondition(name.count == DeviceTokens.nameLength, "a name comes from here")
        let microseconds = UInt64(bitPattern: time.microseconds)
        let content = name + (0..<8).map { UInt8(truncatingIfNeeded: microseconds >> UInt64(56 - 8 * $0)) }
        return Base64URL.encode((content + code(content, account).bytes).span)
    }

    /// The name of the device; nil for everything that `text` did not write for this account, or long ago.
    func name(in text: String, of account: LoginAccount, at now: WallTime) -> [UInt8]? {
        guard text.utf8.count == DeviceTokens.textLength, let bytes = Base64URL.decode(text.utf8Span.span) else {
            return nil
        }
        let content = Array(bytes.prefix(DeviceTokens.contentLength))
        let given = Array(bytes.dropFirst(DeviceTokens.contentLength))
        guard ConstantTime.areEqual(code(content, account).storage.span, given.span) else { return nil }
        let time = content.dropFirst(DeviceTokens.nameLength).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let lastSignIn = WallTime(microseconds: Int64(bitPattern: time))
        return now < lastSignIn + DeviceTokens.life ? Array(content.prefix(DeviceTokens.nameLength)) : nil
    }

    private func code(_ content: [UInt8], _ account: LoginAccount) -> AuthenticationCode {
        key.authenticationCode(for: (content + Array(account.key.utf8)).span)
    }
}
