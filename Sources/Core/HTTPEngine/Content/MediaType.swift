/// A media type with its parameters (RFC 9110 §8.3.1): `text/html; charset=utf-8`.
public struct MediaType: Hashable, Sendable {
    public struct Parameter: Hashable, Sendable {
        /// In lower case.
        public let name: String
        public let value: String
    }

    /// Type and subtype in lower case: `text/html`. What decides how content is read.
    public let essence: String
    public let parameters: [Parameter]

    /// Nil for what is not a media type, an unclosed quotation or a parameter without a value among them.
    public init?(_ text: some StringProtocol) {
        var reader = FieldReader(text)
        reader.skipWhitespace()
        guard let type = reader.token(), reader.skip("/"), let subtype = reader.token() else { return nil }
        var parameters: [Parameter] = []
        reader.skipWhitespace()
        while reader.skip(";") {
            reader.skipWhitespace()
            // RFC 9110 §5.6.6 allows nothing between two semicolons, but no space around the equals sign.
            guard let name = reader.token() else { continue }
            guard reader.skip("="), let value = reader.quotedString() ?? reader.token() else { return nil }
            parameters.append(Parameter(name: name.asciiLowercased, value: value))
            reader.skipWhitespace()
        }
        guard reader.isAtEnd else { return nil }
        self.init(essence: "\(type)/\(subtype)".asciiLowercased, parameters: parameters)
    }

    private init(essence: String, parameters: [Parameter] = []) {
        self.essence = essence
        self.parameters = parameters
    }

    /// The first value of a parameter. Names compare without case.
    public subscript(parameter name: String) -> String? {
        let name = name.asciiLowercased
        return parameters.first { $0.name == name }?.value
    }

    /// In lower case: names of charsets have no case.
    public var charset: String? { self[parameter: "charset"]?.asciiLowercased }

    /// Whether it is the same type of content, whatever the parameters.
    public func isSameEssence(as other: MediaType) -> Bool { essence == other.essence }
}

extension MediaType {
    public static let json = MediaType(essence: "application/json")
    public static let form = MediaType(essence: "application/x-www-form-urlencoded")
    public static let html = MediaType.text("html")
    public static let plainText = MediaType.text("plain")
    public static let bytes = MediaType(essence: "application/octet-stream")

    private static func text(_ subtype: String) -> MediaType {
        MediaType(essence: "text/\(subtype)", parameters: [Parameter(name: "charset", value: "utf-8")])
    }

    /// The type of a file by the end of its name; `bytes` for one that is not known, which browsers only download.
    public static func ofFile(named name: some StringProtocol) -> MediaType {
        guard let dot = name.lastIndex(of: ".") else { return .bytes }
        return byExtension[name[name.index(after: dot)...].asciiLowercased] ?? .bytes
    }

    private static let byExtension: [String: MediaType] = [
        "avif": MediaType(essence: "image/avif"),
        "css": .text("css"),
        "gif": MediaType(essence: "image/gif"),
        "htm": .html,
        "html": .html,
        "ico": MediaType(essence: "image/x-icon"),
        "jpeg": MediaType(essence: "image/jpeg"),
        "jpg": MediaType(essence: "image/jpeg"),
        "js": .text("javascript"),
        "json": .json,
        "map": .json,
        "mjs": .text("javascript"),
        "pdf": MediaType(essence: "application/pdf"),
        "png": MediaType(essence: "image/png"),
        "svg": MediaType(essence: "image/svg+xml"),
        "txt": .plainText,
        "wasm": MediaType(essence: "application/wasm"),
        "webmanifest": MediaType(essence: "application/manifest+json"),
        "webp": MediaType(essence: "image/webp"),
        "woff2": MediaType(essence: "font/woff2"),
        "xml": MediaType(essence: "application/xml"),
    ]
}

extension MediaType: CustomStringConvertible {
    /// As a field has it. Values that are not tokens are quoted.
    public var description: String {
        parameters.reduce(into: essence) { text, parameter in
            let value = parameter.value
            if !value.isEmpty, value.utf8.allSatisfy(ASCII.isToken) {
                text += "; \(parameter.name)=\(value)"
            } else {
                let escaped = value.flatMap { $0 == "\"" || $0 == "\\" ? ["\\", $0] : [$0] }
                text += "; \(parameter.name)=\"\(String(escaped))\""
            }
        }
    }
}
