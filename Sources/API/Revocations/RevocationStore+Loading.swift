internal import Database
internal import Ephemeral
internal import Linux
internal import Networking
internal import Operations

/// Loading the copy.
extension RevocationStore {
    /// Has the copy made whole, in the background.
    func load() {
        guard loader == nil, !isStopped, loop.now >= nextLoad, let copy else { return }
        let confined = LoopBound((self, copy), on: loop)
        loader = loop.spawn {
            let (store, copy) = confined.value
            await store.load(copy)
            store.loader = nil
        }
    }

    private func load(_ copy: RevocationCopy) async {
        let start = loop.now
        var other: (mark: [UInt8], since: MonotonicTime)?
        do {
            while !isStopped {
                let isPatienceOver = other.map { loop.now - $0.since > timing.loadingPatience } ?? false
                let nonce = UInt64.random(in: 0 ... .max)
                switch try await copy.beginLoading(displacing: isPatienceOver ? other?.mark : nil, nonce: nonce) {
                case .complete: return
                case .underWay(let mark):
                    if other?.mark != mark { other = (mark, loop.now) }
                    await loop.sleep(for: .milliseconds(20))
                case .begun(var loading):
                    guard let count = try await fill(copy, &loading), try await copy.finish(loading) else { continue }
                    logger.notice(
                        "copied the revocations",
                        ["count": .integer(count), "took": .duration(loop.now - start)]
                    )
                    return
                }
            }
        } catch {
            // One of the two is away. The next request, or the next look, tries again.
            logger.debug("could not copy the revocations", ["error": .error(error)])
            nextLoad = loop.now + timing.loadingPause
        }
    }

    /// Copies all; nil when the right to say so was lost on the way.
    private func fill(_ copy: RevocationCopy, _ loading: inout RevocationCopy.Loading) async throws -> Int? {
        var count = 0
        var last: Revocation.Subject?
        while true {
            let page = try await repository.live(at: wallTime(), after: last, limit: RevocationStore.pageSize)
            try await copy.add(page, at: wallTime())
            count += page.count
            guard let end = page.last, page.count == RevocationStore.pageSize else { return count }
            last = end.subject
            guard try await copy.prolong(&loading, copied: count) else { return nil }
        }
    }
}
