import Glibc
import Linux
import TestKit

/// A folder with templates, folders and links in it. Gone with the value.
final class TemplateTree {
    struct Failure: Error {
        let path: String
    }

    let path: String

    init(_ files: [String: String] = [:], at path: String? = nil) throws {
        self.path =
            path ?? "/tmp/gatehouse-templates-\(ProcessInfo.identifier)-\(UInt32.random(in: .min ... .max))"
        try TemplateTree.makeFolder(self.path)
        for (name, text) in files { try write(text, to: name) }
    }

    deinit { TemplateTree.remove(path) }

    /// Replaces what is there, as an editor does.
    func write(_ text: String, to name: String) throws {
        var folder = path
        for part in name.split(separator: "/").dropLast() {
            folder += "/\(part)"
            if access(folder, F_OK) != 0 { try TemplateTree.makeFolder(folder) }
        }
        remove(name)
        try TestFiles.write(text, to: "\(path)/\(name)")
    }

    func link(_ name: String, to target: String) throws {
        guard symlink(target, "\(path)/\(name)") == 0 else { throw Failure(path: name) }
    }

    func remove(_ name: String) { try? File.remove(path: "\(path)/\(name)") }

    private static func makeFolder(_ path: String) throws {
        guard mkdir(path, 0o700) == 0 else { throw Failure(path: path) }
    }

    private static func remove(_ folder: String) {
        for name in (try? Directory.entries(path: folder)) ?? [] {
            let path = "\(folder)/\(name)"
            if unlink(path) != 0 { remove(path) }
        }
        rmdir(folder)
    }
}
