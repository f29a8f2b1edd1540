internal import Database
internal import Linux

/// The users in the database. Each method is one statement.
struct UserRepository {
    let executor: any QueryExecutor

    private static let columns: SQL = """
        id, username, email, is_admin, is_active, email_verified, created_at, updated_at, last_login_at, valid_after
        """

    func add(_ user: User, passwordHash: String) async throws(DatabaseError) {
        _ = try await executor.query(
            """
            INSERT INTO users (id, username, email, password_hash, is_admin, is_active, email_verified, created_at,
                updated_at, password_changed_at, valid_after)
            VALUES (\(user.id), \(user.username), \(user.email), \(passwordHash), \(user.isAdmin), \(user.isActive),
                \(user.isEmailVerified), \(user.createdAt), \(user.updatedAt), \(user.createdAt), \(user.validAfter))
            """
        )
    }

    /// - Parameter lock: in a transaction, by `DatabaseDialect.clause`.
    func user(_ id: UUID, _ lock: SQL = "") async throws(DatabaseError) -> User? {
        try await first(
            "SELECT \(UserRepository.columns) FROM users WHERE id = \(id) AND deleted_at IS NULL\(lock)"
        )
    }

    /// One of whom the row is left.
    func deletedUser(_ id: UUID) async throws(DatabaseError) -> User? {
        try await first("SELECT \(UserRepository.columns) FROM users WHERE id = \(id) AND deleted_at IS NOT NULL")
    }

    /// Whose session that is.
    func user(ofSession session: UUID, _ lock: SQL) async throws(DatabaseError) -> User? {
        try await first(
            """
            SELECT \(UserRepository.columns) FROM users
            WHERE id = (SELECT user_id FROM sessions WHERE id = \(session)) AND deleted_at IS NULL\(lock)
            """
        )
    }

    func credentials(_ id: UUID) async throws(DatabaseError) -> Credentials? {
        try await credentials(where: "id = \(id)")
    }

    func credentials(username: String) async throws(DatabaseError) -> Credentials? {
        try await credentials(where: "lower(username) = \(username.lowercased())")
    }

    func credentials(email: String) async throws(DatabaseError) -> Credentials? {
        try await credentials(where: "lower(email) = \(email.lowercased())")
    }

    /// The user after the changes; nil when there is none.
    func change(_ id: UUID, _ changes: UserChanges, at time: WallTime) async throws(DatabaseError) -> User? {
        var assignments: [SQL] = ["updated_at = \(time)"]
        if let username = changes.username { assignments.append("username = \(username)") }
        if let email = changes.email { assignments.append("email = \(email)") }
        if let isAdmin = changes.isAdmin { assignments.append("is_admin = \(isAdmin)") }
        if let isActive = changes.isActive { assignments.append("is_active = \(isActive)") }
        if let isEmailVerified = changes.isEmailVerified { assignments.append("email_verified = \(isEmailVerified)") }
        if let hash = changes.passwordHash {
            assignments.append("password_hash = \(hash), password_changed_at = \(time)")
        }
        if let validAfter = changes.validAfter { assignments.append("valid_after = \(validAfter)") }
        return try await first(
            """
            UPDATE users SET \(SQL.joined(assignments, by: ", ")) WHERE id = \(id) AND deleted_at IS NULL
            RETURNING \(UserRepository.columns)
            """
        )
    }

    func hasAdministrator() async throws(DatabaseError) -> Bool {
        try await !executor.query("SELECT 1 AS one FROM users WHERE is_admin AND deleted_at IS NULL LIMIT 1").isEmpty
    }

    /// Notes a login, unless the user was put out or got another password since that was checked: then nil. Holds the row, so
    /// that what ends sessions of the user comes before all of this login, or after.
    func admit(_ id: UUID, passwordHash: String, at time: WallTime) async throws(DatabaseError) -> User? {
        try await first(
            """
            UPDATE users SET last_login_at = \(time)
            WHERE id = \(id) AND password_hash = \(passwordHash) AND is_active AND deleted_at IS NULL
            RETURNING \(UserRepository.columns)
            """
        )
    }

    /// Another password, unless that was done since the present one was checked: then false. Holds the row like `admit`.
    func replaceHash(
        _ id: UUID,
        _ old: String,
        with new: String,
        at time: WallTime
    ) async throws(DatabaseError) -> Bool {
        try await first(
            """
            UPDATE users SET password_hash = \(new), password_changed_at = \(time), updated_at = \(time)
            WHERE id = \(id) AND password_hash = \(old) AND is_active AND deleted_at IS NULL
            RETURNING \(UserRepository.columns)
            """
        ) != nil
    }

