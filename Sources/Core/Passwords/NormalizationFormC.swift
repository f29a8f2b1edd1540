// The standard library normalizes for `==` and hashing, and lends that work only under this name: the alternative is a
// second copy of Unicode's tables. The tests hold it to the forms of Unicode Standard Annex 15, so a toolchain that
// took it away or changed it would not pass unseen.
@_spi(_Unicode) internal import Swift

extension String {
    /// Unicode Normalization Form C: what looks the same and means the same has the same scalars, whichever keyboard it
    /// was typed on.
    public var normalizedToFormC: String {
        // ASCII is the same in every form.
        if utf8.allSatisfy({ $0 < 0x80 }) { return self }
        var result = ""
        result.reserveCapacity(utf8.count)
        for scalar in _nfc { result.unicodeScalars.append(scalar) }
        return result
    }
}
