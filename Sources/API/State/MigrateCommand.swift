internal import Database
internal import Hosting
internal import Linux
internal import Migrations
internal import Networking
internal import Operations
internal import Postgres
internal import SQLite

/// The command `migrate`: brings the schema up to date.
enum MigrateCommand {
    static let command = ProgramCommand(
        "migrate",
        help: "Bring the database's schema up to date",
        options: [
            .flag("dry-run", help: "Say what would be applied, and change nothing"),
            .flag("status", help: "Say what was applied and what is pending"),
        ]
    ) { invocation in
        let configuration = try APIConfiguration.withoutTokens.load(console: invocation.console)
        let group = try EventLoopGroup(count: 1)
        defer { group.stop() }
        let changes = !(invocation.isOn("dry-run") || invocation.isOn("status"))
        let lines = try await group.loops[0].run {
            try await run(configuration.state, on: group.loops[0], changes: changes, invocation.console)
        }
        for line in lines { invocation.console.print(line) }
        return .good
    }

    private static func run(
        _ settings: StateSettings,
        on loop: EventLoop,
        changes: Bool,
        _ console: ProgramConsole
    ) async throws -> [String] {
        switch settings.database {
        case .sqlite(let location):
            let store = try SQLiteStore(location)
            let result = await attempt { try await migrate(store.database(on: loop), settings, changes: changes) }
            await store.close()
            return try result.get()
        case .postgres(let address):
            var pool = PostgresSettings()
            pool.maximumConnections = 1
            pool.applicationName = "gatehouse-migrate"
            // A file may take as long as it takes, and wait for another process that is at it.
            pool.statementTimeout = nil
            pool.lockTimeout = nil
            pool.idleInTransactionTimeout = nil
            let logger = Logger(minimumLevel: .warning, sink: DescriptorLogSink())
            let database = PostgresPool(address, settings: pool, on: loop, logger: logger)
            let result = await attempt { try await migrate(database, settings, changes: changes) }
            await database.close()
            return try result.get()
        }
    }

    private static func attempt(_ body: () async throws -> [String]) async -> Result<[String], any Error> {
        do { return .success(try await body()) } catch { return .failure(error) }
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
