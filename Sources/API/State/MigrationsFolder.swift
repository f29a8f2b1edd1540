internal import Database
internal import Linux
internal import Migrations

/// Finds the migrations: where the configuration says, or beside the program, or where it runs.
enum MigrationsFolder {
    struct NotFound: Error, CustomStringConvertible {
        let tried: [String]
        var description: String {
            "the migrations were not found in \(tried.joined(separator: ", ")); MIGRATIONS_PATH says where the folder init is"
        }
    }

    static func find(_ dialect: DatabaseDialect, configured: String?) throws -> MigrationFolder {
        let places = configured.map { [$0] } ?? ["init"] + besideProgram
        for place in places {
            let path = dialect == .sqlite ? "\(place)/sqlite" : place
            guard (try? File.status(path: "\(path)/0001_foundation.sql")) != nil else { continue }
            return try MigrationFolder(path: path)
        }
        throw NotFound(tried: places)
    }

    /// `/usr/bin/gatehouse-api` finds `/usr/share/gatehouse/init`; a build finds the repository it lies in.
    private static var besideProgram: [String] {
        guard let program = try? File.resolvedPath("/proc/self/exe") else { return [] }
        let folder = program.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" }
        let above = ["..", "../..", "../../..", "../../../.."].map { "\(folder)/\($0)/init" }
        return ["\(folder)/../share/gatehouse/init"] + above
    }
}
