internal import Cryptography
internal import Database
internal import Linux

/// Makes identifiers: UUIDv7 with random bits nobody can foretell, unless a test gives others.
struct Identifiers: Sendable {
    private let make: @Sendable (WallTime) -> UUID

    init(_ make: @escaping @Sendable (WallTime) -> UUID) { self.make = make }

    func next(at time: WallTime) -> UUID { make(time) }

    static let random = Identifiers { time in
        let random = SecureRandom()
        return UUID(time: time, random: (random.next(), random.next()))
    }
}
