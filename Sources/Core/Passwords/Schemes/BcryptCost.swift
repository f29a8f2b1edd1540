/// The binary logarithm of how often bcrypt sets its key up.
public struct BcryptCost: Equatable, Sendable {
    public let rounds: Int

    /// 4 is the least there is; 15 takes one to two seconds of one core.
    public static let bounds = 4...15

    /// Throws `costOutOfBounds`.
    public init(_ rounds: Int) throws(PasswordError) {
        guard BcryptCost.bounds.contains(rounds) else { throw PasswordError(.costOutOfBounds) }
        self.rounds = rounds
    }
}

extension BcryptCost: CustomStringConvertible {
    public var description: String { "r=\(rounds)" }
}
