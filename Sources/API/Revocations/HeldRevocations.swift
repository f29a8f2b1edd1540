internal import Database
internal import Linux
internal import Synchronization

/// Revocations that this process knows of and that are not in the copy yet. One for all of its loops: they refuse what is
/// here until somebody could copy it, or it has expired.
final class HeldRevocations: Sendable {
    private let table = Lock<[Revocation.Subject: Revocation]>([:])
    /// How many there are, asked with every request: nearly always none.
    private let count = Atomic(0)

    var isEmpty: Bool { count.load(ordering: .acquiring) == 0 }

    /// Of two about one subject the stronger counts, for as long as either.
    func hold(_ revocations: [Revocation]) {
        if revocations.isEmpty { return }
        update { table in
            for revocation in revocations {
                table[revocation.subject] = table[revocation.subject]?.joined(with: revocation) ?? revocation
            }
        }
    }

    /// They are in the copy. What was added to one meanwhile stays.
    func release(_ revocations: [Revocation]) {
        if isEmpty { return }
        update { table in
            for revocation in revocations {
                guard let held = table[revocation.subject], held.joined(with: revocation) == revocation else {
                    continue
                }
                table[revocation.subject] = nil
            }
        }
    }

    func removeExpired(at time: WallTime) {
        if isEmpty { return }
        update { table in table = table.filter { $0.value.expiresAt > time } }
    }

    /// Some of them.
    func prefix(_ limit: Int) -> [Revocation] { isEmpty ? [] : table.withLock { Array($0.values.prefix(limit)) } }

    /// Whether one of these is still here.
    func holds(anyOf revocations: [Revocation]) -> Bool {
        if isEmpty { return false }
        return table.withLock { table in revocations.contains { table[$0.subject] != nil } }
    }

    func isRevoked(_ token: TokenIdentity) -> Bool {
        if isEmpty { return false }
        return table.withLock { table in
            if table[.session(token.session)] != nil { return true }
            return table[.user(token.user)].map { token.issuedAt < $0.validAfter } ?? false
        }
    }

    private func update(_ body: (inout [Revocation.Subject: Revocation]) -> Void) {
        table.withLock { table in
            body(&table)
            count.store(table.count, ordering: .releasing)
        }
    }
}

extension Revocation {
    fileprivate func joined(with other: Revocation) -> Revocation {
        Revocation(
            subject: subject,
            validAfter: max(validAfter, other.validAfter),
            expiresAt: max(expiresAt, other.expiresAt)
        )
    }
}
