internal import Database
internal import Ephemeral
internal import Linux
internal import Networking
internal import Operations

/// Looking into the database.
extension RevocationStore {
    /// Begins to look into the database now and then. To be stopped.
    ///
    /// - Parameter keepsCopy: fills the copy when it is not whole. Not for a process that ends soon.
    func start(keepsCopy: Bool = true) {
        loop.assertCurrent()
        guard let copy else { return }
        let confined = LoopBound((self, copy), on: loop)
        looker = loop.spawn {
            let (store, copy) = confined.value
            await store.keepLooking(copy, keepsCopy: keepsCopy)
        }
    }

    func stop() async {
        loop.assertCurrent()
        isStopped = true
        for task in [looker, copier, loader] { task?.cancel() }
        await looker?.value
        await copier?.value
        await loader?.value
    }

    private func keepLooking(_ copy: RevocationCopy, keepsCopy: Bool) async {
        let silence = Timer(loop: loop)
        defer { silence.cancel() }
        silence.action = { [unowned self] in noteDatabase(isAway: true) }
        while !isStopped {
            if isWatchAlone { silence.move(to: loop.now + timing.patience) }
            await look()
            silence.disarm()
            tend(copy, keepsCopy: keepsCopy)
            await loop.sleep(for: isDatabaseAway ? timing.intervalWhileAway : timing.interval)
        }
    }

    /// Learns what was revoked lately, whoever did it and whether or not they could copy it.
    private func look() async {
        let start = loop.now
        do throws(DatabaseError) {
            // After a time without looks, from where the last one ended.
            let time = wallTime()
            let since = min(time, lastLookTime ?? time) - timing.overlap
            var found: [Revocation.Subject: Revocation] = [:]
            var last: Revocation?
            repeat {
                let page = try await watch.made(since: since, after: last, limit: RevocationStore.pageSize)
                noteAnswer()
                held.hold(page.filter { lastFound[$0.subject] != $0 })
                for revocation in page { found[revocation.subject] = revocation }
                last = page.count == RevocationStore.pageSize ? page.last : nil
            } while last != nil
            lastFound = found
            (lastLook, lastLookTime) = (start, time)
        } catch {
            answersSince = nil
            // One that is busy, or has no room, is not away: others may be told by it.
            if error.code == .unavailable || error.code == .connectionLost { noteDatabase(isAway: true) }
        }
    }

    private func noteAnswer() {
        let wasSilent = lastAnswer.map { loop.now - $0 > timing.longestSilence } ?? true
        if wasSilent || answersSince == nil { answersSince = loop.now }
        lastAnswer = loop.now
        noteDatabase(isAway: false)
    }

    /// Copies what is held, in the background: a store that does not answer must not keep anybody from looking.
    private func tend(_ copy: RevocationCopy, keepsCopy: Bool) {
        held.removeExpired(at: wallTime())
        guard copier == nil, !isStopped else { return }
        let confined = LoopBound((self, copy), on: loop)
        copier = loop.spawn {
            let (store, copy) = confined.value
            await store.copyHeld(copy)
            if keepsCopy, await !store.keep(copy) { store.load() }
            store.copier = nil
        }
    }

    /// Has the copy pass for whole for a while longer; false where it does not. Who holds what is not in it, or has not
    /// looked, lets its time run out.
    private func keep(_ copy: RevocationCopy) async -> Bool {
        guard lastLook != nil, isUpToDate, held.isEmpty else { return await copy.isComplete }
        return (try? await copy.renew()) ?? false
    }

    private func copyHeld(_ copy: RevocationCopy) async {
        while !isStopped {
            let revocations = held.prefix(RevocationStore.pageSize)
            if revocations.isEmpty { return }
            do throws(EphemeralStoreError) {
                try await copy.add(revocations, at: wallTime())
                held.release(revocations)
            } catch {
                // Tried again after the next look. One that has no room must not pass for whole: who comes later does not
                // hold what is held here.
                if error.code == .refused { try? await copy.distrust() }
                return
            }
        }
    }

    func noteDatabase(isAway: Bool) {
        guard isAway != isDatabaseAway else { return }
        isDatabaseAway = isAway
        if isAway {
            logger.warning("the database does not answer: tokens are checked against the copy of the revocations alone")
        } else {
            logger.notice("the database answers again")
        }
    }
}
