internal import Database

/// How a database finds a part of a name among a million of them. Each has its own way.
protocol UserSearch: Sendable {
    /// What a row of `users` must fulfil for its username or e-mail address to hold the text, whatever its case.
    func condition(for text: String) -> SQL
}

extension DatabaseDialect {
    var userSearch: any UserSearch {
        switch self {
        case .postgres: PostgresUserSearch()
        case .sqlite: SQLiteUserSearch()
        }
    }
}

/// By trigrams: `pg_trgm`. By all of them: with those left out that share their letters with others it is twice as fast for a name,
/// and walks through everybody for one that is misspelt.
struct PostgresUserSearch: UserSearch {
    func condition(for text: String) -> SQL {
        guard text.unicodeScalars.count >= trigramLength else { return beginning(with: text) }
        return "lower(username) || ' ' || lower(email) LIKE \("%" + PostgresUserSearch.escaped(text) + "%")"
    }

    /// What LIKE takes literally.
    private static func escaped(_ text: String) -> String {
        var escaped = String.UnicodeScalarView()
        for scalar in text.lowercased().unicodeScalars {
            if scalar == "%" || scalar == "_" || scalar == "\\" { escaped.append("\\") }
            escaped.append(scalar)
        }
        return String(escaped)
    }
}

/// By trigrams: FTS5. It can not walk along another index while it looks, so it must find all before they are sorted: no more
/// than the first two thousand.
struct SQLiteUserSearch: UserSearch {
    func condition(for text: String) -> SQL {
        guard text.unicodeScalars.count >= trigramLength else { return beginning(with: text) }
        return """
            number IN (
                SELECT rowid FROM users_search WHERE users_search MATCH \(SQLiteUserSearch.phrase(text)) LIMIT 2000
            )
            """
    }

    /// One string of FTS5's query language, in which nothing but a quote means anything.
    private static func phrase(_ text: String) -> String {
        var phrase = String.UnicodeScalarView("\"".unicodeScalars)
        for scalar in text.unicodeScalars {
            if scalar == "\"" { phrase.append(scalar) }
            phrase.append(scalar)
        }
        return String(phrase) + "\""
    }
}

private let trigramLength = 3

extension UserSearch {
    /// One or two characters stand in nearly every name: then what begins with them is meant, up to a bound.
    fileprivate func beginning(with text: String) -> SQL {
        let start = text.lowercased()
        // Behind every name that begins so: names hold nothing above ASCII.
        let end = start + "\u{10FFFF}"
        return """
            id IN (
                SELECT id FROM (
                    SELECT id FROM users
                    WHERE lower(username) >= \(start) AND lower(username) < \(end) AND deleted_at IS NULL
                    ORDER BY lower(username), id LIMIT 200
                ) AS names
                UNION ALL
                SELECT id FROM (
                    SELECT id FROM users
                    WHERE lower(email) >= \(start) AND lower(email) < \(end) AND deleted_at IS NULL
                    ORDER BY lower(email), id LIMIT 200
                ) AS addresses
            )
            """
    }
}
