import Testing

@testable import Migrations

@Suite struct ScriptStatementsTests {
    @Test(arguments: [
        ("", []), (" ;; ; ", []), ("SELECT 1", ["SELECT 1"]), ("SELECT 1;SELECT 2;", ["SELECT 1", "SELECT 2"]),
        ("SELECT ';'; SELECT 2", ["SELECT ';'", "SELECT 2"]),
        ("SELECT 'it''s; fine'; SELECT 2", ["SELECT 'it''s; fine'", "SELECT 2"]),
        ("SELECT \"a;b\"; SELECT 2", ["SELECT \"a;b\"", "SELECT 2"]),
        ("-- one; two\nSELECT 1 -- three;\n;", ["SELECT 1 \n"]), ("/* a; /* b; */ c; */SELECT 1;", ["SELECT 1"]),
        ("DO $$ BEGIN; END; $$; SELECT 2", ["DO $$ BEGIN; END; $$", "SELECT 2"]),
        ("DO $a$ x $$;$$ $b$;$b$ $a$; SELECT 2", ["DO $a$ x $$;$$ $b$;$b$ $a$", "SELECT 2"]),
        ("SELECT $1; SELECT '$$;'", ["SELECT $1", "SELECT '$$;'"]),
        ("SELECT 'open; for ever", ["SELECT 'open; for ever"]),
        ("DO $$ open; for ever", ["DO $$ open; for ever"]), ("/* open; for ever", []),
        ("SELECT 1 - -2; SELECT 3 / 4", ["SELECT 1 - -2", "SELECT 3 / 4"]),
    ])
    func `statements end at semicolons that mean it`(_ script: String, _ statements: [String]) {
        #expect(ScriptStatements(script).statements == statements)
    }
}
