public import Linux

/// Times as databases keep them.
extension WallTime {
    public init(microseconds: Int64) {
        let (quotient, remainder) = microseconds.quotientAndRemainder(dividingBy: 1_000_000)
        let isShort = remainder < 0
        self.init(
            seconds: isShort ? quotient - 1 : quotient,
            nanosecondPart: Int32(isShort ? remainder + 1_000_000 : remainder) * 1_000
        )
    }

    /// Since 1970, cut to the microsecond.
    public var microseconds: Int64 { seconds * 1_000_000 + Int64(nanosecondPart / 1_000) }
}
