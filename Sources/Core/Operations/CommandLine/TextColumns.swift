/// Lines up two columns for reading in a terminal.
enum TextColumns {
    /// Each row as one indented line, the right column starting below itself.
    static func lines(_ rows: [(left: String, right: String)]) -> String {
        let width = rows.map { TextColumns.width($0.left) }.max() ?? 0
        return rows.map { "  \(padded($0.left, to: width))  \($0.right)\n" }.joined()
    }

    static func padded(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - TextColumns.width(text)))
    }

    /// In characters. East Asian ones take two places; they only shift their own line.
    static func width(_ text: String) -> Int { text.count }
}
