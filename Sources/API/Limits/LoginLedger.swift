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
    ///
    /// A store that can be read and not written to still tells who has to wait: nobody is let through for that.
    func takePlaces(_ entries: [Entry], at now: WallTime) async throws(EphemeralStoreError) -> LoginRecord.Standing {
        var taken: [Entry] = []
        var failure: EphemeralStoreError?
        for entry in entries {
            var found: LoginRecord.Standing?
            do throws(EphemeralStoreError) {
                try await change(entry, at: now) { record in
                    let standing = record.standing(under: entry.backoff, at: now)
                    found = standing
                    switch standing {
                    case .open: record.takePlace(at: now)
                    case .waiting(_, isNews: true): record.refuse()
                    case .waiting, .busy: return false
                    }
                    return true
                }
                if found == .open { taken.append(entry) }
            } catch {
                guard let standing = found else { throw error }
                failure = error
                if case .waiting(let duration, _) = standing { found = .waiting(duration, isNews: false) }
            }
            guard let standing = found, standing != .open else { continue }
            // One that is not left is a failure in a minute; that others have to wait is true in any case.
            for entry in taken { try? await update(entry, at: now) { $0.leavePlace() } }
            return standing
        }
        if let failure { throw failure }
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
