internal import Cryptography
internal import Linux

/// One numbered file of SQL: `0007_more_room.sql`. Once applied anywhere it is never changed again.
public struct MigrationFile: Equatable, Sendable {
    public let version: Int
    /// The file's name without its ending.
    public let name: String
    public let script: String
    /// SHA-256 of the script, in hexadecimal.
    public let checksum: String

    /// Nil when the name is not four digits, an underscore and words.
    public init?(fileName: String, script: String) {
        guard fileName.hasSuffix(".sql") else { return nil }
        let name = String(fileName.dropLast(4))
        let digits = name.prefix(4)
        let words = name.dropFirst(5)
        guard digits.count == 4, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let version = Int(digits),
            version > 0, name.dropFirst(4).first == "_", !words.isEmpty,
            words.utf8.allSatisfy({ (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F })
        else { return nil }
        self.version = version
        self.name = name
        self.script = script
        checksum = SHA256.hash([UInt8](script.utf8)).hexadecimal
    }
}

/// The files of a folder, in the order of their numbers.
public struct MigrationFolder: Equatable, Sendable {
    public let files: [MigrationFile]

    /// Every `.sql` file of a folder. One that is named otherwise, or has another's number, is an error: to leave it out
    /// silently would leave out a migration.
    public init(path: String) throws {
        var files: [MigrationFile] = []
        for name in try Directory.entries(path: path).sorted() where name.hasSuffix(".sql") {
            guard let bytes = try File.contents(path: "\(path)/\(name)", limit: 16 * 1_048_576),
                let script = String(validating: bytes, as: UTF8.self)
            else { throw MigrationError.unreadableFile(name) }
            guard let file = MigrationFile(fileName: name, script: script) else { throw MigrationError.badName(name) }
            files.append(file)
        }
        try self.init(files: files)
    }

    public init(files: [MigrationFile]) throws {
        let sorted = files.sorted { $0.version < $1.version }
        for (earlier, later) in zip(sorted, sorted.dropFirst()) where earlier.version == later.version {
            throw MigrationError.sameNumber(earlier.name, later.name)
        }
        self.files = sorted
    }
}
