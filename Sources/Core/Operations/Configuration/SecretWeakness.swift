/// Why a secret of sufficient length is none.
public enum SecretWeakness: CustomStringConvertible, Sendable {
    /// `aaaa…`, `0101…`: 32 random hexadecimal digits have so few different ones not once in ten million.
    case fewCharacters
    /// It stands in documentation, tutorials or templates: whoever signs tokens for a living tries it first.
    case wellKnown
    /// Few enough to be tried one after the other.
    case short

    private static let fewestCharacters = 8

    /// Of a password in the settings, in bytes.
    public static let shortestPassword = 12

    /// `shortest` is in bytes.
    public init?(of secret: Secret, shortest: Int = 0) {
        let text = secret.reveal()
        let folded = String(decoding: text.utf8.filter { !SecretWeakness.separators.contains($0) }, as: UTF8.self)
            .lowercased()
        if SecretWeakness.published.contains(folded) || SecretWeakness.phrases.contains(where: folded.contains) {
            self = .wellKnown
        } else if Set(text.utf8).count < SecretWeakness.fewestCharacters {
            self = .fewCharacters
        } else if text.utf8.count < shortest {
            self = .short
        } else {
            return nil
        }
    }

    public var description: String {
        switch self {
        case .fewCharacters: "holds too few different characters to be random"
        case .wellKnown: "is one of the examples that everybody knows"
        case .short: "is too short"
        }
    }

    private static let separators = Set("-_ .:".utf8)

    /// What examples are made of, without separators and in lower case. No random secret holds one by chance.
    private static let phrases = [
        "changeme", "changethis", "changeit", "changein", "replaceme", "replacethis", "yoursecret", "yourjwt",
        "your256bit",
        "mysecret", "supersecret", "topsecret", "verysecret", "jwtsecret", "secretkey", "secretjwt", "insecure",
        "placeholder", "example", "atleast32", "atleast256", "atleast512", "donotuse", "password", "1234567890",
        "abcdefghijkl", "qwertyuiop", "yellowsubmarine", "stringsecret", "thisisa", "developmentonly",
    ]

    /// Examples that look random, in the same form.
    private static let published: Set<String> = [
        // RFC 7515 appendix A.1.
        "aym1sysppbydfgzld3umj1qzkobwvmkoqqestjqlrt1qs0gzh75aktmn3yj0ips4hcguutwjazzr1z9caow",
        // Tutorials for FastAPI and Spring.
        "09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7",
        "404e635266556a586e3272357538782f413f4428472b4b6250645367566b5970",
        "3cfa76ef14937c1c0ea519f8fc057a80fcd04a7420f8e8bcd0a7567c272e007b",
        "0123456789abcdef0123456789abcdef", "00112233445566778899aabbccddeeff",
        "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
    ]
}
