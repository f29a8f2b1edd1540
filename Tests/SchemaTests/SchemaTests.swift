import Database
import Linux
import Migrations
import TestKit
import Testing

@Suite struct SchemaTests {
    private static let now = WallTime(seconds: 1_768_473_000)

    private static func identifier(_ number: UInt64) -> UUID {
        UUID(high: 0x0190_0000_0000_7000, low: 0x8000_0000_0000_0000 | number)
    }

    private static func addUser(
        _ executor: any QueryExecutor,
        _ number: UInt64,
        username: String,
        email: String? = nil,
        isAdmin: Bool = false
    ) async throws {
        _ = try await executor.query(
            """
            INSERT INTO users (id, username, email, password_hash, is_admin, created_at, updated_at,
                password_changed_at, valid_after)
            VALUES (\(identifier(number)), \(username), \(email ?? "\(username)@example.com"), \("hash"), \(isAdmin),
                \(now), \(now), \(now), \(now))
            """
        )
    }

    /// The constraint that a statement violated, and how.
    private static func violation(_ body: () async throws -> Void) async throws -> (DatabaseError.Code, String?) {
        do {
            try await body()
        } catch let error as DatabaseError {
            return (error.code, error.constraint)
        }
        Issue.record("nothing was violated")
        return (.other, nil)
    }

    @Test(arguments: TestDatabase.allCases)
    func `a second run of the migrations finds nothing to do`(_ kind: TestDatabase) async throws {
        let folder = try kind.migrations()
        try await kind.with { database, _ in
            let migrator = Migrator(database, folder)
            let before = try await migrator.plan()
            #expect(before.pending == folder.files)
            #expect(try await migrator.apply() == folder.files)
            #expect(try await migrator.apply().isEmpty)
            #expect(try await migrator.plan().isUpToDate)
        }
    }

    @Test(arguments: TestDatabase.allCases)
    func `of five who migrate at once each file is applied by one`(_ kind: TestDatabase) async throws {
        let folder = try kind.migrations()
        try await kind.with { first, open in
            var applied = 0
            var databases: [LoopBoundDatabase] = []
            for _ in 0..<5 { databases.append(try open()) }
            try await withThrowingTaskGroup(of: Int.self) { tasks in
                for database in databases {
                    tasks.addTask { try await database.run { try await Migrator($0, folder).apply().count } }
                }
                for try await count in tasks { applied += count }
            }
            #expect(applied == folder.files.count)
            let rows = try await first.query("SELECT count(*) AS n FROM schema_migrations")
            var reader = rows[0].reader
            let count = try reader.next(as: Int.self)
            #expect(count == folder.files.count)
        }
    }

