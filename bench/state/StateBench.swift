import Linux
import Networking
import Operations

/// Puts one kind of load on one store, and says in a line of JSON what came of it. `bench/state.py` starts the stores
/// and calls this.
@main
enum StateBench {
    static func main() async {
        do {
            try FileDescriptor.standardOutput.writeAll(try await figures(CommandLine.arguments.dropFirst()) + "\n")
        } catch {
            try? FileDescriptor.standardError.writeAll("state-bench: \(error)\n")
            ProcessInfo.exit(1)
        }
    }

    private static func figures(_ arguments: ArraySlice<String>) async throws -> String {
        let words = Array(arguments)
        guard words.count == 5, let loops = Int(words[2]), let tasks = Int(words[3]), let seconds = Double(words[4]),
            loops > 0, tasks >= loops, seconds > 0
        else { throw Misuse() }
        let group = try EventLoopGroup(count: loops)
        defer { group.stop() }
        let load = Load(tasks: tasks, duration: .seconds(seconds))
        let place = words[1]
        switch words[0] {
        case "postgres-reads": return try await PostgresLoads.reads(place, on: group, load).json
        case "postgres-transactions": return try await PostgresLoads.transactions(place, on: group, load).json
        case "redis-revocations": return try await RedisLoads.revocations(place, on: group, load)
        case "redis-limiter": return try await RedisLoads.limiter(place, on: group, load).json
        case "sqlite-reads": return try await SQLiteLoads.reads(place, on: group, load).json
        case "sqlite-inserts": return try await SQLiteLoads.inserts(place, on: group, load).json
        default: throw Misuse()
        }
    }

    /// Warnings of the drivers go to standard error, as those of the programs do.
    static let logger = Logger(minimumLevel: .warning, sink: DescriptorLogSink())

    private struct Misuse: Error, CustomStringConvertible {
        let description = "to be called as: state-bench LOAD PLACE LOOPS TASKS SECONDS"
    }
}
