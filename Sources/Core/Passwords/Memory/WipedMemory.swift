internal import Glibc

/// Bytes that are zero when they come and wiped before they go: for what must not be found in memory later.
struct WipedMemory: ~Copyable, @unchecked Sendable {
    // One owner, which the compiler checks; Password shares it between threads and only reads.
    let bytes: UnsafeMutableRawBufferPointer
    private let release: @Sendable (UnsafeMutableRawBufferPointer) -> Void

    /// `release` gets the bytes back, wiped.
    init(
        count: Int,
        release: @escaping @Sendable (UnsafeMutableRawBufferPointer) -> Void = { $0.deallocate() }
    ) {
        bytes = .allocate(byteCount: count, alignment: 64)
        bytes.initializeMemory(as: UInt8.self, repeating: 0)
        self.release = release
    }

    deinit {
        WipedMemory.wipe(bytes)
        release(bytes)
    }

    /// explicit_bzero(3).
    ///
    /// > The explicit_bzero() function performs the same task as bzero(). It differs from bzero() in that it guarantees
    /// > that compiler optimizations will not remove the erase operation if the compiler deduces that the operation is
    /// > "unnecessary".
    static func wipe(_ bytes: UnsafeMutableRawBufferPointer) {
        if let start = bytes.baseAddress { explicit_bzero(start, bytes.count) }
    }

    /// Wipes an array that nobody else holds: a shared one would be copied first.
    static func wipe(_ array: inout [UInt8]) {
        array.withUnsafeMutableBytes { wipe($0) }
    }
}
