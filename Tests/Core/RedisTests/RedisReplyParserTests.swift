import Ephemeral
import Testing

@testable import Redis

@Suite struct RedisReplyParserTests {
    private static let replies: [(bytes: String, reply: RedisReply)] = [
        ("+OK\r\n", .simple("OK")),
        ("+\r\n", .simple("")),
        ("-ERR unknown command 'x'\r\n", .error(kind: "ERR", message: "unknown command 'x'")),
        ("-LOADING\r\n", .error(kind: "LOADING", message: "")),
        (":0\r\n", .integer(0)),
        (":-9223372036854775808\r\n", .integer(.min)),
        (":9223372036854775807\r\n", .integer(.max)),
        ("$0\r\n\r\n", .bulk([])),
        ("$6\r\na\r\n+b\n\r\n", .bulk(Array("a\r\n+b\n".utf8))),
        ("$-1\r\n", .null),
        ("*-1\r\n", .null),
        ("*0\r\n", .array([])),
        ("*3\r\n$1\r\na\r\n$-1\r\n:5\r\n", .array([.bulk([97]), .null, .integer(5)])),
        (
            "*3\r\n*2\r\n+a\r\n*0\r\n-ERR b c\r\n*1\r\n*1\r\n:1\r\n",
            .array([
                .array([.simple("a"), .array([])]), .error(kind: "ERR", message: "b c"),
                .array([.array([.integer(1)])]),
            ])
        ),
    ]

    private static func parse(_ pieces: [ArraySlice<UInt8>], limit: Int = 1_000) throws(RedisProtocolError)
        -> [RedisReply]
    {
        let parser = RedisReplyParser(maximumLength: limit)
        var replies: [RedisReply] = []
        for piece in pieces {
            parser.feed(Array(piece).span)
            while let reply = try parser.next() { replies.append(reply) }
        }
        return replies
    }

    @Test func `replies are the same whole, byte by byte, and cut at every point`() throws {
        let bytes = RedisReplyParserTests.replies.flatMap { Array($0.bytes.utf8) }
        let expected = RedisReplyParserTests.replies.map(\.reply)
        #expect(try RedisReplyParserTests.parse([bytes[...]]) == expected)
        #expect(try RedisReplyParserTests.parse(bytes.indices.map { bytes[$0...$0] }) == expected)
        for cut in bytes.indices {
            #expect(try RedisReplyParserTests.parse([bytes[..<cut], bytes[cut...]]) == expected, "cut at \(cut)")
        }
    }

    @Test(arguments: [
        "x", "\r\n", "HTTP/1.1 400 Bad Request\r\n\r\n", "$x\r\n", "$-2\r\n", "$99999999999999999999\r\n", ":\r\n",
        ":1a\r\n",
        "*-2\r\n", "*2147483648\r\n", "*1\r\nx", "%1\r\n+a\r\n+b\r\n",
    ])
    func `what is no reply is an error, and nothing comes after it`(bytes: String) {
        let parser = RedisReplyParser(maximumLength: 1_000)
        parser.feed(Array(bytes.utf8).span)
        #expect(throws: RedisProtocolError.self) { try parser.next() }
        parser.feed(Array("+OK\r\n".utf8).span)
        #expect(throws: RedisProtocolError.self) { try parser.next() }
    }

    @Test func `arrays nested deeper than seven are refused, with what was built of them`() throws {
        func nest(_ depth: Int) -> [UInt8] { Array((String(repeating: "*1\r\n", count: depth) + ":1\r\n").utf8) }
        #expect(try RedisReplyParserTests.parse([nest(7)[...]]).count == 1)
        #expect(throws: RedisProtocolError.self) { try RedisReplyParserTests.parse([nest(9)[...]]) }
        #expect(throws: RedisProtocolError.self) {
            try RedisReplyParserTests.parse([nest(100_000)[...]], limit: 1 << 20)
        }
    }

    @Test(arguments: ["$2000000000\r\n", "*2147483647\r\n", "+", "$5", "*1000000\r\n"])
    func `announced sizes reserve nothing, and too much is refused`(start: String) throws {
        let parser = RedisReplyParser(maximumLength: 100_000)
        parser.feed(Array(start.utf8).span)
        #expect(try parser.next() == nil)
        let filling = [UInt8](repeating: UInt8(ascii: "1"), count: 1_000)
        let element = Array("$994\r\n".utf8)
        var sent = 0
        #expect(throws: RedisProtocolError.self) {
            while sent < 200_000 {
                if start.hasPrefix("*") {
                    parser.feed((element + filling.prefix(994) + [13, 10]).span)
                } else {
                    parser.feed(filling.span)
                }
                sent += 1_000
                while try parser.next() != nil {}
            }
        }
        #expect(sent <= 102_000)
    }

    @Test func `replies that follow each other do not count together`() throws {
        let reply = Array("$50\r\n".utf8) + [UInt8](repeating: 1, count: 50) + [13, 10]
        let many = Array(repeating: reply, count: 100).flatMap(\.self)
        #expect(try RedisReplyParserTests.parse([many[...]], limit: 60).count == 100)
        #expect(try RedisReplyParserTests.parse(many.indices.map { many[$0...$0] }, limit: 60).count == 100)
    }

    @Test func `random bytes are an error or a reply, and never more`() {
        var generator = SplitMix(seed: 3)
        let alphabet = Array("+-:$*\r\n0123456789-ab".utf8)
        for _ in 0..<5_000 {
            let bytes = (0..<Int.random(in: 1...60, using: &generator)).map { _ in
                alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
            }
            let pieces = bytes.indices.map { bytes[$0...$0] }
            let whole = try? RedisReplyParserTests.parse([bytes[...]])
            #expect(whole == (try? RedisReplyParserTests.parse(pieces)))
        }
    }

    @Test func `error replies are sorted into unavailability and refusal, and no reply prints its data`() {
        for kind in ["LOADING", "READONLY", "MASTERDOWN", "MISCONF", "BUSY"] {
            #expect(throws: EphemeralStoreError(.unavailable, kind: kind)) {
                try RedisReply.error("\(kind) words").checked()
            }
        }
        for kind in ["WRONGTYPE", "OOM", "NOPERM", "ERR"] {
            #expect(throws: EphemeralStoreError(.refused, kind: kind)) {
                try RedisReply.error("\(kind) words").checked()
            }
        }
        let reply = RedisReply.array([.bulk(Array("secret".utf8)), .error("ERR secret")])
        #expect("\(reply)" == "array of 2")
        #expect(!String(reflecting: reply).contains("secret"))
        #expect(!"\(RedisReply.error("ERR secret"))".contains("secret"))
        #expect("\(RedisReply.bulk(Array("secret".utf8)))" == "6 bytes")
    }
}

/// The same numbers in every run.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
