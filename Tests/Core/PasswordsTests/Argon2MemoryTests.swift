import Glibc
import Testing

@testable import Passwords

@Suite struct Argon2MemoryTests {
    @Test(arguments: [65_536, 3 << 20]) func `all that was asked for is there, and gone when it is released`(
        count: Int
    ) throws {
        let start = try #require(Argon2Memory.allocate(count))
        start[0] = 1
        start[count - 1] = 1
        #expect(Self.isMapped(start))
        Argon2Memory.release(start, count)
        #expect(!Self.isMapped(start))
    }

    @Test func `nothing is released where nothing was allocated`() {
        Argon2Memory.release(nil, 1_024)
    }

    /// msync(2) of one page.
    ///
    /// > ENOMEM The indicated memory (or part of it) was not mapped.
    private static func isMapped(_ start: UnsafeMutablePointer<UInt8>) -> Bool {
        msync(start, 4_096, MS_ASYNC) == 0
    }
}