    @Test(arguments: TestDatabase.allCases)
    func `a file that fails leaves nothing of itself`(_ kind: TestDatabase) async throws {
        let good = try #require(MigrationFile(fileName: "0902_good.sql", script: "CREATE TABLE good (a integer);"))
        let bad = try #require(
            MigrationFile(
                fileName: "0903_bad.sql",
                script: "CREATE TABLE half (a integer); CREATE TABLE half (a integer);"
            )
        )
        let folder = try MigrationFolder(files: kind.migrations().files + [good, bad])
        try await kind.with { database, _ in
            await #expect(throws: MigrationError.self) { try await Migrator(database, folder).apply() }
            let left = try await Migrator(database, folder).plan()
            #expect(left.pending == [bad])
            await #expect(throws: DatabaseError.self) { try await database.query("SELECT a FROM half") }
            #expect(try await database.query("SELECT a FROM good").isEmpty)
        }
    }

    @Test(arguments: TestDatabase.allCases)
    func `names are unique whatever their case, and free again after a deletion`(_ kind: TestDatabase) async throws {
        try await kind.withSchema { database in
            try await SchemaTests.addUser(database, 1, username: "ada", email: "ada@example.com")
            let username = try await SchemaTests.violation {
                try await SchemaTests.addUser(database, 2, username: "ADA", email: "other@example.com")
            }
            #expect(username == (.uniqueViolation, "users_username_key"))
            let email = try await SchemaTests.violation {
                try await SchemaTests.addUser(database, 2, username: "bob", email: "Ada@Example.com")
            }
            #expect(email == (.uniqueViolation, "users_email_key"))
            let one = SchemaTests.identifier(1)
            _ = try await database.query(
                "UPDATE users SET is_active = \(false), deleted_at = \(SchemaTests.now) WHERE id = \(one)"
            )
            try await SchemaTests.addUser(database, 2, username: "Ada", email: "ADA@example.com")
        }
    }

    @Test(arguments: TestDatabase.allCases)
    func `what must be true is held by the schema, by name`(_ kind: TestDatabase) async throws {
        try await kind.withSchema { database in
            try await SchemaTests.addUser(database, 1, username: "ada")
            let one = SchemaTests.identifier(1)
            let scenarios: [(SQL, DatabaseError.Code, String)] = [
                ("UPDATE users SET username = \("") WHERE id = \(one)", .checkViolation, "users_username_length"),
                (
                    "UPDATE users SET deleted_at = \(SchemaTests.now) WHERE id = \(one)", .checkViolation,
                    "users_deleted_is_inactive"
                ),
                (
                    """
                    INSERT INTO sessions (id, user_id, created_at, last_used_at, expires_at)
                    VALUES (\(one), \(one), \(SchemaTests.now), \(SchemaTests.now), \(SchemaTests.now))
                    """, .checkViolation, "sessions_expire_later"
                ),
                (
                    "INSERT INTO revocations (kind, subject, valid_after, expires_at) VALUES (\("x"), \(one), \(SchemaTests.now), \(SchemaTests.now))",
                    .checkViolation, "revocations_kind"
                ),
            ]
            for (statement, code, constraint) in scenarios {
                let found = try await SchemaTests.violation { _ = try await database.query(statement) }
                #expect(found == (code, constraint))
            }
            let orphan = try await SchemaTests.violation {
                let later = WallTime(seconds: SchemaTests.now.seconds + 10)
                _ = try await database.query(
                    """
                    INSERT INTO sessions (id, user_id, created_at, last_used_at, expires_at)
                    VALUES (\(one), \(SchemaTests.identifier(9)), \(SchemaTests.now), \(SchemaTests.now), \(later))
                    """
                )
            }
            #expect(orphan.0 == .foreignKeyViolation)
        }
    }

    @Test(arguments: TestDatabase.allCases)
    func `the last active administrator stays, whichever way it would go`(_ kind: TestDatabase) async throws {
        try await kind.withSchema { database in
            try await SchemaTests.addUser(database, 1, username: "root", isAdmin: true)
            try await SchemaTests.addUser(database, 2, username: "second", isAdmin: true)
            let (one, two) = (SchemaTests.identifier(1), SchemaTests.identifier(2))
            _ = try await database.query("UPDATE users SET is_admin = \(false) WHERE id = \(two)")
            let attempts: [SQL] = [
                "UPDATE users SET is_admin = \(false) WHERE id = \(one)",
                "UPDATE users SET is_active = \(false) WHERE id = \(one)",
                "UPDATE users SET is_active = \(false), deleted_at = \(SchemaTests.now) WHERE id = \(one)",
                "DELETE FROM users WHERE id = \(one)",
            ]
            for attempt in attempts {
                let found = try await SchemaTests.violation { _ = try await database.query(attempt) }
                #expect(found == (.ruleViolation, "users_last_administrator"))
            }
            _ = try await database.query("UPDATE users SET email = \("root@example.org") WHERE id = \(one)")
            _ = try await database.query("UPDATE users SET is_admin = \(true) WHERE id = \(two)")
            _ = try await database.query("DELETE FROM users WHERE id = \(one)")
        }
    }

    @Test(arguments: TestDatabase.allCases)
    func `two demotions at once leave one administrator`(_ kind: TestDatabase) async throws {
        try await kind.with { database, open in
            _ = try await Migrator(database, try kind.migrations()).apply()
            let others = [try open(), try open()]
            for round in 0..<20 {
                let first = UInt64(round * 2 + 1)
                _ = try? await database.query("UPDATE users SET is_admin = \(true)")
                if round == 0 {
                    try await SchemaTests.addUser(database, first, username: "one", isAdmin: true)
                    try await SchemaTests.addUser(database, first + 1, username: "two", isAdmin: true)
                }
                let refusals = try await withThrowingTaskGroup(of: Bool.self) { tasks in
                    for (index, other) in others.enumerated() {
                        tasks.addTask {
                            try await other.run { database in
                                do {
                                    try await database.transaction { transaction in
                                        let target = SchemaTests.identifier(UInt64(index + 1))
                                        _ = try await transaction.query(
                                            "UPDATE users SET is_admin = \(false) WHERE id = \(target)"
                                        )
                                    }
                                    return false
                                } catch let error as DatabaseError {
                                    #expect(error.constraint == "users_last_administrator")
                                    return true
                                }
                            }
                        }
                    }
                    var count = 0
                    for try await isRefused in tasks where isRefused { count += 1 }
                    return count
                }
                #expect(refusals == 1)
                let counted = try await database.query("SELECT count(*) AS n FROM users WHERE is_admin = \(true)")
                var left = counted[0].reader
                let count = try left.next(as: Int.self)
                #expect(count == 1)
            }
        }
    }

    /// A list of what is new would make every search slower with every login.
    @Test func `the search of Postgres takes a row at once`() async throws {
        try await TestDatabase.postgres.withSchema { database in
            let found = try await database.query(
                "SELECT array_to_string(reloptions, ',') AS options FROM pg_class WHERE oid = 'users_search'::regclass"
            )
            var reader = try #require(found.first).reader
            #expect(try reader.next(as: String.self) == "fastupdate=off")
        }
    }

    /// What is kept, and what there is.
    private static func sessionCounts(_ executor: any QueryExecutor) async throws -> (kept: Int, counted: Int) {
        let result = try await executor.query(
            """
            SELECT (SELECT CAST(sum(count) AS bigint) FROM session_counts) AS kept,
                (SELECT count(*) FROM sessions WHERE revoked_at IS NULL) AS counted
            """
        )
        var reader = try #require(result.first).reader
        return (try reader.next(), try reader.next())
    }

    private static func addSessions(_ executor: any QueryExecutor, _ numbers: Range<UInt64>, of user: UInt64)
        async throws
    {
        let rows = numbers.map { number -> SQL in
            "(\(identifier(number)), \(identifier(user)), \(now), \(now), \(now + .seconds(60)))"
        }
        _ = try await executor.query(
            """
            INSERT INTO sessions (id, user_id, created_at, last_used_at, expires_at)
            VALUES \(SQL.joined(rows, by: ", "))
            """
        )
    }

    @Test(arguments: TestDatabase.allCases)
    func `how many sessions have not been ended is kept, whatever becomes of them`(_ kind: TestDatabase) async throws {
        let files = try kind.migrations().files
        try await kind.with { database, _ in
            // Those that were there before anybody counted.
            let first = try #require(files.first)
            _ = try await Migrator(database, MigrationFolder(files: [first])).apply()
            for number in UInt64(1)...3 { try await SchemaTests.addUser(database, number, username: "user-\(number)") }
            try await SchemaTests.addSessions(database, 100..<110, of: 1)
            _ = try await Migrator(database, MigrationFolder(files: files)).apply()
            let (one, two) = (SchemaTests.identifier(1), SchemaTests.identifier(2))
            func end(_ executor: any QueryExecutor, _ condition: SQL) async throws {
                _ = try await executor.query(
                    "UPDATE sessions SET revoked_at = \(SchemaTests.now), revoke_reason = \("end") WHERE \(condition)"
                )
            }
            let steps: [(Int, (any QueryExecutor) async throws -> Void)] = [
                (10, { _ in }), (30, { try await SchemaTests.addSessions($0, 200..<220, of: 2) }),
                (29, { try await end($0, "id = \(SchemaTests.identifier(100))") }),
                // Nothing has changed.
                (29, { try await end($0, "id = \(SchemaTests.identifier(100))") }),
                (20, { try await end($0, "user_id = \(one)") }),
                (20, { _ = try await $0.query("UPDATE sessions SET counter = counter + 1") }),
                (15, { _ = try await $0.query("DELETE FROM sessions WHERE id < \(SchemaTests.identifier(205))") }),
                (0, { _ = try await $0.query("DELETE FROM users WHERE id = \(two)") }),
                (1, { try await SchemaTests.addSessions($0, 300..<301, of: 3) }),
            ]
            for (number, (expected, step)) in steps.enumerated() {
                struct Undone: Error {}
                await #expect(throws: Undone.self) {
                    try await database.transaction { executor in
                        try await step(executor)
                        throw Undone()
                    }
                }
                try await database.transaction { try await step($0) }
                let counts = try await SchemaTests.sessionCounts(database)
                #expect(counts.kept == expected && counts.counted == expected, "\(number)")
            }
        }
    }

    @Test func `the container's way and ours make the same schema`() async throws {
        let server = try await PostgresServer.shared()
        let folder = try TestDatabase.postgres.migrations()
        let catalogue = """
            SELECT 'column', table_name, column_name, data_type, is_nullable, coalesce(column_default, '')
                FROM information_schema.columns WHERE table_schema = 'public'
            UNION ALL SELECT 'index', tablename, indexname, indexdef, '', '' FROM pg_indexes WHERE schemaname = 'public'
            UNION ALL SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid), '', ''
                FROM pg_constraint WHERE connamespace = 'public'::regnamespace
            UNION ALL SELECT 'trigger', tgrelid::regclass::text, tgname, pg_get_triggerdef(oid), '', ''
                FROM pg_trigger WHERE NOT tgisinternal
            UNION ALL SELECT 'grant', table_name, grantee, privilege_type, '', ''
                FROM information_schema.role_table_grants WHERE table_schema = 'public'
            UNION ALL SELECT 'function', '', proname, prosrc, '', '' FROM pg_proc
                WHERE pronamespace = 'public'::regnamespace AND prolang = (SELECT oid FROM pg_language WHERE lanname = 'plpgsql')
            ORDER BY 1, 2, 3, 4
            """
        var catalogues: [String] = []
        for isOurs in [true, false] {
            let found = try await server.withDatabase { url in
                let name = String(url.prefix { $0 != "?" }.split(separator: "/").last ?? "")
                if isOurs {
                    _ = try await TestDatabase.migrate(url)
                } else {
                    for file in folder.files { try await server.execute(file.script, database: name) }
                }
                return try await server.execute(catalogue, database: name)
            }
            catalogues.append(found)
        }
        #expect(catalogues[0] == catalogues[1])
        #expect(catalogues[0].contains("users_last_administrator"))
    }
}
