internal import Glibc
internal import Linux

/// A file system of a few megabytes in memory, over an empty folder. Takes the right to mount.
public struct SmallDisk: Sendable {
    private let folder: String

    public init(at folder: String, megabytes: Int = 4) throws {
        self.folder = folder
        let arguments = ["-t", "tmpfs", "-o", "size=\(megabytes)m,mode=700", "tmpfs", folder]
        guard try SmallDisk.run("/bin/mount", arguments) else { throw SystemError(code: EPERM, call: "mount") }
    }

    /// Whether this user may.
    public static var isPossible: Bool {
        guard let folder = try? TestDirectory(), let disk = try? SmallDisk(at: folder.path) else { return false }
        disk.remove()
        return true
    }

    /// Lazily, for the case that a test left something open.
    public func remove() { _ = try? SmallDisk.run("/bin/umount", ["-l", folder]) }

    private static func run(_ path: String, _ arguments: [String]) throws -> Bool {
        let process = try ChildProcess.start(path: path, arguments: arguments, output: "/dev/null")
        while true {
            if let end = process.endIfAny() { return end == .exited(0) }
            usleep(500)
        }
    }
}
