internal import Database
internal import Linux
internal import Networking
internal import Operations

/// Looking into the database.
extension RevocationStore {
    /// Begins to look into the database now and then. To be stopped.
    func start() {
        loop.assertCurrent()
        guard copy != nil else { return }
        let confined = LoopBound(self, on: loop)
        looker = loop.spawn { await confined.value.keepLooking() }
    }

    func stop() async {
        loop.assertCurrent()
        isStopped = true
        looker?.cancel()
        loader?.cancel()
        await looker?.value
        await loader?.value
    }

    func keepLooking() async {
        let silence = Timer(loop: loop)
        silence.action = { [unowned self] in noteDatabase(isAway: true) }
        while !isStopped {
            silence.move(to: loop.now + timing.patience)
            await look()
            silence.cancel()
            if let copy, await !copy.isComplete { load() }
            await loop.sleep(for: timing.interval)
        }
    }

    /// Copies what was revoked lately, whoever did it and whether or not they could.
    func look() async {
        let start = loop.now
        do {
            let found = try await repository.made(since: wallTime() - timing.overlap)
            noteDatabase(isAway: false)
            let news = found.filter { lastFound[$0.subject] != $0 }
            try await copy?.add(news, at: wallTime())
            lastFound = Dictionary(found.map { ($0.subject, $0) }) { $1 }
            lastLook = start
        } catch let error as DatabaseError {
            if error.isUnavailability { noteDatabase(isAway: true) }
        } catch {
            // The copy is away: nobody trusts it, and the next look tries again.
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
