internal import Glibc

/// A regular file open for reading. Owns its descriptor.
public final class File: Sendable {
    public struct Status: Equatable, Sendable {
        public let size: Int
        public let modified: WallTime
        public let inode: UInt64
        public let isRegular: Bool
        public let isDirectory: Bool
        public let isSocket: Bool
        /// The lower twelve bits: set-id bits and permissions.
        public let permissions: UInt32
    }

    public let descriptor: FileDescriptor

    /// open(2), for reading.
    ///
    /// > O_NOFOLLOW: If the trailing component of path is a symbolic link, then the open fails.
    ///
    /// O_NONBLOCK keeps a named pipe from holding the caller; regular files do not look at it.
    public init(path: String, followLinks: Bool = true) throws(SystemError) {
        let flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | (followLinks ? 0 : O_NOFOLLOW)
        descriptor = FileDescriptor(number: try systemCall("open") { open(path, flags) })
    }

    /// Makes a new file for writing, with permissions for its owner only. Fails where one is already.
    public init(creating path: String) throws(SystemError) {
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC
        descriptor = FileDescriptor(number: try systemCall("open") { open(path, flags, 0o600) })
    }

    deinit { descriptor.close() }

    /// fstat(2).
    public func status() throws(SystemError) -> Status {
        var value = stat()
        _ = try systemCall("fstat") { fstat(descriptor.number, &value) }
        return Status(value)
    }

    /// stat(2).
    public static func status(path: String) throws(SystemError) -> Status {
        var value = stat()
        _ = try systemCall("stat") { stat(path, &value) }
        return Status(value)
    }

    /// The whole file, which may be at most `limit` bytes long: nil for a longer one.
    public static func contents(path: String, limit: Int) throws(SystemError) -> [UInt8]? {
        let file = try File(path: path)
        var result: [UInt8] = []
        let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 16_384, alignment: 1)
        defer { chunk.deallocate() }
        while true {
            let count = try file.descriptor.read(into: chunk)
            if count == 0 { return result }
            if result.count + count > limit { return nil }
            result += chunk[..<count]
        }
    }

    /// realpath(3): absolute, without links and dots. The file must exist.
    public static func resolvedPath(_ path: String) throws(SystemError) -> String {
        let resolved = try pointerCall("realpath") { realpath(path, nil) }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// unlink(2).
    public static func remove(path: String) throws(SystemError) { _ = try systemCall("unlink") { unlink(path) } }

    /// chmod(2).
    public static func setPermissions(_ mode: UInt32, path: String) throws(SystemError) {
        _ = try systemCall("chmod") { chmod(path, mode_t(mode)) }
    }
}

extension File.Status {
    fileprivate init(_ value: stat) {
        size = Int(value.st_size)
        modified = WallTime(seconds: Int64(value.st_mtim.tv_sec), nanosecondPart: Int32(value.st_mtim.tv_nsec))
        inode = UInt64(value.st_ino)
        let kind = value.st_mode & S_IFMT
        isRegular = kind == S_IFREG
        isDirectory = kind == S_IFDIR
        isSocket = kind == S_IFSOCK
        permissions = UInt32(value.st_mode & 0o7777)
    }
}
