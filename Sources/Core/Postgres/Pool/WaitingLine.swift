internal import Database
internal import Linux

/// Who waits for a connection, first come first served.
struct WaitingLine {
    enum Waiter {
        case statement(StatementRequest)
        case lease(Pending<PostgresConnection>)

        func fail(_ error: DatabaseError) {
            switch self {
            case .statement(let request): request.finish(.failure(error))
            case .lease(let request): request.finish(.failure(error))
            }
        }

        /// Gave up, or was told to.
        var isFinished: Bool {
            switch self {
            case .statement(let request): request.isFinished
            case .lease(let request): request.isFinished
            }
        }
    }

    private var places: [(waiter: Waiter, deadline: MonotonicTime)] = []
    private var head = 0

    var count: Int { places.count - head }
    var isEmpty: Bool { count == 0 }

    mutating func append(_ waiter: Waiter, deadline: MonotonicTime) { places.append((waiter, deadline)) }

    /// The first who still waits.
    mutating func first() -> Waiter? {
        while !isEmpty, places[head].waiter.isFinished { removeFirst() }
        return isEmpty ? nil : places[head].waiter
    }

    mutating func removeFirst() {
        head += 1
        if head == places.count || head >= 1_024 && head * 2 >= places.count {
            places.removeFirst(head)
            head = 0
        }
    }

    /// Takes out those whose time is over; answers them and when the next one's is.
    mutating func expire(at now: MonotonicTime) -> (expired: [Waiter], next: MonotonicTime) {
        let waiting = places[head...]
        let expired = waiting.filter { $0.deadline <= now }.map(\.waiter)
        places = waiting.filter { $0.deadline > now && !$0.waiter.isFinished }
        head = 0
        return (expired, places.map(\.deadline).min() ?? .distantFuture)
    }

    mutating func removeAll() -> [Waiter] {
        defer {
            places = []
            head = 0
        }
        return places[head...].map(\.waiter)
    }
}
