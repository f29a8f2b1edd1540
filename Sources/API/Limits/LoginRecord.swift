internal import Database
internal import Linux

/// What is known of the failed logins of one account, device or address: a value without a store and without a clock.
///
/// Who tries takes a place first, and says afterwards what came of it. Places and failures together are never more than
/// the tries that are left, so that any number of parallel tries get no more of them than they would one after the other.
struct LoginRecord: Equatable, Sendable {
    private(set) var failures = 0
    /// Of the last one, in microseconds since 1970.
    private var failedAt: Int64 = 0
    /// Places that were taken and of which nothing was heard yet.
    private(set) var places = 0
    /// When the last one was taken.
    private var takenAt: Int64 = 0
    /// Whether somebody was told to wait since the last failure.
    private var hasRefused = false

    enum Standing: Equatable {
        case open
        /// Others are at it; what comes of them decides.
        case busy
        /// News for the first one who is told.
        case waiting(Duration, isNews: Bool = true)
    }

    /// Who takes a place and is not heard of for that long has failed: the process may have died.
    static let patience = Duration.seconds(60)

    init() {}

    func standing(under backoff: LoginBackoff, at now: WallTime) -> Standing {
        if failures < backoff.attempts { return failures + places < backoff.attempts ? .open : .busy }
        if places > 0 { return .busy }
        let wait = backoff.wait(after: failures)
        // A clock that went back lets nobody wait for longer than was meant.
        let left = min(wait, wait - age(of: failedAt, at: now))
        return left > .zero ? .waiting(left, isNews: !hasRefused) : .open
    }

    /// Forgets what is over.
    mutating func bring(to now: WallTime, under backoff: LoginBackoff) {
        if places > 0, age(of: takenAt, at: now) >= LoginRecord.patience {
            failures += places
            failedAt = takenAt
            places = 0
            hasRefused = false
        }
        if failures > 0, age(of: failedAt, at: now) >= backoff.forgetting { failures = 0 }
    }

    mutating func takePlace(at now: WallTime) {
        places += 1
        takenAt = now.microseconds
    }

    mutating func fail(at now: WallTime) {
        leavePlace()
        failures += 1
        failedAt = now.microseconds
        hasRefused = false
    }

    /// Somebody is told to wait.
    mutating func refuse() { hasRefused = true }

    /// One failure is made up for.
    mutating func succeed() {
        leavePlace()
        failures = max(0, failures - 1)
    }

    /// As if it had never been taken. None may be left: of an account whose owner has signed in everything was forgotten.
    mutating func leavePlace() { places = max(0, places - 1) }

    private func age(of time: Int64, at now: WallTime) -> Duration { .microseconds(now.microseconds - time) }
}

// MARK: - As it is stored

extension LoginRecord {
    /// Nil for what this program did not write.
    init?(bytes: [UInt8]) {
        let words = String(decoding: bytes, as: UTF8.self).split(separator: " ")
        let numbers = words.compactMap { Int64($0) }
        guard numbers.count == words.count, numbers.allSatisfy({ $0 >= 0 }) else { return nil }
        // Without the last one it is of an earlier version.
        guard numbers.count == 4 || numbers.count == 5 && numbers[4] <= 1 else { return nil }
        failures = Int(numbers[0])
        failedAt = numbers[1]
        places = Int(numbers[2])
        takenAt = numbers[3]
        hasRefused = numbers.count == 5 && numbers[4] == 1
    }

    var bytes: [UInt8] { Array("\(failures) \(failedAt) \(places) \(takenAt) \(hasRefused ? 1 : 0)".utf8) }
}
