/// Bytes as text between two lines that name them (RFC 7468).
enum PEM {
    static func text(of content: [UInt8], label: String) -> String {
        let characters = Array(Base64.encode(content.span).utf8)
        var text = "-----BEGIN \(label)-----\n"
        for start in stride(from: 0, to: characters.count, by: 64) {
            text += String(decoding: characters[start..<min(start + 64, characters.count)], as: UTF8.self) + "\n"
        }
        return text + "-----END \(label)-----\n"
    }

    /// The content of a text that holds nothing else, white space at its ends aside.
    static func content(of text: String, label: String) -> [UInt8]? {
        var lines = text.split(whereSeparator: \.isNewline).map { $0.filter { $0 != " " && $0 != "\t" } }
        let words = label.filter { $0 != " " }
        guard lines.count > 2, lines.removeFirst() == "-----BEGIN\(words)-----",
            lines.removeLast() == "-----END\(words)-----"
        else { return nil }
        return Base64.decode(Array(lines.joined().utf8).span)
    }
}
