import Testing

@testable import Redis

@Suite struct RESPEncoderTests {
    private static func encode(_ command: RedisCommand) -> String {
        var output: [UInt8] = []
        RESPEncoder.encode(command, into: &output)
        return String(decoding: output, as: UTF8.self)
    }

    @Test func `commands are arrays of bulk strings, with lengths in bytes`() {
        #expect(RESPEncoderTests.encode(RedisCommand("PING")) == "*1\r\n$4\r\nPING\r\n")
        #expect(
            RESPEncoderTests.encode(RedisCommand("SET", [.joined("gh:", "clé"), .bytes([13, 10, 0]), "PX", -120]))
                == "*5\r\n$3\r\nSET\r\n$7\r\ngh:clé\r\n$3\r\n\r\n\0\r\n$2\r\nPX\r\n$4\r\n-120\r\n"
        )
        let many = RESPEncoderTests.encode(RedisCommand("DEL", Array(repeating: "", count: 11)))
        #expect(many == "*12\r\n$3\r\nDEL\r\n" + String(repeating: "$0\r\n\r\n", count: 11))
        for length in [9, 10, 99, 100, 101, 1_000] {
            let text = String(repeating: "x", count: length)
            let array = "*2\r\n$3\r\nGET\r\n$\(length)\r\n\(text)\r\n"
            #expect(RESPEncoderTests.encode(RedisCommand("GET", [.string(text)])) == array)
            #expect(RESPEncoderTests.encode(RedisCommand("GET", [.bytes(Array(text.utf8))])) == array)
        }
    }

    @Test(arguments: [0, 7, 10, -1, -120, 999_999_999_999_999, 1_764_403_200_000_000, Int.max, Int.min])
    func `a number is written in its digits`(_ number: Int) {
        let text = String(number)
        let array = "*2\r\n$3\r\nGET\r\n$\(text.utf8.count)\r\n\(text)\r\n"
        #expect(RESPEncoderTests.encode(RedisCommand("GET", [.integer(number)])) == array)
    }

    @Test func `a command prints its name and no argument`() {
        let command = RedisCommand("AUTH", ["user", "secret"])
        #expect("\(command)" == "AUTH")
        #expect(String(reflecting: command) == "AUTH")
    }

    /// FIPS 180, its examples, and what redis-cli answered to SCRIPT LOAD "return 1".
    @Test(arguments: [
        ("", "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
        ("abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
        ("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "84983e441c3bd26ebaae4aa1f95129e5e54670f1"),
        (String(repeating: "a", count: 1_000), "291e9a6c66994949b57ba5e650361e98fc36b1ba"),
        ("return 1", "e0e1f9fabfc9d4800c877a703b823ac0578ff8db"),
    ])
    func `scripts are named by their SHA-1`(text: String, digest: String) {
        #expect(RedisScript(text).sha1 == digest)
    }
}
