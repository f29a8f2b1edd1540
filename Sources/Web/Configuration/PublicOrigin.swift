/// Where people reach the pages: a scheme and an authority, as browsers write origins.
public struct PublicOrigin: Equatable, Sendable {
    public let text: String
    public let isSecure: Bool

    /// A slash at the end is let through; a path is not, because the pages stand at the root.
    public init?(_ text: String) {
        var lowered = text.lowercased()
        if lowered.hasSuffix("/") { lowered.removeLast() }
        let scheme = ["https://", "http://"].first { lowered.hasPrefix($0) }
        guard let scheme, lowered.utf8.count > scheme.utf8.count else { return nil }
        let authority = lowered.utf8.dropFirst(scheme.utf8.count)
        guard authority.allSatisfy({ $0 > 0x20 && $0 < 0x7F && !"/?#@\\\"<>".utf8.contains($0) }) else { return nil }
        // Browsers leave the usual port out.
        let usual = scheme == "https://" ? ":443" : ":80"
        self.text = lowered.hasSuffix(usual) ? String(lowered.dropLast(usual.count)) : lowered
        isSecure = scheme == "https://"
    }
}
