internal import Ephemeral
internal import Linux

/// The records of failed logins in a store, each changed by whoever finds it as they have read it: exact, however many
/// change it at once and on whichever instance.
struct LoginLedger {
    let store: any EphemeralStore

    /// A record with the rules it follows.
    struct Entry: Sendable {
        let key: String
        let backoff: LoginBackoff
    }

    /// Every round somebody succeeds, so this many can be lost only to a store that does not keep its promises.
    private static let rounds = 10_000

    /// Takes a place in every entry, or in none and answers why not.
    func takePlaces(_ entries: [Entry], at now: WallTime) async throws(EphemeralStoreError) -> LoginRecord.Standing {
        for (index, entry) in entries.enumerated() {
            var standing = LoginRecord.Standing.open
            try await change(entry, at: now) { record in
                standing = record.standing(under: entry.backoff, at: now)
                switch standing {
                case .open: record.takePlace(at: now)
                case .waiting(_, isNews: true): record.refuse()
                case .waiting, .busy: return false
                }
                return true
            }
            guard standing == .open else {
                for taken in entries[..<index] { try await update(taken, at: now) { $0.leavePlace() } }
                return standing
            }
        }
        return .open
    }

    func update(
        _ entry: Entry,
        at now: WallTime,
        _ body: (inout LoginRecord) -> Void
    ) async throws(EphemeralStoreError) {
        try await change(entry, at: now) { record in
            body(&record)
            return true
        }
    }

    /// `body` answers whether there is something to write. It runs again when somebody else was quicker.
    private func change(
        _ entry: Entry,
        at now: WallTime,
        _ body: (inout LoginRecord) -> Bool
    ) async throws(EphemeralStoreError) {
        // The clock that decides is ours; the store forgets later.
        let life = entry.backoff.forgetting + LoginRecord.patience + SlidingWindow.lingering
        for _ in 0..<LoginLedger.rounds {
            let held = try await store.get([entry.key])[0]
            var record = held.flatMap { LoginRecord(bytes: $0) } ?? LoginRecord()
            record.bring(to: now, under: entry.backoff)
            guard body(&record) else { return }
            let isMine =
                if let held {
                    try await store.replace(entry.key, held, with: record.bytes, expiresIn: life)
                } else {
                    try await store.set(entry.key, to: record.bytes, expiresIn: life, when: .onlyIfAbsent)
                }
            if isMine { return }
        }
        throw EphemeralStoreError(.unexpectedReply)
    }
}
