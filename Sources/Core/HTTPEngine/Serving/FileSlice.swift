internal import Linux

/// A range of an open file, read piece by piece from left to right.
///
/// Reading is by pread(2), so several slices of one file do not disturb each other. It blocks when the page cache does
/// not have the page: pieces are small enough that a loop may wait for one, and in production nginx serves the files.
struct FileSlice {
    static let longestPiece = 65_536

    private let file: File
    private var rest: Range<Int>

    init(_ file: File, _ range: Range<Int>) {
        self.file = file
        rest = range
    }

    /// At most 64 KiB, nil at the end of the range. Throws `HTTPBodyError.incomplete` when the file ends before it: a
    /// length has been promised then, and nothing else may be sent in place of what is missing.
    mutating func next() throws -> [UInt8]? {
        if rest.isEmpty { return nil }
        let offset = rest.lowerBound
        let capacity = min(rest.count, FileSlice.longestPiece)
        // The only way to let the kernel fill an array; `count` is what it says it wrote.
        let piece = try unsafe [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
            count = try unsafe file.descriptor.read(into: UnsafeMutableRawBufferPointer(buffer), at: offset)
        }
        guard !piece.isEmpty else { throw HTTPBodyError.incomplete }
        rest = offset + piece.count..<rest.upperBound
        return piece
    }

    /// All of it at once.
    consuming func contents() throws -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(rest.count)
        while let piece = try next() { result += piece }
        return result
    }

    /// As a body that reads each piece when it is asked for, and keeps the file open as long.
    consuming func stream() -> HTTPBodyStream {
        var slice = self
        return HTTPBodyStream(length: slice.rest.count) { try slice.next() }
    }
}
