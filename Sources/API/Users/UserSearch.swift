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

/// By trigrams: `pg_trgm`. For each of a pattern it walks along a list that grows with the table, so it is asked for as few as
/// hold every letter, three by three in their order, and those who have them are looked at for the text itself.
struct PostgresUserSearch: UserSearch {
    func condition(for text: String) -> SQL {
        guard text.unicodeScalars.count >= trigramLength else { return beginning(with: text) }
        let text = text.lowercased()
        return """
            lower(username) || ' ' || lower(email) LIKE \(PostgresUserSearch.pattern(of: text))
            AND strpos(lower(username) || ' ' || lower(email), \(text)) > 0
            """
    }

    /// `%abc%defgh%` for "abcdefgh": what is left in the end would be no trigram by itself.
    private static func pattern(of text: String) -> String {
        let scalars = Array(text.unicodeScalars)
        let lastStart = (scalars.count / trigramLength - 1) * trigramLength
        var pattern = String.UnicodeScalarView()
        for (index, scalar) in scalars.enumerated() {
            if index.isMultiple(of: trigramLength), index <= lastStart { pattern.append("%") }
            // What LIKE takes literally.
            if scalar == "%" || scalar == "_" || scalar == "\\" { pattern.append("\\") }
            pattern.append(scalar)
        }
        return String(pattern) + "%"
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
