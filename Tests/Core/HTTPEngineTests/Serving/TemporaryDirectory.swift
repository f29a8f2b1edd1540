import Glibc
import Linux

/// A directory that goes away with everything in it.
final class TemporaryDirectory {
    let path: String
    private var created: [String] = []

    init() throws {
        let name = "/tmp/gatehouse-tests-\(ProcessInfo.identifier)-\(UInt64.random(in: 0 ... .max))"
        guard mkdir(name, 0o700) == 0 else { throw Failure(path: name) }
        path = try File.resolvedPath(name)
    }

    deinit {
        // Deepest last made, first removed.
        for entry in created.reversed() { remove(entry) }
        rmdir(path)
    }

    struct Failure: Error { let path: String }

    @discardableResult
    func directory(_ name: String) throws -> String {
        guard mkdir("\(path)/\(name)", 0o700) == 0 else { throw Failure(path: name) }
        created.append("\(path)/\(name)")
        return "\(path)/\(name)"
    }

    /// Last changed at the given second.
    func file(_ name: String, _ content: [UInt8], modified: Int = 784_111_777) throws {
        let full = "\(path)/\(name)"
        guard let stream = fopen(full, "w") else { throw Failure(path: name) }
        if !created.contains(full) { created.append(full) }
        let written = fwrite(content, 1, content.count, stream)
        guard fclose(stream) == 0, written == content.count else { throw Failure(path: name) }
        let time = timespec(tv_sec: modified, tv_nsec: 0)
        guard utimensat(AT_FDCWD, full, [time, time], 0) == 0 else { throw Failure(path: name) }
    }

    func link(_ name: String, to target: String) throws {
        guard symlink(target, "\(path)/\(name)") == 0 else { throw Failure(path: name) }
        created.append("\(path)/\(name)")
    }

    func pipe(_ name: String) throws {
        guard mkfifo("\(path)/\(name)", 0o600) == 0 else { throw Failure(path: name) }
        created.append("\(path)/\(name)")
    }
}
