internal import Glibc
internal import Linux

/// The megabytes that one argon2id hash fills: straight from the kernel, and back to it when no other hash waits.
///
/// malloc would keep them. The first block of this size that is freed raises its threshold (mallopt(3),
/// M_MMAP_THRESHOLD), and from then on every hashing thread holds on to its 19 MiB, hashing or not. Large pages make up
/// for asking the kernel: filling them takes ten page faults instead of five thousand. Still the kernel has to clear
/// them, which is a good part of a hash; so where one hash follows the other they change hands.
///
/// There are never more of these regions, in use and spare, than hashes have run at once.
enum Argon2Memory {
    private struct Region: @unchecked Sendable {
        // It has one owner at a time: the hash that fills it, or the list of spare ones.
        let start: UnsafeMutableRawPointer
        let size: Int
    }

    private static let largePage = 2 << 20
    private static let spare = Lock<[Region]>([])

    /// A spare region, or mmap(2) and madvise(2). Nil when there is none.
    static func allocate(_ count: Int) -> UnsafeMutablePointer<UInt8>? {
        let size = size(count)
        if let region = spare.withLock({ $0.popLast() }) {
            if region.size == size { return region.start.assumingMemoryBound(to: UInt8.self) }
            unmap(region)
        }
        let start = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let start, start != MAP_FAILED else { return nil }
        // Advice only: without large pages it is slower.
        _ = madvise(start, size, MADV_HUGEPAGE)
        return start.assumingMemoryBound(to: UInt8.self)
    }

    /// For the next hash. libargon2 has wiped it before (FLAG_clear_internal_memory, which is on unless somebody turns
    /// it off).
    static func release(_ start: UnsafeMutablePointer<UInt8>?, _ count: Int) {
        guard let start else { return }
        spare.withLock { $0.append(Region(start: start, size: size(count))) }
    }

    /// Gives back to the kernel what no hash uses now.
    static func releaseSpare() {
        let regions = spare.withLock { spare in
            defer { spare = [] }
            return spare
        }
        for region in regions { unmap(region) }
    }

    static var spareCount: Int { spare.withLock { $0.count } }

    private static func unmap(_ region: Region) {
        let result = munmap(region.start, region.size)
        precondition(result == 0, "what was mapped can be unmapped")
    }

    /// The kernel aligns a mapping for large pages only when it is made of whole ones.
    private static func size(_ count: Int) -> Int {
        count < largePage ? count : (count + largePage - 1) & ~(largePage - 1)
    }
}
