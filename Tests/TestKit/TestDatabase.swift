public import Database
internal import Linux
public import Migrations
public import Networking
internal import Operations
internal import Postgres
internal import SQLite

/// The drivers that the same tests run on.
public enum TestDatabase: String, CaseIterable, Sendable {
    case sqlite
    case postgres

    /// Runs the body on a loop with a new, empty database. `open` gives further connections to it, as another process
    /// would have; they are closed afterwards.
    public func with<Value: Sendable>(
        _ body:
            @escaping @Sendable (_ database: any Database, _ open: () throws -> LoopBoundDatabase) async throws -> Value
    ) async throws -> Value {
        switch self {
        case .sqlite:
            return try await withLoop { loop in
                let folder = try TestDirectory()
                let store = try SQLiteStore(.file(path: folder.path("test.db")))
                defer { withExtendedLifetime(folder) {} }
                let value = try await body(store.database(on: loop)) {
                    LoopBoundDatabase(store.database(on: loop), on: loop)
                }
                await store.close()
                return value
            }
        case .postgres:
            let server = try await PostgresServer.shared()
            return try await server.withDatabase { url in
                try await withLoop { loop in
                    var pools: [PostgresPool] = []
                    let open = { () throws -> PostgresPool in
                        let address = try PostgresAddress(url: url)
                        let logger = Logger(sink: CollectingLogSink())
                        let pool = PostgresPool(address, settings: TestDatabase.patient, on: loop, logger: logger)
                        pools.append(pool)
                        return pool
                    }
                    do {
                        let value = try await body(try open()) { LoopBoundDatabase(try open(), on: loop) }
                        for pool in pools { await pool.close() }
                        return value
                    } catch {
                        for pool in pools { await pool.close() }
                        throw error
                    }
                }
            }
        }
    }

    /// The same with the schema of this repository.
    public func withSchema<Value: Sendable>(
        _ body: @escaping @Sendable (_ database: any Database) async throws -> Value
    ) async throws -> Value {
        let folder = try migrations()
        return try await with { database, _ in
            _ = try await Migrator(database, folder).apply()
            return try await body(database)
        }
    }

    /// The files of this repository for the driver.
    public func migrations() throws -> MigrationFolder {
        try MigrationFolder(path: TestDatabase.repository + (self == .sqlite ? "/init/sqlite" : "/init"))
    }

    /// What they are called, in order.
    public func migrationNames() throws -> [String] { try migrations().files.map(\.name) }

    /// The folder that holds Package.swift.
    static let repository = #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" }
}

extension TestDatabase {
    public static func apply(_ folder: MigrationFolder, to database: any Database) async throws {
        _ = try await Migrator(database, folder).apply()
    }

    /// Brings a Postgres database up to date, on a loop of its own.
    public static func migrate(_ url: String) async throws -> [MigrationFile] {
        let folder = try TestDatabase.postgres.migrations()
        return try await withLoop { loop in
            let address = try PostgresAddress(url: url)
            let pool = PostgresPool(
                address,
                settings: TestDatabase.patient,
                on: loop,
                logger: Logger(sink: CollectingLogSink())
            )
            do {
                let applied = try await Migrator(pool, folder).apply()
                await pool.close()
                return applied
            } catch {
                await pool.close()
                throw error
            }
        }
    }
}

/// A database for the child tasks of a task group, which start elsewhere: what they do runs on the database's loop.
public struct LoopBoundDatabase: Sendable {
    private let database: LoopBound<any Database>

    /// To be made on the loop.
    public init(_ database: any Database, on loop: EventLoop) { self.database = LoopBound(database, on: loop) }

    public var loop: EventLoop { database.loop }

    public func run<Value: Sendable>(_ body: @escaping @Sendable (any Database) async throws -> Value) async throws
        -> Value
    {
        try await database.loop.run { try await body(database.value) }
    }
}

extension TestDatabase {
    /// Settings under which a slow machine is no failure.
    fileprivate static var patient: PostgresSettings {
        var settings = PostgresSettings()
        settings.patienceWhileAway = .seconds(60)
        settings.connectTimeout = .seconds(60)
        settings.leaseTimeout = .seconds(60)
        settings.statementTimeout = .seconds(60)
        settings.lockTimeout = .seconds(60)
        settings.idleInTransactionTimeout = .seconds(60)
        return settings
    }
}
