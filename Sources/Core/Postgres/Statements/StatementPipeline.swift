internal import Database

/// Which reply belongs to which statement, when many are under way on one connection. A value without I/O.
///
/// Each statement is sent as: prepare (if it is new), execute, sync. libpq answers each command with its result and then
/// with nothing, and a sync with one result:
///
/// > In pipeline mode, [PQgetResult answers] null after the results of each query […], PGRES_PIPELINE_SYNC is reported
/// > exactly once for each PQpipelineSync at the corresponding point in the pipeline.
///
/// A statement has succeeded only when its sync has come: the server reports `INSERT 0 1` first and commits then, and a
/// deferred constraint may still refuse.
struct StatementPipeline<Request> {
    enum Reply {
        case success(QueryResult)
        case failure(DatabaseError, isFatal: Bool)
        /// Left out, since a command before it failed.
        case skipped
        /// The results of one command are over.
        case end
        case synchronised
    }

    struct Completion {
        let request: Request
        let outcome: Result<QueryResult, DatabaseError>
        /// The server did not take the statement when it was to prepare it.
        let wasPrepareRefused: Bool
    }

    /// The replies are not those of the statements that were sent: nothing can be trusted any more.
    struct Violation: Error {}

    enum Stage { case preparing, executing, synchronising }

    private struct Entry {
        let request: Request
        var stage: Stage
        var outcome: Result<QueryResult, DatabaseError>?
        var wasPrepareRefused = false
        /// An error that came while the sync was awaited is a result with an end of its own.
        var awaitsEnd = false
    }

    private var entries: [Entry] = []
    private var head = 0

    init() {}

    var count: Int { entries.count - head }
    var isEmpty: Bool { entries.count == head }

    /// Those under way, the first in line first.
    var requests: some Sequence<Request> { entries[head...].lazy.map(\.request) }

    /// The statement that the next reply belongs to.
    var current: (request: Request, stage: Stage)? {
        isEmpty ? nil : (entries[head].request, entries[head].stage)
    }

    mutating func append(_ request: Request, isPreparing: Bool) {
        entries.append(Entry(request: request, stage: isPreparing ? .preparing : .executing))
    }

    /// Takes one reply; answers the statement that is over with it.
    mutating func receive(_ reply: Reply) throws(Violation) -> Completion? {
        guard !isEmpty else { throw Violation() }
        switch (reply, entries[head].stage) {
        case (.success, .preparing): break
        case (.success(let result), .executing):
            // Each command has one result.
            if entries[head].outcome != nil { throw Violation() }
            entries[head].outcome = .success(result)
        case (.failure(let error, _), .preparing):
            entries[head].outcome = .failure(error)
            entries[head].wasPrepareRefused = true
        case (.failure(let error, _), .executing):
            entries[head].outcome = .failure(error)
        case (.failure(let error, let isFatal), .synchronising):
            // The server gave up while it committed: whether it had is unknown.
            entries[head].outcome = .failure(isFatal ? DatabaseError(.connectionLost, sqlState: error.sqlState) : error)
            entries[head].awaitsEnd = true
        case (.skipped, .preparing), (.skipped, .executing):
            if entries[head].outcome == nil { throw Violation() }
        case (.end, .preparing): entries[head].stage = .executing
        case (.end, .executing):
            if entries[head].outcome == nil { throw Violation() }
            entries[head].stage = .synchronising
        case (.end, .synchronising):
            guard entries[head].awaitsEnd else { throw Violation() }
            entries[head].awaitsEnd = false
        case (.synchronised, .synchronising): return removeFirst()
        case (.success, .synchronising), (.skipped, .synchronising), (.synchronised, _): throw Violation()
        }
        return nil
    }

    private mutating func removeFirst() -> Completion? {
        let entry = entries[head]
        guard let outcome = entry.outcome else { return nil }
        head += 1
        if head == entries.count {
            entries.removeAll(keepingCapacity: head <= 1_024)
            head = 0
        } else if head >= 1_024, head * 2 >= entries.count {
            entries.removeFirst(head)
            head = 0
        }
        return Completion(request: entry.request, outcome: outcome, wasPrepareRefused: entry.wasPrepareRefused)
    }

    /// The connection is over: what was under way, in order. A failure that had been reported stands; a success that
    /// had not been confirmed by its sync does not.
    mutating func abandon() -> [(request: Request, failure: DatabaseError?)] {
        defer {
            entries = []
            head = 0
        }
        return entries[head...].map { entry in
            if case .failure(let error) = entry.outcome { return (entry.request, error) }
            return (entry.request, nil)
        }
    }
}