    /// A better hash of the same password, unless the password was changed meanwhile.
    func upgradeHash(_ id: UUID, from old: String, to new: String) async throws(DatabaseError) {
        _ = try await executor.query(
            "UPDATE users SET password_hash = \(new) WHERE id = \(id) AND password_hash = \(old)"
        )
    }

    /// The row stays for the audit; its names are free again. False when there is no such user.
    func deleteSoftly(_ id: UUID, at time: WallTime) async throws(DatabaseError) -> Bool {
        try await executor.query(
            """
            UPDATE users SET deleted_at = \(time), updated_at = \(time), valid_after = \(time), is_active = \(false),
                is_admin = \(false)
            WHERE id = \(id) AND deleted_at IS NULL
            """
        ).changedCount > 0
    }

    func delete(_ id: UUID) async throws(DatabaseError) -> Bool {
        try await executor.query("DELETE FROM users WHERE id = \(id)").changedCount > 0
    }

    private func credentials(where condition: SQL) async throws(DatabaseError) -> Credentials? {
        let result = try await executor.query(
            """
            SELECT \(UserRepository.columns), password_hash FROM users WHERE \(condition) AND deleted_at IS NULL
            """
        )
        guard let row = result.first else { return nil }
        var reader = row.reader
        return Credentials(user: try User(&reader), passwordHash: try reader.next())
    }

    private func first(_ statement: SQL) async throws(DatabaseError) -> User? {
        guard let row = try await executor.query(statement).first else { return nil }
        var reader = row.reader
        return try User(&reader)
    }
}

// MARK: - Lists

extension UserRepository {
    /// Up to there rows are read on the way. Farther on it costs less to walk along the index alone, and to look at the rows of
    /// the page afterwards.
    private static let directOffsetLimit = 1_000

    /// One page, in order. Without a search every row has the total beside it: one statement answers both.
    func page(
        _ query: UserQuery,
        search: any UserSearch
    ) async throws(DatabaseError) -> (users: [User], total: Int?) {
        let condition = query.condition(search)
        let window: SQL = "ORDER BY \(query.order) \(.limit(query.limit, offset: query.offset))"
        let selection: SQL =
            query.offset <= UserRepository.directOffsetLimit
            ? "\(condition) \(window)"
            : "id IN (SELECT id FROM users WHERE \(condition) \(window)) ORDER BY \(query.order)"
        var statement: SQL = "SELECT \(UserRepository.columns), \(query.total) AS total FROM users WHERE \(selection)"
        statement.isPlannedAnew = query.isSearch
        var page: (users: [User], total: Int?) = ([], nil)
        for row in try await executor.query(statement) {
            var reader = row.reader
            page.users.append(try User(&reader))
            page.total = try reader.nextIfPresent()
        }
        return page
    }

    /// How many there are, without a search.
    func counts() async throws(DatabaseError) -> UserCounts {
        let result = try await executor.query(
            """
            SELECT is_active, is_admin, CAST(sum(count) AS bigint) AS count FROM user_counts GROUP BY is_active, is_admin
            """
        )
        var counts = UserCounts()
        for row in result {
            var reader = row.reader
            let (isActive, isAdmin) = (try reader.next(as: Bool.self), try reader.next(as: Bool.self))
            let count = try reader.next(as: Int.self)
            counts[isActive: isActive, isAdmin: isAdmin] = count
        }
        return counts
    }

    /// How many a query finds; of a search no more than the limit are counted.
    func count(_ query: UserQuery, search: any UserSearch, upTo limit: Int) async throws(DatabaseError) -> Int {
        var statement: SQL = "SELECT \(query.total) AS count"
        if query.isSearch {
            statement = """
                SELECT count(*) AS count FROM
                    (SELECT 1 AS one FROM users WHERE \(query.condition(search)) LIMIT \(number: limit)) AS found
                """
            statement.isPlannedAnew = true
        }
        guard let row = try await executor.query(statement).first else { return 0 }
        var reader = row.reader
        return try reader.nextIfPresent() ?? 0
    }
}

extension User {
    fileprivate init(_ reader: inout RowReader) throws(DatabaseError) {
        id = try reader.next()
        username = try reader.next()
        email = try reader.next()
        isAdmin = try reader.next()
        isActive = try reader.next()
        isEmailVerified = try reader.next()
        createdAt = try reader.next()
        updatedAt = try reader.next()
        lastLoginAt = try reader.nextIfPresent()
        validAfter = try reader.next()
    }
}
