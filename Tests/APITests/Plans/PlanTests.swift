import Database
import Linux
import Migrations
import TestKit
import Testing

@testable import API

/// Every query of the product finds its rows by an index, and touches few pages, however many users there are. With
/// `GATEHOUSE_PLAN_USERS` as many as one likes; `GATEHOUSE_PLAN_REPORT` names a file for the figures.
@Suite(.serialized) struct PlanTests {
    private static let count = ProcessInfo.environment["GATEHOUSE_PLAN_USERS"].flatMap { Int($0) } ?? 50_000

    @Test func `Postgres walks no table, and touches few pages`() async throws {
        let population = Population(count: PlanTests.count)
        let figures = try await TestDatabase.postgres.withSchema { database in
            try await population.fill(database)
            _ = try await database.query("VACUUM")
            var figures: [Figure] = []
            for query in ProductQueries.all(PostgresUserSearch()) {
                let plan = try await PostgresPlan.of(query, in: database, population)
                // A walk that ends after a few pages is a good plan, as it is of a thousand users, and counts end after 10,000
                // rows.
                let walk = query.name.hasPrefix("count of") ? 200 : 100
                #expect(plan.walkedTables.isEmpty || plan.pages < walk, "\(query.name): \(plan.text)")
                #expect(plan.pages <= PlanTests.pageBudget(query.name), "\(query.name): \(plan.text)")
                figures.append(Figure(name: query.name, pages: plan.pages, microseconds: plan.microseconds))
            }
            return figures
        }
        try Figure.report(figures, database: "postgres", users: population.count)
    }

    @Test func `the embedded database walks no table`() async throws {
        let population = Population(count: PlanTests.count)
        let figures = try await TestDatabase.sqlite.withSchema { database in
            try await population.fill(database)
            var figures: [Figure] = []
            for query in ProductQueries.all(SQLiteUserSearch()) {
                let plan = try await SQLitePlan.of(query, in: database, population)
                #expect(plan.walkedTables.isEmpty, "\(query.name): \(plan.text)")
                figures.append(Figure(name: query.name, pages: nil, microseconds: plan.microseconds))
            }
            return figures
        }
        try Figure.report(figures, database: "sqlite", users: population.count)
    }

    /// Pages of 8 KiB that a query may touch: of the order of what it answers or removes, not of what there is.
    private static func pageBudget(_ name: String) -> Int {
        switch name {
        // Those that go through many rows on purpose: 100 to remove, 500 or 1,000 to read, or all that match.
        case _ where name.hasPrefix("remove"), _ where name.hasPrefix("count of"): 3_000
        case "a page of revocations",
            _ where name.hasPrefix("last page"):
            600
        // There are few administrators: all of them may be looked at.
        case _ where name.contains("administrators"): 3_000
        case _ where name.contains("search"): 3_000
        default: 250
        }
    }
}

/// What one query takes.
struct Figure: Sendable {
    let name: String
    let pages: Int?
    let microseconds: Double

    /// One line for each, if somebody asked.
    static func report(_ figures: [Figure], database: String, users: Int) throws {
        guard let path = ProcessInfo.environment["GATEHOUSE_PLAN_REPORT"] else { return }
        let lines = figures.map { figure in
            "\(database)\t\(users)\t\(figure.name)\t\(figure.pages.map { "\($0)" } ?? "")\t\(figure.microseconds)\n"
        }
        let file = "\(path).\(database)"
        try? File.remove(path: file)
        try TestFiles.write(lines.joined(), to: file)
    }
}
