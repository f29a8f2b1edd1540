enum JWTSyntax {
    /// Stands between the three parts.
    static let dot = UInt8(ascii: ".")
}
