import Glibc
import Linux
import TestKit

/// A folder shaped like `templates`, gone with the value. Names have one folder in front of them.
final class TestTemplates {
    struct Failure: Error {
        let path: String
    }

    let path: String
    private let folders: [String]

    init(_ files: [String: String]) throws {
        path = "/tmp/gatehouse-\(ProcessInfo.identifier)-\(UInt32.random(in: .min ... .max))"
        folders = Set(files.keys.map { String($0.prefix { $0 != "/" }) }).sorted()
        for folder in [path] + folders.map({ [path] in "\(path)/\($0)" }) {
            guard mkdir(folder, 0o700) == 0 else { throw Failure(path: folder) }
        }
        for (name, text) in files { try write(text, to: name) }
    }

    deinit {
        for folder in folders {
            for name in (try? Directory.entries(path: "\(path)/\(folder)")) ?? [] { remove("\(folder)/\(name)") }
            rmdir("\(path)/\(folder)")
        }
        rmdir(path)
    }

    /// Replaces what is there, as an editor does.
    func write(_ text: String, to name: String) throws {
        remove(name)
        try TestFiles.write(text, to: "\(path)/\(name)")
    }

    func remove(_ name: String) { try? File.remove(path: "\(path)/\(name)") }
}
