public import Linux

/// Where state is kept that may vanish: copies of revocations, counters, web sessions. Redis, or the memory of this
/// process.
///
/// Every method is one round trip, and calls that are made in the same turn of the loop share it. Lives on one loop.
///
/// Times to live count in whole milliseconds, rounded up, and are at least one. Keys that begin with `hits:` belong to `hit`.
public protocol EphemeralStore: AnyObject {
    /// Names the present life of what is kept: another name means that all of it may be gone, or old. Nil while nobody
    /// answers.
    var generation: String? { get }

    /// The values of keys, in their order; nil for those that are not there or have expired.
    func get(_ keys: [String]) async throws(EphemeralStoreError) -> [[UInt8]?]

    /// Sets a key. True when it was set, which with a condition may not be so.
    @discardableResult
    func set(
        _ key: String,
        to value: [UInt8],
        expiresIn: Duration?,
        when condition: SetCondition
    ) async throws(EphemeralStoreError) -> Bool

    /// Sets many keys, all or none as far as others can see.
    func set(_ entries: [EphemeralEntry]) async throws(EphemeralStoreError)

    /// Sets a key that has a certain value to another; false, and nothing has changed, when it has not.
    @discardableResult
    func replace(
        _ key: String,
        _ old: [UInt8],
        with new: [UInt8],
        expiresIn: Duration?
    ) async throws(EphemeralStoreError) -> Bool

    /// Sets many keys to numbers, except those that hold the same or a larger one. None lives shorter than it would have. All
    /// or none as far as others can see.
    func raise(_ numbers: [EphemeralNumber]) async throws(EphemeralStoreError)

    /// Removes keys; answers how many were there.
    @discardableResult
    func remove(_ keys: [String]) async throws(EphemeralStoreError) -> Int

    /// Gives a key another time to live; false when it is not there.
    @discardableResult
    func expire(_ key: String, in duration: Duration) async throws(EphemeralStoreError) -> Bool

    /// Adds to a counter and answers its new value. A counter that was not there begins at 0 and gets the time to live; one that
    /// was keeps its own. Atomic, whoever else counts.
    func increment(_ key: String, by amount: Int, expiresIn: Duration) async throws(EphemeralStoreError) -> Int

    /// Counts one hit of a subject in several sliding windows at once, unless one of them is full: then none counts it.
    /// Atomic, in one round trip. A subject must always come with the same windows: hits older than the longest are
    /// forgotten.
    func hit(_ subject: String, windows: [SlidingWindow], at time: WallTime) async throws(EphemeralStoreError)
        -> HitOutcome

    /// Takes back one hit of a subject that was counted at exactly that time, if there is one.
    func withdrawHit(of subject: String, at time: WallTime) async throws(EphemeralStoreError)

    /// Asks for a sign of life, and answers how long it took.
    func ping(timeout: Duration) async throws(EphemeralStoreError) -> Duration

    /// Ends the connection of this loop, if there is one.
    func close() async
}

public enum SetCondition: Sendable {
    case always
    case onlyIfAbsent
    case onlyIfPresent
}

public struct EphemeralEntry: Sendable {
    public let key: String
    public let value: [UInt8]
    public let expiresIn: Duration?

    public init(key: String, value: [UInt8], expiresIn: Duration?) {
        self.key = key
        self.value = value
        self.expiresIn = expiresIn
    }
}

/// A number that only grows. Its value is written in decimal digits; at most 2^53 can be compared everywhere.
public struct EphemeralNumber: Sendable {
    public let key: String
    public let number: Int
    public let expiresIn: Duration

    public init(key: String, number: Int, expiresIn: Duration) {
        precondition(abs(number) <= 1 << 53, "a number that a double does not hold")
        self.key = key
        self.number = number
        self.expiresIn = expiresIn
    }
}
