internal import Database
internal import Hosting
internal import Migrations
internal import Operations
internal import Passwords

/// The command `migrate`: brings the schema up to date, and makes the first administrator where there is none.
enum MigrateCommand {
    static let command = ProgramCommand(
        "migrate",
        help: "Bring the database's schema up to date, and make the first administrator",
        options: [
            .flag("dry-run", help: "Say what would be applied, and change nothing"),
            .flag("status", help: "Say what was applied and what is pending"),
        ]
    ) { invocation in
        let configuration = try APIConfiguration.withoutTokens.load(console: invocation.console)
        let console = invocation.console
        let changes = !(invocation.isOn("dry-run") || invocation.isOn("status"))
        if !changes, (try? NoDatabase.check(configuration.state.database)) == nil {
            // To ask it would make it.
            let folder = try MigrationsFolder.find(.sqlite, configured: configuration.state.migrationsPath)
            for file in folder.files { console.print("pending  " + file.name) }
            return .good
        }
        let workers = try PasswordWorkers(configuration.accounts)
        defer { workers.hasher.close() }
        try await CommandBench.with(configuration.state, for: "migrate", isPatient: true) { bench in
            let lines = try await migrate(bench.database, configuration.state, changes: changes)
            for line in lines { console.print(line) }
            guard changes else { return }
            let accounts = bench.openAccounts(configuration, workers.hasher)
            try await FirstAdministrator(configuration, accounts).ensure().tell(console)
        }
        return .good
    }

    private static func migrate(
        _ database: any Database,
        _ settings: StateSettings,
        changes: Bool
    ) async throws -> [String] {
        let folder = try MigrationsFolder.find(database.dialect, configured: settings.migrationsPath)
        let migrator = Migrator(database, folder)
        if changes {
            let applied = try await migrator.apply()
            return applied.isEmpty ? ["up to date"] : applied.map { "applied  \($0.name)" }
        }
        let pending = Set(try await migrator.plan().pending.map(\.version))
        return folder.files.map { (pending.contains($0.version) ? "pending  " : "applied  ") + $0.name }
    }
}
