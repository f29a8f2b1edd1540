/// The text of a template, with the name that others include it by.
public struct TemplateSource: Equatable, Sendable {
    public let name: String
    /// What messages call it.
    public let file: String
    let bytes: [UInt8]

    public init(name: String, file: String? = nil, _ bytes: [UInt8]) {
        self.name = name
        self.file = file ?? name
        self.bytes = bytes
    }

    public init(name: String, _ text: String) { self.init(name: name, [UInt8](text.utf8)) }

    /// Where a byte stands, for people: both numbers count from 1, columns count characters (Unicode scalars).
    func place(of offset: Int) -> TemplatePlace {
        let before = bytes[..<min(offset, bytes.count)]
        let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        let isContinuation = { (byte: UInt8) in byte & 0xC0 == 0x80 }
        return TemplatePlace(
            file: file,
            line: before.count { $0 == UInt8(ascii: "\n") } + 1,
            column: before[lineStart...].count { !isContinuation($0) } + 1
        )
    }
}

/// A place in a template.
public struct TemplatePlace: Hashable, Sendable, CustomStringConvertible {
    public let file: String
    public let line: Int
    public let column: Int

    public var description: String { "\(file):\(line):\(column)" }
}
