import Database
import Linux
import Networking
import Operations
import Postgres
import TestKit
import Testing

/// Everything a test of the driver needs: a database of its own, a loop, a pool, and what was logged.
struct Bench: Sendable {
    let url: String
    let server: PostgresServer
    let group: EventLoopGroup
    let log = CollectingLogSink()

    var loop: EventLoop { group.loops[0] }

    /// The name of the database that the URL leads to.
    var database: String { PostgresServer.database(in: url) }

    /// Opens a pool on the current loop, and closes it after the body.
    func withPool<Value>(
        _ url: String? = nil,
        _ change: (inout PostgresSettings) -> Void = { _ in },
        _ body: (PostgresPool) async throws -> Value
    ) async throws -> Value {
        var settings = PostgresSettings()
        // The machine may be busy with other suites.
        settings.leaseTimeout = .seconds(60)
        settings.connectTimeout = .seconds(60)
        change(&settings)
        let pool = PostgresPool(
            try PostgresAddress(url: url ?? self.url),
            settings: settings,
            on: try #require(group.loops.first { $0.isCurrent }),
            logger: Logger(minimumLevel: .debug, sink: log)
        )
        do {
            let value = try await body(pool)
            await pool.close()
            return value
        } catch {
            await pool.close()
            throw BenchFailure(error: error, log: log.lines)
        }
    }
}

/// What a test ended with, and what was logged until then.
struct BenchFailure: Error, CustomStringConvertible {
    let error: any Error
    let log: [String]

    var description: String {
        "\(error) \((error as? DatabaseError)?.message ?? "")\n" + log.map { $0 + "\n" }.joined()
    }
}

/// On the server that all suites share.
func withBench(
    loops: Int = 1,
    _ body: @escaping @Sendable (Bench) async throws -> Void
) async throws {
    let server = try await PostgresServer.shared()
    try await server.withDatabase { url in
        try await withLoops(loops) { group in try await body(Bench(url: url, server: server, group: group)) }
    }
}

/// On a server that the test may kill.
func withBenchOfItsOwn(
    loops: Int = 1,
    isDurable: Bool = false,
    configuration: [String] = [],
    _ body: @escaping @Sendable (Bench) async throws -> Void
) async throws {
    try await PostgresServer.with(isDurable: isDurable, configuration: configuration) { server in
        try await withLoops(loops) { group in try await body(Bench(url: server.url(), server: server, group: group)) }
    }
}

/// With a pool on the shared server.
func withPool(
    _ change: @escaping @Sendable (inout PostgresSettings) -> Void = { _ in },
    _ body: @escaping @Sendable (PostgresPool, Bench) async throws -> Void
) async throws {
    try await withBench { bench in try await bench.withPool(nil, change) { pool in try await body(pool, bench) } }
}

extension PostgresPool {
    /// What a statement fails with.
    func failure(of statement: SQL) async -> DatabaseError? {
        do throws(DatabaseError) {
            _ = try await query(statement)
            return nil
        } catch {
            return error
        }
    }

    /// The first column of the first row.
    func value<Value: DatabaseConvertible>(_ statement: SQL, as type: Value.Type = Value.self) async throws -> Value {
        let result = try await query(statement)
        var reader = try #require(result.first).reader
        return try reader.next()
    }

    /// Waits until something is so, asking again after a while; false when it is not so in time.
    func eventually(within time: Duration = .seconds(20), _ isSo: () async throws -> Bool) async rethrows -> Bool {
        let end = MonotonicTime.now() + time
        while MonotonicTime.now() < end {
            if try await isSo() { return true }
            await loop.sleep(for: .milliseconds(2))
        }
        return try await isSo()
    }
}
