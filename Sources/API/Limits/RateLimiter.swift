internal import Ephemeral
internal import Linux

/// Counts what somebody does in sliding windows that all instances share. Lives on one loop.
///
/// While the shared store is away each process counts for itself, from nothing: limits are then as many times wider as there
/// are processes, but they are there.
struct RateLimiter {
    let store: any EphemeralStore
    /// Shared by the loops of this process.
    let fallback: MemoryStore

    /// Given to whom neither store could count: one that is full of others does not let strangers through.
    private static let uncounted = Duration.seconds(1)

    /// Counts a hit unless that would be one too many in one of the windows.
    func hit(_ subject: String, windows: [SlidingWindow], at time: WallTime) async -> HitOutcome {
        do throws(EphemeralStoreError) {
            return try await store.hit(subject, windows: windows, at: time)
        } catch {
            return await hitAlone(subject, windows: windows, at: time)
        }
    }

    /// Takes back a hit that was counted at that time, as far as the store can be reached.
    func withdraw(_ subject: String, at time: WallTime) async {
        do throws(EphemeralStoreError) {
            try await store.withdrawHit(of: subject, at: time)
        } catch {
            try? await fallback.withdrawHit(of: subject, at: time)
        }
    }

    private func hitAlone(_ subject: String, windows: [SlidingWindow], at time: WallTime) async -> HitOutcome {
        do throws(EphemeralStoreError) {
            return try await fallback.hit(subject, windows: windows, at: time)
        } catch {
            let full = WindowState(remaining: 0, retryAfter: RateLimiter.uncounted)
            return HitOutcome(isAllowed: false, windows: windows.map { _ in full })
        }
    }
}
