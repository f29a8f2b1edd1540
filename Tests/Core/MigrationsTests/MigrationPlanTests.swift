import Linux
import Migrations
import Testing

@Suite struct MigrationPlanTests {
    private static func file(_ name: String, _ script: String = "SELECT 1") throws -> MigrationFile {
        try #require(MigrationFile(fileName: name + ".sql", script: script))
    }

    private static func applied(_ file: MigrationFile, checksum: String? = nil) -> MigrationPlan.Applied {
        MigrationPlan.Applied(version: file.version, name: file.name, checksum: checksum ?? file.checksum)
    }

    @Test func `files that were not applied are pending, in the order of their numbers`() throws {
        let files = try ["0010_c", "0001_a", "0002_b"].map { try MigrationPlanTests.file($0) }
        let folder = try MigrationFolder(files: files)
        let plan = try MigrationPlan(files: folder.files, applied: [MigrationPlanTests.applied(files[1])])
        #expect(plan.pending.map(\.name) == ["0002_b", "0010_c"])
        #expect(
            try MigrationPlan(files: folder.files, applied: files.map { MigrationPlanTests.applied($0) }).isUpToDate
        )
    }

    @Test func `a file that was changed after it was applied is refused`() throws {
        let original = try MigrationPlanTests.file("0001_a", "CREATE TABLE a (b int)")
        let changed = try MigrationPlanTests.file("0001_a", "CREATE TABLE a (b text)")
        #expect(throws: MigrationError.changed("0001_a")) {
            try MigrationPlan(files: [changed], applied: [MigrationPlanTests.applied(original)])
        }
    }

    @Test func `a file that is gone is refused, and so is one that comes too late`() throws {
        let files = try ["0001_a", "0002_b", "0003_c"].map { try MigrationPlanTests.file($0) }
        let all = files.map { MigrationPlanTests.applied($0) }
        #expect(throws: MigrationError.missing("0002_b")) {
            try MigrationPlan(files: [files[0], files[2]], applied: all)
        }
        #expect(throws: MigrationError.missing("0003_c")) {
            try MigrationPlan(files: [files[0], files[1]], applied: all)
        }
        #expect(throws: MigrationError.lateComer("0002_b", behind: "0003_c")) {
            try MigrationPlan(files: files, applied: [all[0], all[2]])
        }
    }

    @Test func `a file that the database ran itself is sealed, unless it is another one`() throws {
        let file = try MigrationPlanTests.file("0001_a")
        let plan = try MigrationPlan(files: [file], applied: [MigrationPlanTests.applied(file, checksum: "")])
        #expect(plan.pending.isEmpty && plan.unsealed == [file])
        let other = MigrationPlan.Applied(version: 1, name: "0001_other", checksum: "")
        #expect(throws: MigrationError.changed("0001_a")) { try MigrationPlan(files: [file], applied: [other]) }
    }

    @Test(arguments: [
        "1_a.sql", "0001a.sql", "0001_.sql", "0001_A.sql", "00001_a.sql", "0000_a.sql", "0001_a b.sql", "0001_a.txt",
    ])
    func `a name that is not in the form is refused`(_ name: String) {
        #expect(MigrationFile(fileName: name, script: "") == nil)
    }

    @Test func `two files with one number are refused`() throws {
        let files = try ["0001_a", "0001_b"].map { try MigrationPlanTests.file($0) }
        #expect(throws: MigrationError.sameNumber("0001_a", "0001_b")) { try MigrationFolder(files: files) }
    }

    @Test func `every error says what to do`() {
        #expect("\(MigrationError.changed("0001_a"))".contains("new file"))
        #expect("\(MigrationError.missing("0001_a"))".contains("older version"))
    }
}
