enum JWTSyntax {
    /// Stands between the three parts.
    static let dot = UInt8(ascii: ".")
}

extension String {
    /// > StringOrURI values are compared as case-sensitive strings with no transformations or canonicalizations applied.
    /// (RFC 7519 §2)
    ///
    /// Which is not what `==` does: it takes a letter with an accent and the two characters it can be made of for the same.
    func isExactly(_ other: String) -> Bool { utf8.elementsEqual(other.utf8) }
}
