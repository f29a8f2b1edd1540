import Database
import Glibc
import Linux
import Networking
import TestKit
import Testing

@testable import SQLite

/// A folder that goes away with the databases in it.
final class DatabaseFolder: Sendable {
    let path: String

    init() throws {
        var template = Array("/tmp/gatehouse-sqlite-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw SystemError(code: errno, call: "mkdtemp") }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        for name in ["test.sqlite", "ballast"] {
            for ending in ["", "-wal", "-shm", "-journal"] { unlink("\(path)/\(name)\(ending)") }
        }
        rmdir(path)
    }

    var file: String { "\(path)/test.sqlite" }
    var location: SQLiteLocation { .file(path: file) }

    /// How many descriptors of this process are open in here.
    func openDescriptorCount() -> Int {
        (0..<4_096).count { number in
            var target = [CChar](repeating: 0, count: 4_096)
            let count = readlink("/proc/self/fd/\(number)", &target, target.count)
            guard count > 0 else { return false }
            return String(decoding: target[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self).hasPrefix(path + "/")
        }
    }
}

/// What a test works with: a store, and the loop it runs on. Tasks on loops make their views of it themselves.
struct StoreFixture: Sendable {
    let store: SQLiteStore
    let folder: DatabaseFolder
    let loops: EventLoopGroup

    var loop: EventLoop { loops.loops[0] }
    /// The view of the first loop.
    var database: SQLiteDatabase { store.database(on: loop) }

    func run(_ text: String) async throws { _ = try await database.query(SQL(literal: text)) }

    /// The one integer that a query answers.
    func integer(_ statement: SQL) async throws -> Int {
        var reader = try await database.query(statement)[0].reader
        return try reader.next()
    }

    func expect(
        _ value: Int,
        from statement: SQL,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let answer = try await integer(statement)
        #expect(answer == value, sourceLocation: sourceLocation)
    }

    /// Waits until as many pieces of work wait for the writer.
    func awaitWaitingWriters(_ count: Int) async {
        while store.writers.waitingCount != count { await loop.sleep(for: .milliseconds(1)) }
    }
}

extension SQLiteSettings {
    /// For tests that are not about time: a slow machine is no failure.
    static var patient: SQLiteSettings {
        var settings = SQLiteSettings()
        (settings.waitLimit, settings.statementLimit) = (.seconds(120), .seconds(120))
        return settings
    }
}

/// Runs a test on a loop, with a store in a file that is new, or in memory.
func withStore(
    inMemory: Bool = false,
    settings: SQLiteSettings = .patient,
    loops: Int = 1,
    schema: String = "",
    _ body: @escaping @Sendable (StoreFixture) async throws -> Void
) async throws {
    let folder = try DatabaseFolder()
    let store = try SQLiteStore(inMemory ? .memory : folder.location, settings: settings)
    do {
        try await withLoops(loops) { group in
            let fixture = StoreFixture(store: store, folder: folder, loops: group)
            try await fixture.run(schema)
            try await body(fixture)
        }
    } catch {
        await store.close()
        throw error
    }
    await store.close()
}

/// What a statement fails with; nil when it does not.
func failure(_ body: () async throws -> Void) async -> DatabaseError? {
    do {
        try await body()
        return nil
    } catch let error as DatabaseError {
        return error
    } catch {
        return DatabaseError(.other, message: "not a database error: \(error)")
    }
}

/// A gate that a test opens, for tasks of the same loop.
final class Gate: Sendable {
    private let state = Lock(false)

    func open() { state.withLock { $0 = true } }

    func pass(on loop: EventLoop) async {
        while !state.withLock({ $0 }) { await loop.sleep(for: .milliseconds(1)) }
    }
}
