/// What is to be done to bring a database up to date. Made from values alone.
public struct MigrationPlan: Equatable, Sendable {
    /// A row of schema_migrations.
    public struct Applied: Equatable, Sendable {
        public let version: Int
        public let name: String
        /// Empty for a file that the database ran itself when it was made, before anybody could compute one.
        public let checksum: String

        public init(version: Int, name: String, checksum: String) {
            self.version = version
            self.name = name
            self.checksum = checksum
        }
    }

    /// Files to apply, in order.
    public let pending: [MigrationFile]
    /// Files that the database ran itself, whose checksums are to be noted.
    public let unsealed: [MigrationFile]

    /// Nothing that the program needs is missing.
    public var isUpToDate: Bool { pending.isEmpty }
    /// Nothing is left to do or to note.
    var isSettled: Bool { pending.isEmpty && unsealed.isEmpty }

    /// Throws when what was applied and what is here do not belong together.
    public init(files: [MigrationFile], applied: [Applied]) throws(MigrationError) {
        let rows = Dictionary(applied.map { ($0.version, $0) }) { first, _ in first }
        let latest = applied.max { $0.version < $1.version }
        var pending: [MigrationFile] = []
        var unsealed: [MigrationFile] = []
        for file in files {
            guard let row = rows[file.version] else {
                if let latest, file.version < latest.version {
                    throw .lateComer(file.name, behind: latest.name)
                }
                pending.append(file)
                continue
            }
            if row.checksum.isEmpty, row.name == file.name {
                unsealed.append(file)
            } else if row.checksum != file.checksum {
                throw .changed(file.name)
            }
        }
        let versions = Set(files.map(\.version))
        if let missing = applied.sorted(by: { $0.version < $1.version }).first(where: { !versions.contains($0.version) }
        ) {
            throw .missing(missing.name)
        }
        self.pending = pending
        self.unsealed = unsealed
    }
}
