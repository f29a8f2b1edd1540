/// What an argon2id hash costs, within what any may cost.
public struct Argon2Parameters: Equatable, Sendable {
    public let memoryKiB: Int
    public let iterations: Int
    public let parallelism: Int

    /// The least that OWASP's password storage cheat sheet asks for.
    public static let standard = Argon2Parameters(checkedMemoryKiB: 19_456, iterations: 2, parallelism: 1)

    /// One hash takes 256 MiB at most.
    static let memoryLimit = 262_144
    /// Memory times passes: a gibibyte is about half a second of one core.
    static let workLimit = 1_048_576
    static let parallelismLimit = 16

    /// Throws `costOutOfBounds`. The bounds hold for what is configured and for what is read from a table: a row that was
    /// tampered with can not ask for gigabytes or hours.
    public init(memoryKiB: Int, iterations: Int, parallelism: Int) throws(PasswordError) {
        guard
            (1...Argon2Parameters.parallelismLimit).contains(parallelism),
            // > m_cost [...] must be at least 8*p
            (8 * parallelism...Argon2Parameters.memoryLimit).contains(memoryKiB),
            (1...Argon2Parameters.workLimit / memoryKiB).contains(iterations)
        else { throw PasswordError(.costOutOfBounds) }
        self.init(checkedMemoryKiB: memoryKiB, iterations: iterations, parallelism: parallelism)
    }

    private init(checkedMemoryKiB: Int, iterations: Int, parallelism: Int) {
        memoryKiB = checkedMemoryKiB
        self.iterations = iterations
        self.parallelism = parallelism
    }

    /// In memory or passes. Lanes are left out: on one thread they change neither.
    func isBelow(_ other: Argon2Parameters) -> Bool {
        memoryKiB < other.memoryKiB || iterations < other.iterations
    }
}

extension Argon2Parameters: CustomStringConvertible {
    /// As a stored hash writes them.
    public var description: String { "m=\(memoryKiB),t=\(iterations),p=\(parallelism)" }
}
