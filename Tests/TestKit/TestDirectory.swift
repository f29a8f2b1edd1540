internal import Glibc
internal import Linux

/// A folder that goes away with the files in it.
public final class TestDirectory {
    public let path: String

    public init() throws {
        path = "/tmp/gatehouse-\(ProcessInfo.identifier)-\(UInt32.random(in: .min ... .max))"
        guard mkdir(path, 0o700) == 0 else { throw NeverHappened(what: path) }
    }

    public func path(_ name: String) -> String { "\(path)/\(name)" }

    deinit {
        for name in (try? Directory.entries(path: path)) ?? [] { try? File.remove(path: path(name)) }
        rmdir(path)
    }
}
