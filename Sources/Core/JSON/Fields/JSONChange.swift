/// What a PATCH says about one field. Leaving it out and sending null are different things (RFC 7396).
public enum JSONChange<Value> {
    /// The body does not name the field.
    case unchanged
    /// The body says null.
    case cleared
    case set(Value)
}

extension JSONChange {
    /// What the field holds after the change.
    public func applied(to current: Value?) -> Value? {
        switch self {
        case .unchanged: current
        case .cleared: nil
        case .set(let value): value
        }
    }
}

extension JSONChange: Equatable where Value: Equatable {}

extension JSONChange: Sendable where Value: Sendable {}
