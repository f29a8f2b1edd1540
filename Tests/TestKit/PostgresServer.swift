internal import Linux

/// A real Postgres server of a test run: private folder, private socket, one loopback port.
///
/// Debian's packages put the programs where PATH does not look. The server refuses to run as root, so root hands over
/// to the user `postgres`. Nothing outlives the test run, however that ends: a small shell beside each server watches
/// for it.
public final class PostgresServer: Sendable {
    public static let user = "gatehouse"
    public static let password = "correct horse"

    /// Where data, socket and log are.
    public let folder: String
    public let port: UInt16
    private let process = Lock<ChildProcess?>(nil)
    private let watcher = Lock<ChildProcess?>(nil)
    private let databaseCount = Lock(0)

    private static let programs = "/usr/lib/postgresql/15/bin"
    private static let serverCount = Lock(0)
    private static let common = SharedServer()

    private init() throws {
        let number = PostgresServer.serverCount.withLock { count in
            count += 1
            return count
        }
        folder = "/tmp/gatehouse-postgres-\(ProcessInfo.identifier)-\(number)"
        port = try PostgresServer.freePort()
    }

    /// The server that all suites share; each takes a database of its own there.
    public static func shared() async throws -> PostgresServer { try await common.server() }

    /// A server for one test, which may kill it. Ended when the body is.
    public static func with<Value>(
        isDurable: Bool = false,
        configuration: [String] = [],
        _ body: (PostgresServer) async throws -> Value
    ) async throws -> Value {
        let server = try await PostgresServer.start(isDurable: isDurable, configuration: configuration)
        do {
            let value = try await body(server)
            try await server.remove()
            return value
        } catch {
            try? await server.remove()
            throw error
        }
    }

    /// initdb, then a start. `isDurable` keeps fsync on.
    static func start(isDurable: Bool = false, configuration: [String] = []) async throws -> PostgresServer {
        let server = try PostgresServer()
        let settings =
            [
                "listen_addresses = '127.0.0.1'", "unix_socket_directories = '\(server.folder)'",
                "port = \(server.port)",
                "fsync = \(isDurable ? "on" : "off")", "max_connections = 200", "shared_buffers = 64MB",
                "log_line_prefix = '%m [%p] '", "full_page_writes = \(isDurable ? "on" : "off")",
            ] + configuration
        guard try await shell("mkdir -m 700 \(server.folder)", asServer: true) == .exited(0) else {
            throw PostgresServerFailure("no folder for a server")
        }
        try server.startWatching()
        let made = try await shell(
            """
            set -eu
            umask 077
            printf '%s' '\(password)' >\(server.folder)/password
            \(programs)/initdb -D \(server.folder)/data -U \(user) --pwfile=\(server.folder)/password -A scram-sha-256 \
                -E UTF8 --locale=C.UTF-8 --no-sync >\(server.folder)/initdb.log 2>&1
            cat >>\(server.folder)/data/postgresql.conf <<'END'
            \(settings.joined(separator: "\n"))
            END
            """,
            asServer: true
        )
        guard made == .exited(0) else { throw PostgresServerFailure("initdb failed") }
        try await server.start()
        return server
    }

    /// Removes everything when this process is gone.
    private func startWatching() throws {
        let script = """
            while [ -d /proc/\(ProcessInfo.identifier) ] && [ -d \(folder) ]; do sleep 0.5; done
            [ -d \(folder) ] || exit 0
            server=$(head -n 1 \(folder)/data/postmaster.pid) && [ "$server" -gt 0 ] && {
                all="$server $(pgrep -P $server)"
                kill -CONT $all
                kill -QUIT $server
                for turn in 1 2 3 4 5 6 7 8 9; do [ -d /proc/$server ] && sleep 0.5; done
                kill -KILL $all
            } 2>/dev/null
            rm -rf \(folder)
            """
        // In a session of its own: what ends the test run may end everything of its process group.
        let started = try PostgresServer.spawn("/usr/bin/setsid", ["/bin/sh", "-c", script], asServer: true)
        watcher.withLock { $0 = started }
    }

