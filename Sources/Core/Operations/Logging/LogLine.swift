internal import Linux

/// One line of the log while it is being written: one growing array of bytes and nothing else, since access logs are
/// written on event loops.
///
/// The same type renders fields alone, for a logger that puts them into each of its lines.
struct LogLine {
    /// A line never gets longer. Fields that find no room are left out, and `truncated` says so.
    static let maximumLength = 65_536
    /// What one message or one value may take. The message can not crowd out the fields that say whose line it is.
    static let maximumTextLength = 16_384
    /// What the fields of a logger may take together, for the same reason.
    static let maximumFixedLength = 16_384
    /// Room behind the last text for its ellipsis, the word `truncated` and the end of the line.
    private static let reserve = 128
    /// Room that must be left for a field to be begun: a key, a number.
    private static let fieldReserve = 1_024

    let format: LogFormat
    var bytes: [UInt8] = []
    /// No text is written past this.
    private let ceiling: Int
    private var isTruncated = false

    init(format: LogFormat, capacity: Int, limit: Int = LogLine.maximumLength) {
        self.format = format
        ceiling = limit - LogLine.reserve
        bytes.reserveCapacity(capacity)
    }

    /// Where a text that begins here must end.
    var textCeiling: Int { min(bytes.count + LogLine.maximumTextLength, ceiling) }

    mutating func begin(time: WallTime, level: LogLevel, message: String) {
        let timestamp = time.rfc3339(milliseconds: true)
        switch format {
        case .text:
            bytes.append(contentsOf: timestamp.utf8)
            bytes.append(UInt8(ascii: " "))
            bytes.append(contentsOf: level.label.utf8)
            bytes.append(UInt8(ascii: " "))
            append(text: message, bareUpTo: .spaced)
        case .json:
            bytes.append(contentsOf: #"{"time":""#.utf8)
            bytes.append(contentsOf: timestamp.utf8)
            bytes.append(contentsOf: #"","level":""#.utf8)
            bytes.append(contentsOf: level.rawValue.utf8)
            bytes.append(contentsOf: #"","message":"#.utf8)
            append(text: message, bareUpTo: nil)
        }
    }

    /// Adds fields that another `LogLine` of the same format has rendered.
    mutating func append(rendered fields: [UInt8]) { bytes.append(contentsOf: fields) }

    mutating func append(_ fields: LogFields) {
        for (key, value) in fields.elements { append(key: key, value: value) }
    }

    mutating func append(key: String, value: LogValue) {
        guard bytes.count + LogLine.fieldReserve <= ceiling else {
            isTruncated = true
            return
        }
        append(key: key)
        append(value: SensitiveKey.matches(key) ? .masked : value)
    }

    mutating func finish() {
        if isTruncated { bytes.append(contentsOf: (format == .text ? " truncated=true" : #","truncated":true"#).utf8) }
        if format == .json { bytes.append(UInt8(ascii: "}")) }
        bytes.append(UInt8(ascii: "\n"))
    }

    private mutating func append(key: String) {
        switch format {
        case .text:
            bytes.append(UInt8(ascii: " "))
            append(text: key, bareUpTo: .bare)
            bytes.append(UInt8(ascii: "="))
        case .json:
            bytes.append(UInt8(ascii: ","))
            append(text: key, bareUpTo: nil)
            // A reader must find the real time, level and message, whatever fields are called.
            if key == "time" || key == "level" || key == "message" {
                bytes[bytes.count - 1] = UInt8(ascii: "_")
                bytes.append(UInt8(ascii: "\""))
            }
            bytes.append(UInt8(ascii: ":"))
        }
    }

    private mutating func append(value: LogValue) {
        switch value {
        case .string(let text): append(text: text, bareUpTo: format == .text ? .bare : nil)
        case .integer(let number): append(number)
        case .boolean(let isTrue): bytes.append(contentsOf: (isTrue ? "true" : "false").utf8)
        case .number(let number): append(number)
        case .duration(let duration): append(duration)
        case .masked: bytes.append(contentsOf: (format == .text ? "****" : #""****""#).utf8)
        }
    }
}
