import HTTPEngine
import Linux
import Networking
import TestKit
import Testing

/// The command `health` beside a server, as a container engine runs it.
@Suite struct HealthCommandTests {
    private static func listening(_ name: String, on address: SocketAddress) -> [String: String] {
        [name == "gatehouse-api" ? "API_LISTEN" : "WEB_LISTEN": address.description]
    }

    @Test(arguments: programs)
    func `health is good while the server answers and fails when it is gone`(_ name: String) async throws {
        try await withLoop { loop in
            let server = try TestProgram.serving(name)
            let address = try await server.address(on: loop)
            let asking = try TestProgram(name, ["health"], HealthCommandTests.listening(name, on: address))
            #expect(try await asking.ending(on: loop) == .exited(0))
            #expect(asking.output.contains("\(address)"))

            server.process.send(.terminate)
            _ = try await server.ending(on: loop)
            let later = try TestProgram(name, ["health"], HealthCommandTests.listening(name, on: address))
            #expect(try await later.ending(on: loop) == .exited(1))
            #expect(!later.errors.isEmpty)
        }
    }

    @Test(arguments: programs)
    func `a server on all addresses is asked on the machine's own`(_ name: String) async throws {
        try await withLoop { loop in
            let listen = name == "gatehouse-api" ? "API_LISTEN" : "WEB_LISTEN"
            let server = try TestProgram.serving(name, [listen: "0.0.0.0:0"])
            guard case .ip(_, let port) = try await server.address(on: loop) else {
                Issue.record("a port was asked for")
                return
            }
            let asking = try TestProgram(name, ["health"], [listen: "0.0.0.0:\(port)"])
            #expect(try await asking.ending(on: loop) == .exited(0))
            #expect(asking.output.contains("127.0.0.1:\(port)"))
        }
    }

    @Test func `an answer that tells of trouble is a failure with its status`() async throws {
        try await withServer(answering: { _ in HTTPResponse(status: .serviceUnavailable) }) { server, loop in
            let environment = HealthCommandTests.listening("gatehouse-api", on: server.addresses[0])
            let asking = try TestProgram("gatehouse-api", ["health", "--ready"], environment)
            #expect(try await asking.ending(on: loop) == .exited(1))
            #expect(asking.errors.contains("/health/ready answers 503"))
        }
    }
}
