/// The marks that a tag stands between.
struct Delimiters: Sendable {
    static let standard = Delimiters(open: [UInt8]("{{".utf8), close: [UInt8]("}}".utf8))

    /// More is no mark, and would make looking for it slow.
    private static let longest = 32

    let open: [UInt8]
    let close: [UInt8]

    private init(open: [UInt8], close: [UInt8]) {
        self.open = open
        self.close = close
    }

    /// Reads the content of a set-delimiter tag: two marks with white space between them. nil for anything else.
    init?(parsing content: ArraySlice<UInt8>) {
        let marks = content.split(whereSeparator: \.isTagSpace)
        guard marks.count == 2, marks.allSatisfy({ $0.count <= Delimiters.longest && !$0.contains(UInt8(ascii: "=")) })
        else { return nil }
        open = Array(marks[0])
        close = Array(marks[1])
    }
}

extension UInt8 {
    static let newline = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")

    /// White space within a line.
    var isBlank: Bool { self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") }

    /// White space within a tag, which may have several lines.
    var isTagSpace: Bool { isBlank || self == .newline || self == .carriageReturn }
}
