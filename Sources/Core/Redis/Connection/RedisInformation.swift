/// The reply to INFO: lines of `name:value`.
struct RedisInformation {
    private let lines: [Substring]

    init(_ text: [UInt8]) { lines = String(decoding: text, as: UTF8.self).split(whereSeparator: \.isNewline) }

    subscript(name: String) -> String? {
        lines.first { $0.hasPrefix(name + ":") }.map { String($0.dropFirst(name.utf8.count + 1)) }
    }
}