    private static func freePort() throws -> UInt16 {
        guard let any = SocketAddress("127.0.0.1:0") else { preconditionFailure("a literal address") }
        let socket = try FileDescriptor.streamSocket(for: any)
        defer { socket.close() }
        try socket.bind(to: any)
        guard case .ip(_, let port) = try socket.localAddress() else { preconditionFailure("bound to an IP address") }
        return port
    }
}

public struct PostgresServerFailure: Error, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }
}

// MARK: - Starting and stopping

extension PostgresServer {
    /// Starts it, and waits until it takes connections.
    public func start() async throws {
        let data = "\(folder)/data"
        for _ in 0..<20 {
            let started = try PostgresServer.spawn(
                "\(PostgresServer.programs)/postgres",
                ["-D", data],
                output: "\(folder)/log",
                asServer: true
            )
            process.withLock { $0 = started }
            for _ in 0..<1_000 {
                // After a kill the first start may find memory of processes that are not gone yet, and give up.
                if started.endIfAny() != nil { break }
                let arguments = ["-q", "-h", folder, "-p", "\(port)"]
                let ready = try await PostgresServer.run("\(PostgresServer.programs)/pg_isready", arguments)
                if ready == .exited(0) { return }
                try await Task.sleep(for: .milliseconds(5))
            }
        }
        throw PostgresServerFailure("the server does not start: see \(folder)")
    }

    /// Ends it in order, cutting connections.
    public func stop() async throws {
        process.withLock { $0 }?.send(.interrupt)
        try await waitForEnd()
    }

    /// SIGKILL for every process of it, all at once.
    public func kill() async throws {
        try await signalAll("KILL")
        try await waitForEnd()
    }

    /// SIGSTOP for every process of it: connections stay, and nothing answers.
    public func pause() async throws { try await signalAll("STOP") }

    public func resume() async throws { try await signalAll("CONT") }

    public func restart() async throws {
        try await stop()
        try await start()
    }

    /// With a certificate of its own making, `data/server.crt`, for the loopback address.
    public func enableTLS() async throws {
        let made = try await PostgresServer.shell(
            """
            cd \(folder)/data
            openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -keyout server.key -out server.crt \
                -addext subjectAltName=DNS:localhost,IP:127.0.0.1 2>/dev/null
            """,
            asServer: true
        )
        guard made == .exited(0) else { throw PostgresServerFailure("openssl failed") }
        try await execute("ALTER SYSTEM SET ssl = on")
        try await restart()
    }

    private func signalAll(_ name: String) async throws {
        guard let identifier = process.withLock({ $0?.identifier }) else { return }
        // The first one starts the others, so it goes first.
        let script = "kill -\(name) \(identifier); kill -\(name) $(pgrep -P \(identifier)) 2>/dev/null; true"
        _ = try await PostgresServer.shell(script)
    }

    private func waitForEnd() async throws {
        guard let started = process.withLock({ $0 }) else { return }
        _ = try await PostgresServer.end(of: started)
        process.withLock { $0 = nil }
    }

    private func remove() async throws {
        try await resume()
        try await stop()
        // Waited for, like every process: an exit test takes a zombie for what it waits for.
        if let watcher = watcher.withLock({ $0 }) {
            watcher.send(.kill)
            _ = try await PostgresServer.end(of: watcher)
        }
        _ = try await PostgresServer.shell("rm -rf \(folder)")
    }
}

// MARK: - Databases

extension PostgresServer {
    /// By way of the socket; `socket: false` by way of the port.
    public func url(
        database: String = "postgres",
        user: String = PostgresServer.user,
        password: String = PostgresServer.password,
        socket: Bool = true,
        options: String = ""
    ) -> String {
        let password = password.split(separator: " ").joined(separator: "%20")
        let extra = options.isEmpty ? "" : "&\(options)"
        guard socket else {
            return "postgresql://\(user):\(password)@127.0.0.1:\(port)/\(database)?connect_timeout=5\(extra)"
        }
        return "postgresql://\(user):\(password)@/\(database)?host=\(folder)&port=\(port)\(extra)"
    }

