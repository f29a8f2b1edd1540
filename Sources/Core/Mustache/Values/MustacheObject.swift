/// Values by name.
///
/// A page's objects have a handful of members, which a scan finds sooner than hashing does: comparing two names of up to
/// 15 bytes is comparing two words. An object with many members keeps them hashed.
public struct MustacheObject: Equatable, Sendable {
    private enum Storage: Sendable {
        case few([(String, MustacheValue)])
        case many([String: MustacheValue])
    }

    private static let mostScanned = 24

    private var storage: Storage

    /// Of several members with one name the last counts.
    public init(_ members: [(String, MustacheValue)] = []) {
        if members.count <= MustacheObject.mostScanned {
            storage = .few(members)
        } else {
            storage = .many(Dictionary(members) { _, last in last })
        }
    }

    /// nil when there is no such member.
    public subscript(name: String) -> MustacheValue? {
        switch storage {
        case .few(let members):
            for index in members.indices.reversed() where members[index].0 == name { return members[index].1 }
            return nil
        case .many(let members):
            return members[name]
        }
    }

    public mutating func set(_ name: String, to value: MustacheValue) {
        switch storage {
        case .few(let members):
            self = MustacheObject(members.filter { $0.0 != name } + [(name, value)])
        case .many(var members):
            members[name] = value
            storage = .many(members)
        }
    }

    var members: [String: MustacheValue] {
        switch storage {
        case .few(let members): Dictionary(members) { _, last in last }
        case .many(let members): members
        }
    }

    public static func == (left: MustacheObject, right: MustacheObject) -> Bool { left.members == right.members }
}

extension MustacheObject: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral members: (String, MustacheValue)...) { self.init(members) }
}
