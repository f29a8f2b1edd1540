import HTTPEngine
import Linux
import Networking
import TestKit

let programs = ["gatehouse-api", "gatehouse-web"]

extension TestProgram {
    /// A program that serves on a free port, with one loop unless told otherwise.
    static func serving(_ name: String, _ environment: [String: String] = [:]) throws -> TestProgram {
        let listen = name == "gatehouse-api" ? "API_LISTEN" : "WEB_LISTEN"
        let variables = [listen: "127.0.0.1:0", "EVENT_LOOPS": "1"].merging(environment) { _, given in given }
        return try TestProgram(name, ["serve"], variables)
    }

    /// The whole answer of a fresh connection.
    static func get(_ target: String, from address: SocketAddress, on loop: EventLoop) async throws -> TestResponse {
        let client = HTTPClient(loop: loop)
        defer { client.close() }
        let request = HTTPRequest(method: .get, target: target)
        return try await TestResponse(try await client.send(request, to: HTTPOrigin(address), timeout: .seconds(20)))
    }

    /// The address that is sure to answer.
    static let livingTarget = "/health"

    /// What a program that does not serve has said, and how it ended.
    static func run(
        _ name: String,
        _ words: [String],
        _ environment: [String: String] = [:],
        dotEnv: String? = nil
    ) async throws -> (ending: ChildProcess.End, output: String, errors: String) {
        try await withLoop { loop in
            let program = try TestProgram(name, words, environment, dotEnv: dotEnv)
            let ending = try await program.ending(on: loop)
            return (ending, program.output, program.errors)
        }
    }
}
