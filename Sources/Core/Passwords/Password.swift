/// What somebody typed to prove who they are, in the form that is hashed: Normalization Form C in UTF-8, 1 to 1,024
/// bytes, no NUL.
///
/// It never prints itself, and its memory is wiped when the last holder lets go. The String it was made from is the
/// caller's, and Swift has no way to wipe that one.
public final class Password: Sendable {
    /// In bytes. A sentence fits, and nobody can have us hash megabytes.
    public static let maximumLength = 1_024

    public let count: Int
    private let memory: WipedMemory

    /// Throws `empty`, `tooLong` or `holdsNUL`.
    public convenience init(_ text: String) throws(PasswordError) {
        // Composing makes three bytes of nine at best, so this keeps out only what would be too long anyway.
        if text.utf8.count > 3 * Password.maximumLength { throw PasswordError(.tooLong) }
        try self.init(bytes: text.normalizedToFormC.utf8) { WipedMemory(count: $0) }
    }

    init(bytes: some Collection<UInt8>, allocate: (Int) -> WipedMemory) throws(PasswordError) {
        if bytes.isEmpty { throw PasswordError(.empty) }
        if bytes.count > Password.maximumLength { throw PasswordError(.tooLong) }
        if bytes.contains(0) { throw PasswordError(.holdsNUL) }
        count = bytes.count
        let memory = allocate(count)
        memory.bytes.copyBytes(from: bytes)
        self.memory = memory
    }

    func withBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(UnsafeRawBufferPointer(memory.bytes))
    }

    /// The first bytes, at most `limit` of them, as crypt(3) wants them: with a NUL behind.
    func phrase(limit: Int) -> WipedMemory {
        let length = min(count, limit)
        let phrase = WipedMemory(count: length + 1)
        withBytes { phrase.bytes.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[..<length])) }
        return phrase
    }
}

extension Password: CustomStringConvertible, CustomReflectable {
    public var description: String { "****" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
