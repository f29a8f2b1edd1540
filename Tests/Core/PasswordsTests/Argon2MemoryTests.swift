import Testing

@testable import Passwords

/// The only suite that leaves spare regions; it gives them back.
@Suite(.serialized) struct Argon2MemoryTests {
    @Test func `a region is used again by a hash of the same size`() throws {
        Argon2Memory.releaseSpare()
        let first = try #require(Argon2Memory.allocate(3 << 20))
        Argon2Memory.release(first, 3 << 20)
        #expect(Argon2Memory.spareCount == 1)
        let second = try #require(Argon2Memory.allocate(3 << 20))
        #expect(second == first && Argon2Memory.spareCount == 0)
        Argon2Memory.release(second, 3 << 20)
        Argon2Memory.releaseSpare()
        #expect(Argon2Memory.spareCount == 0)
    }

    @Test func `a region of another size makes room for the one that is asked for`() throws {
        Argon2Memory.releaseSpare()
        let small = try #require(Argon2Memory.allocate(65_536))
        Argon2Memory.release(small, 65_536)
        let large = try #require(Argon2Memory.allocate(3 << 20))
        #expect(Argon2Memory.spareCount == 0)
        // All of it is there.
        large[0] = 1
        large[(3 << 20) - 1] = 1
        Argon2Memory.release(large, 3 << 20)
        Argon2Memory.releaseSpare()
    }

    @Test func `nothing is released where nothing was allocated`() {
        Argon2Memory.releaseSpare()
        Argon2Memory.release(nil, 1_024)
        #expect(Argon2Memory.spareCount == 0)
    }
}
