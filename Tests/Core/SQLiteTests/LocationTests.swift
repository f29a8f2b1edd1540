import Testing

@testable import SQLite

@Suite struct LocationTests {
    @Test(arguments: [
        ("sqlite::memory:", SQLiteLocation.memory),
        ("sqlite:data/gatehouse.sqlite", .file(path: "data/gatehouse.sqlite")),
        ("sqlite:/var/lib/x.db", .file(path: "/var/lib/x.db")),
        ("sqlite:///var/lib/x.db", .file(path: "///var/lib/x.db")),
        ("sqlite:with space and %20?mode=ro", .file(path: "with space and %20?mode=ro")),
    ])
    func `an address names a file or memory`(url: String, location: SQLiteLocation) {
        #expect(SQLiteLocation(url: url) == location)
        #expect(location.url == url)
    }

    @Test(arguments: [
        "", "sqlite:", "sqlite", "SQLITE:x", "sqlite://host/x", "sqlite:folder/", "sqlite:a\0b", "postgresql:///x",
    ])
    func `anything else is refused`(url: String) { #expect(SQLiteLocation(url: url) == nil) }
}
