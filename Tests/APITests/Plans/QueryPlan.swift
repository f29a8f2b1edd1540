import Database
import Linux

@testable import API

/// How Postgres carries out the statements of a query.
struct PostgresPlan {
    let text: String
    let pages: Int
    let microseconds: Double
    /// Tables that were read from one end to the other.
    let walkedTables: [String]

    /// Runs it three times, and undoes it each time: the pages are those of the last time, when all is in memory.
    static func of(
        _ query: ProductQueries.Query,
        in database: any Database,
        _ population: Population
    ) async throws -> PostgresPlan {
        let runs = try await StatementRecorder.rolledBack(3, database) { recorder in
            recorder.prefix = "EXPLAIN (ANALYZE, BUFFERS) "
            try await query.run(recorder, population)
        }
        let lines = runs[2].answers
        let times = runs.map { run in run.answers.reduce(0) { $0 + number(in: $1, after: "Execution Time: ") } }
        return PostgresPlan(
            text: lines.joined(separator: "\n"),
            pages: pages(lines),
            microseconds: (times.min() ?? 0) * 1_000,
            walkedTables: lines.filter { line in
                ["users", "sessions", "revocations", "audit"].contains { line.contains("Seq Scan on \($0) ") }
            }
        )
    }

    /// Of the whole plan, which comes first, without those of planning.
    private static func pages(_ lines: [String]) -> Int {
        guard let line = lines.first(where: { $0.contains("Buffers: ") }) else { return 0 }
        return Int(number(in: line, after: "shared hit=") + number(in: line, after: " read="))
    }

    private static func number(in line: String, after label: String) -> Double {
        guard let place = line.firstRange(of: label) else { return 0 }
        return Double(line[place.upperBound...].prefix { $0.isNumber || $0 == "." }) ?? 0
    }
}

/// How SQLite does.
struct SQLitePlan {
    let text: String
    let microseconds: Double
    let walkedTables: [String]

    static func of(
        _ query: ProductQueries.Query,
        in database: any Database,
        _ population: Population
    ) async throws -> SQLitePlan {
        let plan = try await StatementRecorder.rolledBack(1, database) { recorder in
            recorder.prefix = "EXPLAIN QUERY PLAN "
            try await query.run(recorder, population)
        }
        let runs = try await StatementRecorder.rolledBack(5, database) { recorder in
            try await query.run(recorder, population)
        }
        return SQLitePlan(
            text: plan[0].answers.joined(separator: "\n"),
            microseconds: runs.map { Double($0.time.nanoseconds) / 1_000 }.min() ?? 0,
            // Nobody tells a walk along an index that ends when the page is full from one to the other end.
            walkedTables: plan[0].answers.filter { line in
                line.hasPrefix("SCAN ") && !isSmall(line)
                    && !(query.along.map { line.hasSuffix(" INDEX " + $0) } ?? false)
            }
        )
    }

    private static func isSmall(_ line: String) -> Bool {
        let table = line.dropFirst("SCAN ".count).prefix { $0 != " " }
        let small = ["user_counts", "session_counts", "daily_counts", "signing_keys", "found", "names", "addresses"]
        return small.contains(String(table)) || line.hasPrefix("SCAN CONSTANT ROW")
            || line.hasPrefix("SCAN users_search VIRTUAL TABLE INDEX")
    }
}

/// Sends the statements of a query on, with something before each, and keeps what was answered.
final class StatementRecorder: QueryExecutor {
    struct Run: Sendable {
        let answers: [String]
        let time: Duration
    }

    private struct Undone: Error {}

    private let base: any QueryExecutor
    var prefix: StaticString = ""
    private var answers: [String] = []

    private init(_ base: any QueryExecutor) { self.base = base }

    static func rolledBack(
        _ count: Int,
        _ database: any Database,
        _ body: (StatementRecorder) async throws -> Void
    ) async throws -> [Run] {
        var runs: [Run] = []
        for _ in 0..<count {
            do {
                try await database.transaction { executor in
                    let recorder = StatementRecorder(executor)
                    let start = MonotonicTime.now()
                    // What an explained statement answers is no row of its own.
                    do { try await body(recorder) } catch let error as DatabaseError
                        where error.code == .unexpectedResult
                    {}
                    runs.append(Run(answers: recorder.answers, time: MonotonicTime.now() - start))
                    throw Undone()
                }
            } catch is Undone {}
        }
        return runs
    }

    func query(_ statement: SQL) async throws(DatabaseError) -> QueryResult {
        let result = try await base.query("\(literal: prefix)\(statement)")
        guard prefix.utf8CodeUnitCount > 0 else { return result }
        for row in result {
            var reader = row.reader
            // SQLite: id, parent, unused, what it does.
            for _ in 1..<result.columns.count { _ = try reader.nextIfPresent(as: Int.self) }
            answers.append(try reader.next())
        }
        return QueryResult(columns: [], values: [], changedCount: 0)
    }
}
