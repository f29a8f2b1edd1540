/// An address on this site: where somebody may be led after a sign-in. Whatever a browser could take for another site is
/// none.
struct LocalPath: Equatable, Sendable {
    let text: String

    private static let longest = 2_000

    /// Browsers read a backslash as a slash and drop tabs and line breaks, so `/\host` and `/<tab>/host` are addresses of
    /// other sites. What is left is a slash, something else than a second one, and visible ASCII: all that is not is
    /// percent-encoded in a true address.
    init?(_ text: String) {
        let bytes = text.utf8
        guard bytes.first == UInt8(ascii: "/"), bytes.dropFirst().first != UInt8(ascii: "/"),
            bytes.count <= LocalPath.longest,
            bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") })
        else { return nil }
        self.text = text
    }

    /// What stands in an address behind its origin; nil for one of another origin.
    init?(_ address: String, in origins: [String]) {
        guard let origin = origins.first(where: { address.hasPrefix($0 + "/") }) else { return nil }
        let rest = address.utf8.dropFirst(origin.utf8.count)
        self.init(String(decoding: rest.prefix { $0 != UInt8(ascii: "#") }, as: UTF8.self))
    }
}
