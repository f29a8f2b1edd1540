/// A request as it was read, with what is wrong with its shape. The value behind it can be had in one way: by answering
/// for everything that is wrong, all of it at once.
public struct Received<Value: Sendable>: Sendable {
    /// Stand-ins are where a field could not be read.
    private let value: Value
    private let problems: FieldErrors

    init(_ value: Value, _ problems: FieldErrors) {
        self.value = value
        self.problems = problems
    }

    /// The value, when its shape is right.
    public func valid() throws(InvalidFields) -> Value {
        try valid { _, _ in }
    }

    /// The value, when its shape is right and the check finds nothing. The check is asked either way, so that one answer
    /// tells a missing field and a bad one; what it says about a field that could not be read is dropped, because it
    /// looked at a stand-in.
    public func valid(_ check: (Value, inout FieldErrors) -> Void) throws(InvalidFields) -> Value {
        var found = FieldErrors()
        check(value, &found)
        var all = problems
        for entry in found.entries where problems[entry.name].isEmpty {
            for message in entry.messages { all.add(entry.name, message) }
        }
        guard all.isEmpty else { throw InvalidFields(all) }
        return value
    }
}
