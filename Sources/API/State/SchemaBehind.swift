internal import Database
internal import Migrations

/// The schema lacks what this version of the program needs.
struct SchemaBehind: Error, CustomStringConvertible {
    let pending: [String]

    var description: String {
        "the database lacks \(pending.joined(separator: ", ")): run 'gatehouse-api migrate'"
    }

    /// Throws one when the database is behind.
    static func check(_ database: any Database, _ settings: StateSettings) async throws {
        let folder = try MigrationsFolder.find(database.dialect, configured: settings.migrationsPath)
        let plan = try await Migrator(database, folder).plan()
        if !plan.isUpToDate { throw SchemaBehind(pending: plan.pending.map(\.name)) }
    }
}
