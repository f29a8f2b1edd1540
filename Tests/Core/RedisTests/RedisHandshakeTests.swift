import Ephemeral
import Operations
import Testing

@testable import Redis

@Suite struct RedisHandshakeTests {
    private static func start(_ address: String) throws -> RedisHandshake {
        RedisHandshake(address: try RedisAddress(address), clientName: "gatehouse")
    }

    /// Every command as one line, which is how this test reads it; nothing else prints arguments.
    private static func lines(_ handshake: RedisHandshake) -> [String] {
        handshake.commands.map { command in
            var output: [UInt8] = []
            RESPEncoder.encode(command, into: &output)
            let parts = String(decoding: output, as: UTF8.self).split(separator: "\r\n")
            return parts.filter { !$0.hasPrefix("*") && !$0.hasPrefix("$") }.joined(separator: " ")
        }
    }

    @Test func `it signs in, selects, and asks who is there`() throws {
        #expect(
            RedisHandshakeTests.lines(try RedisHandshakeTests.start("redis://h")) == [
                "CLIENT SETNAME gatehouse", "INFO server", "PING",
            ]
        )
        #expect(
            RedisHandshakeTests.lines(try RedisHandshakeTests.start("redis://:p@h/3")) == [
                "AUTH p", "SELECT 3", "CLIENT SETNAME gatehouse", "INFO server", "PING",
            ]
        )
        #expect(RedisHandshakeTests.lines(try RedisHandshakeTests.start("redis://u:p@h")).first == "AUTH u p")
    }

    @Test func `it learns the name of the server, or does without`() throws {
        var handshake = try RedisHandshakeTests.start("redis://:p@h/3")
        let information = "# Server\r\nredis_version:7.0.15\r\nrun_id:abc123\r\n"
        for reply in [RedisReply.simple("OK"), .simple("OK"), .simple("OK"), .bulk(Array(information.utf8))] {
            #expect(!handshake.isComplete)
            try handshake.receive(reply)
        }
        try handshake.receive(.simple("PONG"))
        #expect(handshake.isComplete)
        #expect(handshake.runID == "abc123")
        #expect(throws: EphemeralStoreError(.unexpectedReply)) { try handshake.receive(.simple("PONG")) }

        var restricted = try RedisHandshakeTests.start("redis://h")
        for _ in 0..<3 { try restricted.receive(.error("NOPERM no permission")) }
        #expect(restricted.isComplete && restricted.runID == nil)
    }

    @Test(arguments: [
        ("redis://:p@h", ["-WRONGPASS"], "WRONGPASS"), ("redis://h", ["-NOAUTH"], "NOAUTH"),
        ("redis://h/99", ["-ERR"], "ERR"), ("redis://h", ["+OK", "+", "-LOADING"], "LOADING"),
        ("redis://h", ["+OK", "+", "-MASTERDOWN"], "MASTERDOWN"),
    ])
    func `a server that can not be worked with is unavailable`(address: String, replies: [String], kind: String) throws
    {
        var handshake = try RedisHandshakeTests.start(address)
        #expect(throws: EphemeralStoreError(.unavailable, kind: kind)) {
            for text in replies {
                switch text {
                case "+": try handshake.receive(.bulk([]))
                case "+OK": try handshake.receive(.simple("OK"))
                default: try handshake.receive(.error(String(text.dropFirst())))
                }
            }
        }
    }
}
