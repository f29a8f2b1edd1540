internal import Glibc

/// The megabytes that libargon2 fills for one hash: straight from the kernel, and back to it. libsodium maps its own.
///
/// malloc would keep them. The first block of this size that is freed raises its threshold (mallopt(3),
/// M_MMAP_THRESHOLD), and from then on every hashing thread holds on to its 19 MiB, hashing or not. Large pages make up
/// for asking the kernel: filling them takes ten page faults instead of five thousand.
enum Argon2Memory {
    private static let largePage = 2 << 20

    /// mmap(2) and madvise(2). Nil when there is none.
    static func allocate(_ count: Int) -> UnsafeMutablePointer<UInt8>? {
        let size = size(count)
        let start = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let start, start != MAP_FAILED else { return nil }
        // Advice only: without large pages it is slower.
        _ = madvise(start, size, MADV_HUGEPAGE)
        return start.assumingMemoryBound(to: UInt8.self)
    }

    /// munmap(2). libargon2 has wiped it before (FLAG_clear_internal_memory, which is on unless somebody turns it off).
    static func release(_ start: UnsafeMutablePointer<UInt8>?, _ count: Int) {
        guard let start else { return }
        let result = munmap(start, size(count))
        precondition(result == 0, "what was mapped can be unmapped")
    }

    /// The kernel aligns a mapping for large pages only when it is made of whole ones.
    private static func size(_ count: Int) -> Int {
        count < largePage ? count : (count + largePage - 1) & ~(largePage - 1)
    }
}
