import HTTPEngine
import Linux
import Networking
import TestKit
import Testing

/// The programs while they serve.
@Suite struct ServingTests {
    @Test(arguments: programs)
    func `a program serves on a port that the log names`(_ name: String) async throws {
        try await withLoop { loop in
            let program = try TestProgram.serving(name)
            let address = try await program.address(on: loop)
            let answer = try await TestProgram.get(TestProgram.livingTarget, from: address, on: loop)
            #expect(answer.status == .ok)
            #expect(try await TestProgram.get("/nowhere", from: address, on: loop).status == .notFound)
            program.process.send(.terminate)
            #expect(try await program.ending(on: loop) == .exited(0))
            #expect(program.output.isEmpty)
            let service = name == "gatehouse-api" ? "service=api" : "service=web"
            // What is told once to whoever starts it is not of the log.
            let told = ["The first administrator was made: admin, password ", "This password is shown once."]
            let lines = program.errors.split(separator: "\n").filter { line in !told.contains { line.hasPrefix($0) } }
            #expect(lines.allSatisfy { $0.contains(service) })
        }
    }

    @Test func `a program serves when nothing is said`() async throws {
        try await withLoop { loop in
            let program = try TestProgram("gatehouse-api", [], ["API_LISTEN": "127.0.0.1:0"])
            let address = try await program.address(on: loop)
            #expect(try await TestProgram.get("/health", from: address, on: loop).text == #"{"status":"ok"}"#)
        }
    }

    @Test(arguments: programs)
    func `a port that is taken is a clear line and a failure`(_ name: String) async throws {
        try await withServer(answering: { _ in .text("") }) { server, loop in
            let listen = name == "gatehouse-api" ? "API_LISTEN" : "WEB_LISTEN"
            let program = try TestProgram.serving(name, [listen: server.addresses[0].description])
            #expect(try await program.ending(on: loop) == .exited(1))
            let failures = program.errors.split(separator: "\n").filter { $0.contains("CRITICAL") }
            #expect(failures.count == 1)
            #expect(failures.first?.contains("\(server.addresses[0]): bind: Address already in use") == true)
            #expect(!program.errors.contains(" ready "))
        }
    }

    @Test func `numbers are served on a listener of their own`() async throws {
        try await withLoop { loop in
            let program = try TestProgram.serving(
                "gatehouse-api",
                ["METRICS_LISTEN": "127.0.0.1:0", "EVENT_LOOPS": "2"]
            )
            let address = try await program.address(on: loop)
            let metrics = try await program.address(of: "metrics", on: loop)
            for _ in 0..<10 { _ = try await TestProgram.get("/health", from: address, on: loop) }
            for _ in 0..<2 { _ = try await TestProgram.get("/nowhere", from: address, on: loop) }
            let held = try await RawConnection(to: address, on: loop)
            let answer = try await TestProgram.get("/metrics", from: metrics, on: loop)
            #expect(answer.fields[.contentType] == "text/plain; version=0.0.4; charset=utf-8")
            let lines = Set(answer.text.split(separator: "\n"))
            #expect(lines.contains(#"http_requests_total{method="GET",route="/health",status="200"} 10"#))
            #expect(lines.contains(#"http_requests_total{method="-",route="none",status="404"} 2"#))
            for name in ["resident_memory_bytes", "cpu_seconds_total", "open_fds", "threads", "start_time_seconds"] {
                #expect(lines.contains { $0.hasPrefix("process_\(name) ") }, "\(name)")
            }
            // Nor does one listener serve what is the other's.
            #expect(try await TestProgram.get("/metrics", from: address, on: loop).status == .notFound)
            #expect(try await TestProgram.get("/health", from: metrics, on: loop).status == .notFound)
            held.close()
        }
    }

    @Test func `connections that ended leave no descriptor behind`() async throws {
        try await withLoop { loop in
            let program = try TestProgram.serving("gatehouse-api", ["METRICS_LISTEN": "127.0.0.1:0"])
            let address = try await program.address(on: loop)
            let metrics = try await program.address(of: "metrics", on: loop)
            func openFiles() async throws -> Int? {
                let text = try await TestProgram.get("/metrics", from: metrics, on: loop).text
                return text.split(separator: "\n").first { $0.hasPrefix("process_open_fds ") }
                    .flatMap { $0.split(separator: " ").last }.flatMap { Int($0) }
            }
            let before = try #require(try await openFiles())
            for kind in 0..<60 {
                let connection = try await RawConnection(to: address, on: loop)
                switch kind % 4 {
                case 0: try await connection.send("GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                case 1: try await connection.send("nonsense\r\n\r\n")
                case 2: try await connection.send("GET /health HT")
                default: break
                }
                if kind % 4 < 2 { try await connection.readToEnd() }
                connection.close()
            }
            try await loop.wait(for: "as few open files as before") { try await openFiles() == before }
        }
    }

    @Test func `the log is one JSON object a line when that is asked for`() async throws {
        try await withLoop { loop in
            let program = try TestProgram.serving("gatehouse-web", ["LOG_FORMAT": "json", "LOG_LEVEL": "debug"])
            try await loop.wait(for: "ready") { program.errors.contains(#""message":"ready""#) }
            let listening = program.errors.split(separator: "\n").first { $0.contains(#""address":""#) }
            let text = try #require(listening?.split(separator: #""address":""#).last?.prefix { $0 != "\"" })
            let address = try #require(SocketAddress(String(text)))
            let connection = try await RawConnection(to: address, on: loop)
            try await connection.send("GET /a\"b\\c\u{1}%0A HTTP/1.1\r\nHost: a\r\n\r\n")
            try await connection.readToEnd()
            connection.close()
            _ = try await TestProgram.get("/\"quoted\\", from: address, on: loop)
            program.process.send(.terminate)
            #expect(try await program.ending(on: loop) == .exited(0))
            let lines = program.errors.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            #expect(lines.count > 5 && lines.contains { $0.contains(#""path":"/\"quoted\\""#) })
            for line in lines {
                let members = try #require(StrictJSON.flatObject(String(line)), "\(line)")
                #expect(members.starts(with: ["time", "level", "message", "service"]))
            }
        }
    }

    @Test func `a unix socket is served, and its file is gone afterwards`() async throws {
        try await withLoop { loop in
            let directory = try TestDirectory()
            let path = directory.path("api.sock")
            let address = try #require(SocketAddress("unix:\(path)"))
            // Left behind by a program that was killed.
            let abandoned = try FileDescriptor.streamSocket(for: address)
            try abandoned.bind(to: address)
            abandoned.close()
            let program = try TestProgram.serving("gatehouse-api", ["API_LISTEN": "unix:\(path)"])
            #expect(try await program.address(on: loop) == address)
            #expect(try await TestProgram.get("/health", from: address, on: loop).status == .ok)
            // Nobody takes the place of one that lives.
            let second = try TestProgram.serving("gatehouse-api", ["API_LISTEN": "unix:\(path)"])
            #expect(try await second.ending(on: loop) == .exited(1))
            #expect(second.errors.contains("unix:\(path): bind: Address already in use"))
            #expect(try await TestProgram.get("/health", from: address, on: loop).status == .ok)
            #expect(try File.status(path: path).permissions == 0o660)
            program.process.send(.terminate)
            #expect(try await program.ending(on: loop) == .exited(0))
            #expect(throws: SystemError.self) { try File.status(path: path) }
        }
    }
}
