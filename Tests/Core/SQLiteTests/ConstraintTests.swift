import Database
import Linux
import Testing

@testable import SQLite

@Suite struct ConstraintTests {
    static let schema = """
        CREATE TABLE users (
            id INTEGER PRIMARY KEY,
            tenant INTEGER NOT NULL DEFAULT 0,
            username TEXT NOT NULL,
            email TEXT,
            nickname TEXT UNIQUE,
            role TEXT NOT NULL DEFAULT 'user' CONSTRAINT users_role_check CHECK (role IN ('user', 'admin')),
            age INTEGER CHECK (age >= 0)
        );
        CREATE UNIQUE INDEX users_username_key ON users (lower(username));
        CREATE UNIQUE INDEX users_email_key ON users (tenant, email);
        CREATE TABLE notes (
            id BLOB PRIMARY KEY,
            user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            author INTEGER REFERENCES users (id)
        ) WITHOUT ROWID;
        CREATE TRIGGER keep_administrator BEFORE DELETE ON users
        WHEN OLD.role = 'admin' AND (SELECT count(*) FROM users WHERE role = 'admin') = 1
        BEGIN SELECT RAISE(ABORT, 'users_last_administrator'); END;
        CREATE TRIGGER no_bob BEFORE INSERT ON users WHEN NEW.username = 'bob'
        BEGIN SELECT RAISE(ABORT, 'bob may not come in; he knows why'); END;
        INSERT INTO users (id, username, email, nickname, role)
        VALUES (1, 'Ada', 'ada@example.org', 'countess', 'admin');
        """

    struct Scenario: Sendable, CustomTestStringConvertible {
        let statement: String
        let code: DatabaseError.Code
        var constraint: String?
        var table: String?
        var column: String?

        var testDescription: String { statement }
    }

    static let scenarios = [
        Scenario(
            statement: "INSERT INTO users (username) VALUES ('ADA')",
            code: .uniqueViolation,
            constraint: "users_username_key",
            table: "users"
        ),
        Scenario(
            statement: "INSERT INTO users (username, email) VALUES ('eve', 'ada@example.org')",
            code: .uniqueViolation,
            constraint: "users_email_key",
            table: "users",
            column: "tenant"
        ),
        Scenario(
            statement: "INSERT INTO users (username, nickname) VALUES ('eve', 'countess')",
            code: .uniqueViolation,
            constraint: "users_nickname_key",
            table: "users",
            column: "nickname"
        ),
        Scenario(
            statement: "INSERT INTO users (id, username) VALUES (1, 'eve')",
            code: .uniqueViolation,
            constraint: "users_pkey",
            table: "users",
            column: "id"
        ),
        Scenario(
            statement: "INSERT INTO users (username) VALUES (NULL)",
            code: .notNullViolation,
            table: "users",
            column: "username"
        ),
        Scenario(
            statement: "UPDATE users SET role = 'king'",
            code: .checkViolation,
            constraint: "users_role_check"
        ),
        Scenario(statement: "UPDATE users SET age = -1", code: .checkViolation),
        Scenario(statement: "INSERT INTO notes VALUES (x'01', 99, NULL)", code: .foreignKeyViolation),
        Scenario(
            statement: "DELETE FROM users",
            code: .ruleViolation,
            constraint: "users_last_administrator"
        ),
        Scenario(statement: "INSERT INTO users (username) VALUES ('bob')", code: .ruleViolation),
        Scenario(statement: "SELECT * FROM absent", code: .schemaMismatch),
        Scenario(statement: "SELECT absent FROM users", code: .schemaMismatch),
        Scenario(statement: "INSERT INTO users (absent) VALUES (1)", code: .schemaMismatch),
        Scenario(statement: "SELEC 1", code: .other),
        Scenario(statement: "BEGIN", code: .permissionDenied),
        Scenario(statement: "ROLLBACK", code: .permissionDenied),
        Scenario(statement: "SAVEPOINT x", code: .permissionDenied),
    ]

    @Test(arguments: scenarios)
    func `a refused statement names what it violated, and changes nothing`(scenario: Scenario) async throws {
        try await withStore(schema: ConstraintTests.schema) { fixture in
            for isInTransaction in [false, true] {
                let error = await failure {
                    if isInTransaction {
                        try await fixture.database.transaction { executor in
                            _ = try await executor.query(SQL(literal: scenario.statement))
                        }
                    } else {
                        try await fixture.run(scenario.statement)
                    }
                }
                #expect(error?.code == scenario.code)
                #expect(error?.constraint == scenario.constraint)
                #expect(error?.table == scenario.table)
                #expect(error?.column == scenario.column)
                #expect(error?.message.isEmpty == false)
            }
            try await fixture.expect(1, from: "SELECT count(*) FROM users WHERE role = 'admin' AND age IS NULL")
            try await fixture.expect(0, from: "SELECT count(*) FROM notes")
        }
    }

    @Test func `an error shows the schema but no data`() async throws {
        try await withStore(schema: ConstraintTests.schema) { fixture in
            let database = fixture.database
            let error = await failure {
                _ = try await database.query("INSERT INTO users (username) VALUES (\("aDa"))")
            }
            let expected = "database error: uniqueViolation, constraint users_username_key, table users"
            #expect(error?.description == expected)
            #expect(error?.debugDescription == expected)
        }
    }

    @Test func `the index is found under its new name when the schema changes`() async throws {
        try await withStore(schema: "CREATE TABLE t (a INTEGER); CREATE UNIQUE INDEX first_name ON t (a)") { fixture in
            try await fixture.run("INSERT INTO t VALUES (1)")
            #expect(await failure { try await fixture.run("INSERT INTO t VALUES (1)") }?.constraint == "first_name")
            try await fixture.run("DROP INDEX first_name; CREATE UNIQUE INDEX second_name ON t (a)")
            #expect(await failure { try await fixture.run("INSERT INTO t VALUES (1)") }?.constraint == "second_name")
            // Which of the two it is can not be told.
            try await fixture.run("CREATE UNIQUE INDEX third_name ON t (a) WHERE a > 0")
            let error = await failure { try await fixture.run("INSERT INTO t VALUES (1)") }
            #expect(error?.code == .uniqueViolation && error?.constraint == nil && error?.table == "t")
        }
    }

    @Test func `deleting cascades as the schema says`() async throws {
        try await withStore(schema: ConstraintTests.schema) { fixture in
            try await fixture.run(
                "INSERT INTO users (id, username) VALUES (2, 'eve'); INSERT INTO notes VALUES (x'01', 2, 1)"
            )
            try await fixture.run("DELETE FROM users WHERE id = 2")
            try await fixture.expect(0, from: "SELECT count(*) FROM notes")
        }
    }
}
