/// The values that names are looked up in, the innermost last.
struct Contexts {
    private var values: [MustacheValue]

    init(_ data: MustacheValue) { values = [data] }

    mutating func push(_ value: MustacheValue) { values.append(value) }

    mutating func pop() { values.removeLast() }

    mutating func replaceTop(_ value: MustacheValue) { values[values.count - 1] = value }

    /// What a path stands for. nil when a name of it is nowhere.
    ///
    /// Its first part is looked for from the innermost value outwards, the others only in what the one before stands for.
    /// Behind a null, everything is null.
    func value(at path: Program.Path) -> MustacheValue? {
        if path.isCurrent { return values[values.count - 1] }
        guard var value = value(named: path.head) else { return nil }
        for name in path.tail {
            switch value {
            case .null: return .null
            case .object(let object):
                guard let member = object[name] else { return nil }
                value = member
            default: return nil
            }
        }
        return value
    }

    private func value(named name: String) -> MustacheValue? {
        for index in values.indices.reversed() {
            if case .object(let object) = values[index], let value = object[name] { return value }
        }
        return nil
    }
}