    /// The name of the database that a URL leads to.
    public static func database(in url: String) -> String {
        let path = url.prefix { $0 != "?" }
        return String(path[path.index(after: path.lastIndex(of: "/") ?? path.startIndex)...])
    }

    /// Gives the body the URL of a new, empty database, and drops it afterwards.
    public func withDatabase<Value>(_ body: (String) async throws -> Value) async throws -> Value {
        let number = databaseCount.withLock { count in
            count += 1
            return count
        }
        let name = "test_\(number)"
        try await execute("CREATE DATABASE \(name)")
        do {
            let value = try await body(url(database: name))
            try await execute("DROP DATABASE \(name) WITH (FORCE)")
            return value
        } catch {
            _ = try? await execute("DROP DATABASE \(name) WITH (FORCE)")
            throw error
        }
    }

    /// Runs SQL with psql, as the owner; answers its rows, columns parted by `|`.
    @discardableResult
    public func execute(_ sql: String, database: String = "postgres") async throws -> String {
        let number = databaseCount.withLock { count in
            count += 1
            return count
        }
        let output = "\(folder)/psql.\(number)"
        defer { try? File.remove(path: output) }
        let end = try await PostgresServer.run(
            "\(PostgresServer.programs)/psql",
            ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", sql, url(database: database)],
            output: output
        )
        let text = String(decoding: try File.contents(path: output, limit: 1 << 20) ?? [], as: UTF8.self)
        guard end == .exited(0) else { throw PostgresServerFailure("psql: \(text)") }
        return text.split(separator: "\n").joined(separator: "\n")
    }
}

// MARK: - Processes

extension PostgresServer {
    private static func shell(_ script: String, asServer: Bool = false) async throws -> ChildProcess.End {
        try await run("/bin/sh", ["-c", script], asServer: asServer)
    }

    /// Runs a program to its end, which must come within a minute.
    private static func run(
        _ path: String,
        _ arguments: [String],
        output: String? = nil,
        asServer: Bool = false
    ) async throws -> ChildProcess.End {
        try await end(of: try spawn(path, arguments, output: output, asServer: asServer))
    }

    private static func end(of process: ChildProcess) async throws -> ChildProcess.End {
        for _ in 0..<30_000 {
            if let end = process.endIfAny() { return end }
            try await Task.sleep(for: .milliseconds(2))
        }
        process.send(.kill)
        throw PostgresServerFailure("a program does not end")
    }

    private static func spawn(
        _ path: String,
        _ arguments: [String],
        output: String? = nil,
        asServer: Bool = false
    ) throws -> ChildProcess {
        guard asServer, isRoot else {
            return try ChildProcess.start(path: path, arguments: arguments, output: output)
        }
        // Unlike runuser it stays the same process and keeps the limits.
        let changeUser = ["--reuid=postgres", "--regid=postgres", "--clear-groups", path]
        return try ChildProcess.start(path: "/usr/bin/setpriv", arguments: changeUser + arguments, output: output)
    }
}

extension PostgresServer {
    /// Of the four user identifiers in proc(5) the second is the effective one.
    private static let isRoot: Bool = {
        let status = String(
            decoding: (try? File.contents(path: "/proc/self/status", limit: 65_536)) ?? [],
            as: UTF8.self
        )
        let line = status.split(separator: "\n").first { $0.hasPrefix("Uid:") }
        return line?.split(separator: "\t").dropFirst(2).first == "0"
    }()
}

/// Starts the shared server when it is first asked for.
private actor SharedServer {
    private var starting: Task<PostgresServer, any Error>?

    func server() async throws -> PostgresServer {
        if let starting { return try await starting.value }
        let task = Task { try await PostgresServer.start() }
        starting = task
        return try await task.value
    }
}
