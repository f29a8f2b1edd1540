internal import Text

/// Tells whether the names of one object differ: by looking at all of them while they are few, with a table from then
/// on, so that many names do not cost their square. The table's hash is seeded anew in every process.
struct JSONNames {
    private static let few = 16

    private var table: Set<Name> = []

    /// Whether none of the members so far has that name.
    mutating func accept(_ name: String, after members: [JSONObject.Member]) -> Bool {
        guard members.count >= JSONNames.few else {
            for index in members.indices where members[index].name.hasSameBytes(as: name) { return false }
            return true
        }
        if table.isEmpty { table = Set(members.map { Name(text: $0.name) }) }
        return table.insert(Name(text: name)).inserted
    }

    /// By its bytes, the hash too: there are as many texts as one likes that are the same to Swift and differ in bytes.
    private struct Name: Hashable {
        let text: String

        static func == (left: Name, right: Name) -> Bool { left.text.hasSameBytes(as: right.text) }

        func hash(into hasher: inout Hasher) {
            for byte in text.utf8 { hasher.combine(byte) }
        }
    }
}
