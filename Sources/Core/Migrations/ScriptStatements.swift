/// Takes a script for Postgres apart into its statements, as psql does: at semicolons that stand outside of quotes,
/// dollar quotes, identifiers and comments.
///
/// For scripts of ours; a quote that is never closed runs to the end, where Postgres refuses it.
struct ScriptStatements {
    private let characters: [Character]
    private var position = 0
    private var statement = ""
    private(set) var statements: [String] = []

    init(_ script: String) {
        characters = Array(script)
        while position < characters.count { step() }
        finish()
    }

    private mutating func step() {
        switch characters[position] {
        case ";":
            position += 1
            finish()
        case "'", "\"":
            copyQuoted(by: characters[position])
        case "-" where follows("--"):
            while position < characters.count, !characters[position].isNewline { position += 1 }
        case "/" where follows("/*"):
            skipComment()
        case "$":
            copyDollarQuoted()
        default:
            copy(1)
        }
    }

    /// A doubled quote within is read as two strings in a row, which comes to the same.
    private mutating func copyQuoted(by quote: Character) {
        copy(1)
        while position < characters.count, characters[position] != quote { copy(1) }
        copy(1)
    }

    /// `$$ … $$` or `$tag$ … $tag$`. A `$` that begins neither is copied as it is: `$1`.
    private mutating func copyDollarQuoted() {
        let rest = characters[(position + 1)...]
        let tag = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
        guard rest.dropFirst(tag.count).first == "$", tag.first?.isNumber != true else { return copy(1) }
        let mark = "$" + String(tag) + "$"
        copy(mark.count)
        while position < characters.count, !follows(mark) { copy(1) }
        copy(mark.count)
    }

    /// Comments nest, which the SQL standard says and C does not.
    private mutating func skipComment() {
        var depth = 0
        repeat {
            if follows("/*") {
                depth += 1
                position += 2
            } else if follows("*/") {
                depth -= 1
                position += 2
            } else {
                position += 1
            }
        } while depth > 0 && position < characters.count
    }

    private func follows(_ text: String) -> Bool { characters[position...].starts(with: text) }

    private mutating func copy(_ count: Int) {
        let end = min(position + count, characters.count)
        statement += String(characters[position..<end])
        position = end
    }

    private mutating func finish() {
        let words = statement.drop { $0.isWhitespace }
        if !words.isEmpty { statements.append(String(words)) }
        statement = ""
    }
}
