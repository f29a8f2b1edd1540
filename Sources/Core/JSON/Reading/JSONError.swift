/// Why bytes are not a JSON document, and where.
public struct JSONError: Error, Equatable, Sendable {
    public enum Code: Equatable, Sendable {
        /// Not a character more was there to read: what came is empty or cut off.
        case endsEarly
        case byteOrderMark
        case invalidUTF8
        case expectedValue
        case expectedName
        case expectedColon
        case expectedCommaOrBrace
        case expectedCommaOrBracket
        case malformedNumber
        /// A number that not even a Double can hold.
        case numberOutOfRange
        case malformedEscape
        /// One half of a surrogate pair: no character.
        case loneSurrogate
        /// A control character that is not escaped.
        case controlCharacter
        /// U+0000, where the limits refuse it.
        case nulCharacter
        /// Two members of one object have the same name: readers disagree about which one counts.
        case duplicateName
        case trailingBytes
        case tooDeep
        case tooManyValues
        case stringTooLong
        /// More combining marks behind each other than text has.
        case tooManyMarks
        /// A document, but not the object that was asked for.
        case notAnObject
    }

    public let code: Code
    /// How many bytes come before the place; the length of the document where it ends early.
    public let offset: Int

    public init(_ code: Code, at offset: Int) {
        self.code = code
        self.offset = offset
    }

    /// What is wrong, in words that quote nothing of the document: safe to show.
    public var message: String {
        switch code {
        case .endsEarly: "the document ends too early"
        case .byteOrderMark: "the document begins with a byte order mark"
        case .invalidUTF8: "the document is not valid UTF-8"
        case .expectedValue: "a value is expected"
        case .expectedName: "a member name in double quotes is expected"
        case .expectedColon: "a colon is expected"
        case .expectedCommaOrBrace: "a comma or a closing brace is expected"
        case .expectedCommaOrBracket: "a comma or a closing bracket is expected"
        case .malformedNumber: "a number is malformed"
        case .numberOutOfRange: "a number is out of range"
        case .malformedEscape: "an escape sequence is malformed"
        case .loneSurrogate: "an escape sequence is half of a surrogate pair"
        case .controlCharacter: "a string holds a control character that is not escaped"
        case .nulCharacter: "a string holds the character U+0000"
        case .duplicateName: "a member name is repeated"
        case .trailingBytes: "something follows the document"
        case .tooDeep: "the document is nested too deeply"
        case .tooManyValues: "the document holds too many values"
        case .stringTooLong: "a string is too long"
        case .tooManyMarks: "a string holds too many combining marks behind each other"
        case .notAnObject: "an object is expected"
        }
    }

    /// Line and column of the place, both from one: for people. A column is a character, and a line ends in a line feed.
    public func location(in document: Span<UInt8>) -> (line: Int, column: Int) {
        var line = 1
        var column = 1
        for index in 0..<min(offset, document.count) {
            switch document[index] {
            case JSONSyntax.lineFeed:
                line += 1
                column = 1
            case 0x80...0xBF: continue
            default: column += 1
            }
        }
        return (line, column)
    }
}

extension JSONError: CustomStringConvertible {
    public var description: String { "\(message) (at byte \(offset))" }
}
