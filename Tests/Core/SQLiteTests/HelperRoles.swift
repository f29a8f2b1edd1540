import Database
import Glibc
import Linux
import Networking
import TestKit
import Testing

@testable import SQLite

/// What the other process does in tests that need one: the test program runs itself, with one test and a role for it.
enum HelperRole: String {
    /// Writes for ever, and reports every acknowledged row.
    case write
    /// Takes the write lock, says so, and keeps it until its input ends.
    case holdLock
    /// Opens the database, adds a row and leaves.
    case openOnce

    private static let roleVariable = "GATEHOUSE_SQLITE_TEST_ROLE"
    private static let fileVariable = "GATEHOUSE_SQLITE_TEST_FILE"

    static var own: (role: HelperRole, location: SQLiteLocation)? {
        let environment = ProcessInfo.environment
        guard let role = environment[roleVariable].flatMap(HelperRole.init), let file = environment[fileVariable]
        else { return nil }
        return (role, .file(path: file))
    }

    func start(on folder: DatabaseFolder) throws -> HelperProcess {
        try HelperProcess(
            try File.resolvedPath("/proc/self/exe"),
            HelperRole.programArguments + ["--testing-library", "swift-testing", "--filter", "HelperRoleTests"],
            environment: ["\(HelperRole.roleVariable)=\(rawValue)", "\(HelperRole.fileVariable)=\(folder.file)"]
        )
    }

    /// A test bundle that is loaded by a helper is named to it.
    private static var programArguments: [String] {
        let arguments = CommandLine.arguments
        guard let index = arguments.firstIndex(of: "--test-bundle-path"), index + 1 < arguments.count else { return [] }
        return Array(arguments[index...index + 1])
    }
}

@Suite struct HelperRoleTests {
    private static let parent = FileDescriptor(number: 3)

    @Test(.enabled(if: HelperRole.own != nil, "only in a process that another test starts"))
    func `the role that was given is played`() async throws {
        let (role, location) = try #require(HelperRole.own)
        let store = try SQLiteStore(location, settings: .patient)
        try await withLoops(2) { group in
            switch role {
            case .write: try await HelperRoleTests.write(store, group)
            case .holdLock: try await HelperRoleTests.holdLock(store, group.loops[0])
            case .openOnce:
                let database = store.database(on: group.loops[0])
                _ = try await database.query("CREATE TABLE IF NOT EXISTS visits (process INTEGER)")
                _ = try await database.query("INSERT INTO visits VALUES (\(Int(getpid())))")
                try HelperRoleTests.parent.writeAll("done\n")
            }
        }
        await store.close()
    }

    /// Single rows by several tasks, which share commits, and pairs of rows in transactions.
    private static func write(_ store: SQLiteStore, _ group: EventLoopGroup) async throws {
        let setUp = store.database(on: group.loops[0])
        _ = try await setUp.query(
            SQL(
                literal:
                    "CREATE TABLE single (id INTEGER); CREATE TABLE pair (id INTEGER); CREATE TABLE twin (id INTEGER)"
            )
        )
        let tasks = (0..<6).map { index in
            let loop = group.loops[index % 2]
            return loop.spawn {
                await failure {
                    let database = store.database(on: loop)
                    for round in 0..<Int.max {
                        let id = round * 6 + index
                        if index == 0 {
                            try await database.transaction { executor in
                                _ = try await executor.query("INSERT INTO pair VALUES (\(id))")
                                _ = try await executor.query("INSERT INTO twin VALUES (\(id))")
                            }
                            try parent.writeAll("pair \(id)\n")
                        } else {
                            _ = try await database.query("INSERT INTO single VALUES (\(id))")
                            try parent.writeAll("single \(id)\n")
                        }
                    }
                }
            }
        }
        for task in tasks { _ = await task.value }
    }

    private static func holdLock(_ store: SQLiteStore, _ loop: EventLoop) async throws {
        try await store.database(on: loop).transaction { executor in
            _ = try await executor.query("INSERT INTO t (a) VALUES (1)")
            try parent.writeAll("locked\n")
            let byte = UnsafeMutableRawBufferPointer.allocate(byteCount: 1, alignment: 1)
            defer { byte.deallocate() }
            _ = try FileDescriptor.standardInput.read(into: byte)
        }
        try parent.writeAll("released\n")
    }
}
