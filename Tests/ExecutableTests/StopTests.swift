import HTTPEngine
import Linux
import Networking
import TestKit
import Testing

/// How the programs end.
@Suite struct StopTests {
    /// A program in the middle of a request: half of its head has been read.
    private static func busy(
        _ name: String,
        _ environment: [String: String],
        on loop: EventLoop
    ) async throws -> (program: TestProgram, connection: RawConnection, address: SocketAddress) {
        let program = try TestProgram.serving(name, environment)
        let address = try await program.address(on: loop)
        let connection = try await RawConnection(to: address, on: loop)
        try await connection.send("GET \(TestProgram.livingTarget) HTTP/1.1\r\nHo")
        // There is one loop, and it hears its connections in turn: once this is answered, that has been read.
        _ = try await TestProgram.get("/nowhere", from: address, on: loop)
        return (program, connection, address)
    }

    private static func refuses(_ address: SocketAddress, on loop: EventLoop) async -> Bool {
        do {
            try await RawConnection(to: address, on: loop).close()
            return false
        } catch {
            return true
        }
    }

    @Test(arguments: programs, [ChildProcess.Signal.terminate, .interrupt])
    func `what is in flight is finished, and nothing new is begun`(_ name: String, _ signal: ChildProcess.Signal)
        async throws
    {
        try await withLoop { loop in
            let (program, connection, address) = try await StopTests.busy(name, ["SHUTDOWN_TIMEOUT": "60s"], on: loop)
            let idle = try await RawConnection(to: address, on: loop)
            program.process.send(signal)
            try await program.waitForErrors("asked to stop", on: loop)
            try await loop.wait(for: "the listener to close") { await StopTests.refuses(address, on: loop) }
            // Connections that ask for nothing are closed: from here on every answer is the last of its connection.
            try await idle.readToEnd()
            idle.close()
            #expect(program.process.endIfAny() == nil)
            try await connection.send("st: a\r\n\r\n")
            try await connection.readToEnd()
            #expect(connection.text.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(connection.text.contains("\r\nConnection: close\r\n"))
            #expect(try await program.ending(on: loop) == .exited(0))
            let word = signal == .terminate ? "SIGTERM" : "SIGINT"
            #expect(
                program.errors.contains("asked to stop service=\(name.dropFirst("gatehouse-".count)) signal=\(word)")
            )
            #expect(program.errors.contains(" ended ") && program.errors.contains("late=false"))
            connection.close()
        }
    }

    @Test func `what does not finish holds a program no longer than allowed`() async throws {
        try await withLoop { loop in
            let (program, connection, _) = try await StopTests.busy(
                "gatehouse-api",
                ["SHUTDOWN_TIMEOUT": "300ms", "HTTP_HEAD_TIMEOUT": "1h"],
                on: loop
            )
            let start = MonotonicTime.now()
            program.process.send(.terminate)
            #expect(try await program.ending(on: loop) == .exited(0))
            let duration = MonotonicTime.now() - start
            #expect(duration > .milliseconds(250) && duration < .seconds(10))
            try await connection.readToEnd()
            #expect(connection.received.isEmpty)
            connection.close()
        }
    }

    @Test(arguments: [(.terminate, 143), (.interrupt, 130)] as [(ChildProcess.Signal, Int32)])
    func `a second signal ends a program at once`(_ signal: ChildProcess.Signal, _ status: Int32) async throws {
        try await withLoop { loop in
            let (program, connection, _) = try await StopTests.busy(
                "gatehouse-api",
                ["SHUTDOWN_TIMEOUT": "120s", "HTTP_HEAD_TIMEOUT": "1h"],
                on: loop
            )
            program.process.send(.terminate)
            try await program.waitForErrors("asked to stop", on: loop)
            #expect(program.process.endIfAny() == nil)
            program.process.send(signal)
            #expect(try await program.ending(on: loop) == .exited(status))
            connection.close()
        }
    }

    @Test func `an idle connection holds nobody up`() async throws {
        try await withLoop { loop in
            let program = try TestProgram.serving("gatehouse-api", ["SHUTDOWN_TIMEOUT": "60s"])
            let address = try await program.address(on: loop)
            let idle = try await RawConnection(to: address, on: loop)
            try await idle.send("GET /health HTTP/1.1\r\nHost: a\r\n\r\n")
            try await idle.read { $0.hasSuffix("}") }
            let start = MonotonicTime.now()
            program.process.send(.terminate)
            #expect(try await program.ending(on: loop) == .exited(0))
            #expect(MonotonicTime.now() - start < .seconds(10))
            try await idle.readToEnd()
            idle.close()
        }
    }
}
