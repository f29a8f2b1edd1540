import Linux
import Testing

@testable import Passwords

@Suite struct Argon2MemoryTests {
    @Test(arguments: [65_536, 3 << 20]) func `all that was asked for is there`(count: Int) throws {
        let start = try #require(Argon2Memory.allocate(count))
        start[0] = 1
        start[count - 1] = 1
        Argon2Memory.release(start, count)
    }

    /// Hundreds of megabytes, one after the other, in no more than what one takes.
    @Test func `what was released is gone`() throws {
        let size = 64 << 20
        let before = try Self.addressSpace()
        for _ in 0..<16 {
            let start = try #require(Argon2Memory.allocate(size))
            Argon2Memory.release(start, size)
        }
        #expect(try Self.addressSpace() - before < 4 * size)
    }

    /// The first field of /proc/self/statm, in bytes.
    private static func addressSpace() throws -> Int {
        let content = try #require(try File.contents(path: "/proc/self/statm", limit: 1_024))
        let pages = try #require(String(decoding: content, as: UTF8.self).split(separator: " ").first)
        return try #require(Int(pages)) * 4_096
    }

    @Test func `nothing is released where nothing was allocated`() {
        Argon2Memory.release(nil, 1_024)
    }
}
