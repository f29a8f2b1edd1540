internal import Database

/// How a database finds a part of a name among a million of them. Each has its own way.
protocol UserSearch: Sendable {
    /// What a row of `users` must fulfil for its username or e-mail address to hold the text, whatever its case.
    func condition(for text: String) -> SQL
}

/// By trigrams: `pg_trgm`.
struct PostgresUserSearch: UserSearch {
    func condition(for text: String) -> SQL {
        guard text.unicodeScalars.count >= trigramLength else { return beginning(with: text) }
        return "lower(username) || ' ' || lower(email) LIKE \("%" + PostgresUserSearch.escaped(text) + "%")"
    }

    /// What LIKE takes literally.
    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for character in text.lowercased() {
            if character == "%" || character == "_" || character == "\\" { escaped.append("\\") }
            escaped.append(character)
        }
        return escaped
    }
}

/// By trigrams: FTS5.
struct SQLiteUserSearch: UserSearch {
    func condition(for text: String) -> SQL {
        guard text.unicodeScalars.count >= trigramLength else { return beginning(with: text) }
        return "number IN (SELECT rowid FROM users_search WHERE users_search MATCH \(SQLiteUserSearch.phrase(text)))"
    }

    /// One string of FTS5's query language, in which nothing but a quote means anything.
    private static func phrase(_ text: String) -> String {
        "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}

private let trigramLength = 3

extension UserSearch {
    /// One or two characters stand in nearly every name: then only what begins with them is meant.
    fileprivate func beginning(with text: String) -> SQL {
        let start = text.lowercased()
        // Behind every name that begins so: names hold nothing above ASCII.
        let end = start + "\u{10FFFF}"
        return """
            (lower(username) >= \(start) AND lower(username) < \(end) \
            OR lower(email) >= \(start) AND lower(email) < \(end))
            """
    }
}
