public import Linux

/// The store for what may vanish, in the memory of this process: what Redis does, for a program that runs alone.
///
/// One for all loops, which share it behind a lock that is held for microseconds. It never drops what is still alive: when it
/// is full it refuses what is new (`refused`, kind `OOM`), as Redis does without an eviction policy, because a revocation
/// that was dropped would let a revoked token in.
public final class MemoryStore: EphemeralStore, Sendable {
    /// Bytes are an estimate: keys and values, and for each entry what it costs to keep.
    public struct Limits: Sendable {
        public var entries: Int
        public var bytes: Int

        public init(entries: Int = 500_000, bytes: Int = 64 << 20) {
            self.entries = entries
            self.bytes = bytes
        }
    }

    private let table: Lock<MemoryTable>
    private let now: @Sendable () -> MonotonicTime

    public init(limits: Limits = Limits(), now: @escaping @Sendable () -> MonotonicTime = MonotonicTime.now) {
        table = Lock(MemoryTable(limits: limits))
        self.now = now
    }

    /// One life, as long as the process.
    public var generation: String? { "memory" }

    /// How many entries there are, with some that have expired and were not taken out yet.
    public var count: Int { table.withLock { $0.count } }

    /// What they take.
    public var size: Int { table.withLock { $0.size } }

    public func get(_ keys: [String]) async throws(EphemeralStoreError) -> [[UInt8]?] {
        try access { (table, now) throws(EphemeralStoreError) in keys.map { table.value(for: $0, at: now) } }
    }

    @discardableResult
    public func set(
        _ key: String,
        to value: [UInt8],
        expiresIn: Duration?,
        when condition: SetCondition
    ) async throws(EphemeralStoreError) -> Bool {
        let entry = EphemeralEntry(key: key, value: value, expiresIn: expiresIn)
        return try access { (table, now) throws(EphemeralStoreError) in
            try table.set(entry, when: condition, at: now)
        }
    }

    public func set(_ entries: [EphemeralEntry]) async throws(EphemeralStoreError) {
        try access { (table, now) throws(EphemeralStoreError) in try table.set(entries, at: now) }
    }

    @discardableResult
    public func replace(
        _ key: String,
        _ old: [UInt8],
        with new: [UInt8],
        expiresIn: Duration?
    ) async throws(EphemeralStoreError) -> Bool {
        let entry = EphemeralEntry(key: key, value: new, expiresIn: expiresIn)
        return try access { (table, now) throws(EphemeralStoreError) in try table.replace(old, with: entry, at: now) }
    }

    public func raise(_ numbers: [EphemeralNumber]) async throws(EphemeralStoreError) {
        try access { (table, now) throws(EphemeralStoreError) in try table.raise(numbers, at: now) }
    }

    @discardableResult
    public func remove(_ keys: [String]) async throws(EphemeralStoreError) -> Int {
        try access { (table, now) throws(EphemeralStoreError) in table.remove(keys, at: now) }
    }

    @discardableResult
    public func expire(_ key: String, in duration: Duration) async throws(EphemeralStoreError) -> Bool {
        try access { (table, now) throws(EphemeralStoreError) in table.expire(key, in: duration, at: now) }
    }

    public func increment(
        _ key: String,
        by amount: Int,
        expiresIn: Duration
    ) async throws(EphemeralStoreError) -> Int {
        try access { (table, now) throws(EphemeralStoreError) in
            try table.increment(key, by: amount, expiresIn: expiresIn, at: now)
        }
    }

    public func hit(
        _ subject: String,
        windows: [SlidingWindow],
        at time: WallTime
    ) async throws(EphemeralStoreError) -> HitOutcome {
        guard let longest = windows.map(\.length).max() else { return HitOutcome(isAllowed: true, windows: []) }
        return try access { (table, now) throws(EphemeralStoreError) in
            try table.hit(subject, windows, longest: longest, time: time.hitMicroseconds, at: now)
        }
    }

    public func withdrawHit(of subject: String, at time: WallTime) async throws(EphemeralStoreError) {
        try access { (table, now) throws(EphemeralStoreError) in
            table.withdrawHit(of: subject, time: time.hitMicroseconds, at: now)
        }
    }

    public func ping(timeout: Duration) async throws(EphemeralStoreError) -> Duration {
        let start = MonotonicTime.now()
        try access { (_, _) throws(EphemeralStoreError) in () }
        return MonotonicTime.now() - start
    }

    /// Nothing: other loops may use it still.
    public func close() async {}

    private func access<Result: Sendable>(
        _ body: (inout MemoryTable, MonotonicTime) throws(EphemeralStoreError) -> Result
    ) throws(EphemeralStoreError) -> Result {
        if Task.isCancelled { throw EphemeralStoreError(.cancelled) }
        let now = now()
        return try table.withLock { (table) throws(EphemeralStoreError) in
            table.collect(at: now)
            return try body(&table, now)
        }
    }
}
