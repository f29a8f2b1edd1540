internal import Linux

/// The entries of a `MemoryStore`: what it does, without the lock and the clock.
struct MemoryTable {
    private let limits: MemoryStore.Limits
    private var values = ExpiringTable<[UInt8]>()
    private var logs = ExpiringTable<HitLog>()

    /// Taken out with each access at most: more than comes in with one, so that what has expired does not pile up.
    private static let collectedPerAccess = 16

    init(limits: MemoryStore.Limits) { self.limits = limits }

    var count: Int { values.count + logs.count }
    var size: Int { values.size + logs.size }

    mutating func collect(at now: MonotonicTime) {
        values.collect(at: now, limit: MemoryTable.collectedPerAccess)
        logs.collect(at: now, limit: MemoryTable.collectedPerAccess)
    }

    func value(for key: String, at now: MonotonicTime) -> [UInt8]? { values.value(for: key, at: now) }

    mutating func set(
        _ entry: EphemeralEntry,
        when condition: SetCondition,
        at now: MonotonicTime
    ) throws(EphemeralStoreError) -> Bool {
        let isPresent = values.value(for: entry.key, at: now) != nil
        switch condition {
        case .onlyIfAbsent where isPresent: return false
        case .onlyIfPresent where !isPresent: return false
        default: break
        }
        try set([entry], at: now)
        return true
    }

    /// All or none.
    mutating func set(_ entries: [EphemeralEntry], at now: MonotonicTime) throws(EphemeralStoreError) {
        try makeRoom(for: entries, at: now)
        for entry in entries {
            values.set(
                entry.key,
                to: entry.value,
                size: MemoryTable.size(entry),
                expiry: entry.expiresIn.map { now + .milliseconds($0.timeToLive) } ?? .distantFuture
            )
        }
    }

    mutating func replace(
        _ old: [UInt8],
        with entry: EphemeralEntry,
        at now: MonotonicTime
    ) throws(EphemeralStoreError) -> Bool {
        guard values.value(for: entry.key, at: now) == old else { return false }
        try set([entry], at: now)
        return true
    }

    /// All or none.
    mutating func raise(_ numbers: [EphemeralNumber], at now: MonotonicTime) throws(EphemeralStoreError) {
        try makeRoom(for: numbers.map { EphemeralEntry($0, $0.number) }, at: now)
        for number in numbers {
            let held = values.value(for: number.key, at: now).flatMap { Int(digits: $0) }
            let entry = EphemeralEntry(number, max(number.number, held ?? .min))
            let expiry = max(
                now + .milliseconds(number.expiresIn.timeToLive),
                values.expiry(of: number.key, at: now) ?? now
            )
            values.set(entry.key, to: entry.value, size: MemoryTable.size(entry), expiry: expiry)
        }
    }

    mutating func remove(_ keys: [String], at now: MonotonicTime) -> Int {
        var count = 0
        for key in keys where values.remove(key, at: now) { count += 1 }
        return count
    }

    mutating func expire(_ key: String, in duration: Duration, at now: MonotonicTime) -> Bool {
        values.setExpiry(of: key, to: now + .milliseconds(duration.timeToLive), at: now)
    }

    mutating func increment(
        _ key: String,
        by amount: Int,
        expiresIn: Duration,
        at now: MonotonicTime
    ) throws(EphemeralStoreError) -> Int {
        guard let old = values.value(for: key, at: now) else {
            let digits = Array(String(amount).utf8)
            _ = try set(EphemeralEntry(key: key, value: digits, expiresIn: expiresIn), when: .always, at: now)
            return amount
        }
        guard let count = Int(digits: old) else { throw EphemeralStoreError(.refused, kind: "ERR") }
        let (sum, overflow) = count.addingReportingOverflow(amount)
        if overflow { throw EphemeralStoreError(.refused, kind: "ERR") }
        _ = values.update(key, at: now) { value in
            value = Array(String(sum).utf8)
            return MemoryTable.size(key: key, value.count)
        }
        return sum
    }

    mutating func hit(
        _ subject: String,
        _ windows: [SlidingWindow],
        longest: Duration,
        time: Int64,
        at now: MonotonicTime
    ) throws(EphemeralStoreError) -> HitOutcome {
        let expiry = now + .milliseconds((longest + SlidingWindow.lingering).timeToLive)
        if logs.value(for: subject, at: now) == nil {
            try makeRoom(entries: 1, bytes: MemoryTable.size(key: subject, 64), at: now)
            logs.set(subject, to: HitLog(), size: MemoryTable.size(key: subject, 0), expiry: expiry)
        } else {
            var growth = 0
            _ = logs.update(subject, at: now) { log in
                growth = log.growth
                return MemoryTable.size(key: subject, log.size)
            }
            if growth > 0 { try makeRoom(entries: 0, bytes: growth, at: now) }
        }
        var outcome = HitOutcome(isAllowed: false, windows: [])
        _ = logs.update(subject, at: now) { log in
            outcome = log.hit(windows, at: time)
            return MemoryTable.size(key: subject, log.size)
        }
        if outcome.isAllowed { _ = logs.setExpiry(of: subject, to: expiry, at: now) }
        return outcome
    }

    mutating func withdrawHit(of subject: String, time: Int64, at now: MonotonicTime) {
        _ = logs.update(subject, at: now) { log in
            log.withdraw(at: time)
            return MemoryTable.size(key: subject, log.size)
        }
    }
}

// MARK: - Bounds

extension MemoryTable {
    private static func size(_ entry: EphemeralEntry) -> Int { size(key: entry.key, entry.value.count) }

    private static func size(key: String, _ bytes: Int) -> Int {
        // The key stands in the table and in the heap, but its bytes are shared.
        key.utf8.count + bytes + ExpiringTable<[UInt8]>.overhead
    }

    private mutating func makeRoom(for entries: [EphemeralEntry], at now: MonotonicTime) throws(EphemeralStoreError) {
        var (count, bytes) = (0, 0)
        var seen: Set<String> = []
        for entry in entries {
            bytes += MemoryTable.size(entry)
            guard entries.count == 1 || seen.insert(entry.key).inserted else { continue }
            let old = values.size(of: entry.key)
            bytes -= old
            if old == 0 { count += 1 }
        }
        try makeRoom(entries: count, bytes: bytes, at: now)
    }

    private mutating func makeRoom(entries: Int, bytes: Int, at now: MonotonicTime) throws(EphemeralStoreError) {
        if fits(entries: entries, bytes: bytes) { return }
        values.collect(at: now, limit: .max)
        logs.collect(at: now, limit: .max)
        guard fits(entries: entries, bytes: bytes) else { throw EphemeralStoreError(.refused, kind: "OOM") }
    }

    private func fits(entries: Int, bytes: Int) -> Bool {
        count + entries <= limits.entries && size + bytes <= limits.bytes
    }
}

extension Int {
    /// As Redis reads a counter: decimal digits with at most a minus before them, no leading zeros.
    fileprivate init?(digits: [UInt8]) {
        guard let value = Int(String(decoding: digits, as: UTF8.self)), Array(String(value).utf8) == digits else {
            return nil
        }
        self = value
    }
}

extension EphemeralEntry {
    fileprivate init(_ number: EphemeralNumber, _ value: Int) {
        self.init(key: number.key, value: Array(String(value).utf8), expiresIn: number.expiresIn)
    }
}
