/// Reads the two halves of an address, one after the other.
///
/// ```
/// Mailbox       = Local-part "@" Domain
/// Local-part    = Dot-string / Quoted-string
/// Dot-string    = Atom *("." Atom)
/// Quoted-string = DQUOTE *(qtextSMTP / "\" %d32-126) DQUOTE
/// Domain        = sub-domain *("." sub-domain)
/// ```
struct EmailAddressReader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    /// What stands before the @, and steps over that. Quoted without need, it comes without the quotes: the two spellings
    /// are one mailbox.
    mutating func readLocalPart() throws(EmailAddressProblem) -> [UInt8] {
        let content = current == UInt8(ascii: "\"") ? try readQuoted() : try readUnquoted()
        // The limit is for what is on the wire, quotes included.
        if position > EmailAddress.longestLocalPart { throw .localPartTooLong }
        position += 1
        return isDotString(content) ? content : quoted(content)
    }

    /// The rest, in lower case.
    mutating func readDomain() throws(EmailAddressProblem) -> [UInt8] {
        let domain = bytes[position...].map { $0.isUpperCaseLetter ? $0 | 0x20 : $0 }
        position = bytes.count
        if domain.isEmpty { throw .domainEmpty }
        if domain.first == UInt8(ascii: "[") { throw .addressLiteral }
        let labels = domain.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        for label in labels {
            if label.isEmpty { throw .domainDots }
            if label.contains(where: { $0 >= 0x80 }) { throw .notASCII }
            if !label.allSatisfy({ $0.isLetterOrDigit || $0 == UInt8(ascii: "-") }) { throw .domainCharacter }
            if label.first == UInt8(ascii: "-") || label.last == UInt8(ascii: "-") { throw .domainHyphens }
            if label.count > EmailAddress.longestLabel { throw .domainLabelTooLong }
        }
        if labels.count < 2 || labels.last?.allSatisfy(\.isDigit) == true { throw .domainNotQualified }
        return domain
    }

    private mutating func readUnquoted() throws(EmailAddressProblem) -> [UInt8] {
        guard let end = bytes.firstIndex(of: UInt8(ascii: "@")) else { throw .atSignMissing }
        let content = Array(bytes[..<end])
        if content.isEmpty { throw .localPartEmpty }
        if content.contains(where: { $0 >= 0x80 }) { throw .notASCII }
        if !content.allSatisfy({ $0.isAtomText || $0 == UInt8(ascii: ".") }) { throw .localPartCharacter }
        if !isDotString(content) { throw .localPartDots }
        position = end
        return content
    }

    /// What the quotes enclose, without the backslashes.
    private mutating func readQuoted() throws(EmailAddressProblem) -> [UInt8] {
        var content: [UInt8] = []
        position += 1
        while let byte = current, byte != UInt8(ascii: "\"") {
            if byte == UInt8(ascii: "\\") { position += 1 }
            guard let byte = current else { throw .quoteNotClosed }
            if byte >= 0x80 { throw .notASCII }
            if !(0x20...0x7E).contains(byte) { throw .localPartCharacter }
            content.append(byte)
            position += 1
        }
        if current == nil { throw .quoteNotClosed }
        position += 1
        guard let next = current else { throw .atSignMissing }
        if next != UInt8(ascii: "@") { throw .localPartCharacter }
        if content.isEmpty { throw .localPartEmpty }
        return content
    }

    private func isDotString(_ content: [UInt8]) -> Bool {
        content.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
            .allSatisfy { !$0.isEmpty && $0.allSatisfy(\.isAtomText) }
    }

    private func quoted(_ content: [UInt8]) -> [UInt8] {
        let escaped = content.flatMap { byte in
            byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") ? [UInt8(ascii: "\\"), byte] : [byte]
        }
        return [UInt8(ascii: "\"")] + escaped + [UInt8(ascii: "\"")]
    }
}

extension UInt8 {
    fileprivate var isUpperCaseLetter: Bool { (0x41...0x5A).contains(self) }
    fileprivate var isDigit: Bool { (0x30...0x39).contains(self) }
    fileprivate var isLetterOrDigit: Bool { isUpperCaseLetter || (0x61...0x7A).contains(self) || isDigit }

    /// atext of RFC 5322.
    fileprivate var isAtomText: Bool { isLetterOrDigit || "!#$%&'*+-/=?^_`{|}~".utf8.contains(self) }
}
