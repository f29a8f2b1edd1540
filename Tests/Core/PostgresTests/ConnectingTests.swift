import Database
import Linux
import Networking
import Operations
import Postgres
import TestKit
import Testing

@Suite struct ConnectingTests {
    @Test(arguments: [
        "", "postgres", "mysql://x", "postgresql://a:b@[", "postgresql://h:notaport/x\0", "host=x password=hidden",
    ])
    func `what is no URL of a database is refused without quoting it`(_ url: String) {
        let error = #expect(throws: DatabaseError.self) { try PostgresAddress(url: url) }
        #expect(error?.message.contains("hidden") == false)
    }

    @Test func `an address shows where it leads, and no password`() throws {
        let address = try PostgresAddress(url: "postgresql://me:hidden@db.example:5433/main?sslmode=require")
        #expect("\(address)" == "db.example:5433/main")
        #expect(!String(reflecting: address).contains("hidden"))
        let dumped = dumpText(address)
        #expect(!dumped.contains("hidden"))
    }

    private func dumpText(_ value: some Any) -> String {
        var text = ""
        dump(value, to: &text)
        return text
    }

    @Test func `socket, port and name all lead there`() async throws {
        try await withBench { bench in
            let port = bench.server.url(database: bench.database, socket: false)
            for url in [bench.url, port, port.replacing("127.0.0.1", with: "localhost")] {
                let loopback = try await bench.withPool(url) { pool in
                    try await pool.value("SELECT inet_client_addr() IS NOT NULL", as: Bool.self)
                }
                #expect(loopback == (url != bench.url))
            }
        }
    }

    @Test func `who is not let in is told so, and the reason is in the log`() async throws {
        try await withBench { bench in
            let folder = bench.server.folder
            let cases = [
                (bench.url.replacing("correct", with: "wrong"), "password authentication failed"),
                (bench.url.replacing(bench.database, with: "no_such"), "does not exist"),
                (bench.url.replacing(folder, with: folder + "/nowhere"), "No such file or directory"),
                ("postgresql://127.0.0.1:1/x", "Connection refused"),
                ("postgresql://no-such-host.invalid/x", "could be resolved"),
            ]
            for (url, reason) in cases {
                try await bench.withPool(url) { pool in
                    let error = await pool.failure(of: "SELECT 1")
                    #expect(error?.code == .unavailable)
                    #expect(
                        bench.log.lines.last { $0.contains("no connection to the database") }?.contains(reason) == true
                    )
                    await #expect(throws: DatabaseError.self) { try await pool.ping(timeout: .seconds(1)) }
                    await #expect(throws: DatabaseError.self) { try await pool.transaction { _ in } }
                }
            }
            #expect(!bench.log.contains("wrong%20horse") && !bench.log.contains("wrong horse"))
        }
    }

    @Test func `a server that accepts and says nothing is given up in time`() async throws {
        try await withBench { bench in
            let silent = try FileDescriptor.streamSocket(for: try #require(SocketAddress("127.0.0.1:0")))
            defer { silent.close() }
            try silent.bind(to: try #require(SocketAddress("127.0.0.1:0")))
            try silent.listen(backlog: 16)
            guard case .ip(_, let port) = try silent.localAddress() else { return }
            try await bench.withPool(
                "postgresql://127.0.0.1:\(port)/x?sslmode=disable",
                { $0.connectTimeout = .milliseconds(200) }
            ) {
                pool in
                let start = MonotonicTime.now()
                #expect(await pool.failure(of: "SELECT 1")?.code == .unavailable)
                #expect(MonotonicTime.now() - start < .seconds(5))
                #expect(bench.log.contains("could not be reached in time"))
            }
        }
    }

    @Test func `TLS is as the URL asks`() async throws {
        try await withBenchOfItsOwn { bench in
            let folder = bench.server.folder
            let plain = bench.server.url(socket: false)
            try await bench.withPool(plain + "&sslmode=require") { pool in
                #expect(await pool.failure(of: "SELECT 1")?.code == .unavailable)
            }
            try await bench.server.enableTLS()
            try await bench.withPool(plain + "&sslmode=verify-full&sslrootcert=\(folder)/data/server.crt") { pool in
                let isEncrypted: SQL = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
                let answer = try await pool.value(isEncrypted, as: Bool.self)
                #expect(answer)
                // Records and libpq's buffer do not end at the same places.
                for size in [1, 8_000, 16_384, 16_385, 100_000, 3_000_001] {
                    #expect(
                        try await pool.value("SELECT repeat('x', \(size)::int)", as: String.self).utf8.count == size
                    )
                }
                let bytes = [UInt8](repeating: 7, count: 3_000_000)
                #expect(try await pool.value("SELECT \(bytes)", as: [UInt8].self) == bytes)
                let confined = LoopBound(pool, on: bench.loop)
                let tasks = (0..<1_000).map { number in
                    bench.loop.spawn { try? await confined.value.value("SELECT \(number)", as: Int.self) }
                }
                for (number, task) in tasks.enumerated() { #expect(await task.value == number) }
            }
            let strangers = "&sslmode=verify-full&sslrootcert=/etc/ssl/certs/ca-certificates.crt"
            try await bench.withPool(plain + strangers) { pool in
                #expect(await pool.failure(of: "SELECT 1")?.code == .unavailable)
            }
        }
    }
}
