internal import Ephemeral
internal import Linux

/// The commands of one connection and who waits for them: what happens goes in, what is to be done comes out. It knows
/// neither socket nor clock.
///
/// Replies come in the order of the commands, so the first command that was sent gets the next reply. `Waiter` is
/// whatever the owner needs to hand an answer to whoever asked.
struct RedisPipeline<Waiter> {
    struct Answer {
        let waiter: Waiter
        let result: Result<RedisReply, EphemeralStoreError>
    }

    /// What became of a reply.
    enum Reception {
        case answer(Answer)
        /// Nobody waits for it any more.
        case discarded
        /// Nobody has asked: the peer does not follow the protocol.
        case unsolicited
    }

    /// Finds a command again, to give it up.
    struct Ticket: Equatable {
        fileprivate let number: UInt64
    }

    struct Limits {
        var commands = 16_384
        /// Of arguments that were not sent yet.
        var unsentBytes = 32 << 20
    }

    private enum Phase {
        case connected
        /// A first attempt to connect is under way: commands wait for it, but not longer than this.
        case expecting(until: MonotonicTime)
        /// Connecting has failed, and is tried again: commands are refused at once meanwhile.
        case down(kind: String?)
        case closed
    }

    private struct Entry {
        let ticket: Ticket
        /// Gone once it was sent, unless it may be sent again.
        var command: RedisCommand?
        let size: Int
        let deadline: MonotonicTime
        /// Gone when the waiter has given up.
        var waiter: Waiter?
        var isRepetition = false

        mutating func takeWaiter() -> Waiter? { waiter.take() }
    }

    private let limits: Limits
    private var phase = Phase.down(kind: nil)
    private var unsent = FIFO<Entry>()
    private var sent = FIFO<Entry>()
    private var unsentBytes = 0
    private var lastTicket: UInt64 = 0

    init(limits: Limits = Limits()) { self.limits = limits }

    var isConnected: Bool { if case .connected = phase { true } else { false } }
    var hasUnsent: Bool { !unsent.isEmpty }
    var count: Int { unsent.count + sent.count }

    /// The earliest time at which `expire` has something to say.
    var nextDeadline: MonotonicTime? {
        var first = unsent.first?.deadline
        if let deadline = first, case .expecting(let until) = phase { first = min(deadline, until) }
        guard let oldest = sent.first?.deadline else { return first }
        return first.map { min($0, oldest) } ?? oldest
    }
}

// MARK: - Commands

extension RedisPipeline {
    /// Takes a command in, or says why not.
    mutating func add(
        _ command: RedisCommand,
        deadline: MonotonicTime,
        at now: MonotonicTime,
        waiter: Waiter
    ) -> Result<Ticket, EphemeralStoreError> {
        switch phase {
        case .connected: break
        case .expecting(let until) where now < until: break
        case .expecting: return .failure(EphemeralStoreError(.unavailable))
        case .down(let kind): return .failure(EphemeralStoreError(.unavailable, kind: kind))
        case .closed: return .failure(EphemeralStoreError(.unavailable))
        }
        let size = command.size
        // One command that is larger than the bound would never fit: it may go when nothing else waits.
        guard count < limits.commands, unsent.isEmpty || unsentBytes + size <= limits.unsentBytes else {
            return .failure(EphemeralStoreError(.overloaded))
        }
        lastTicket += 1
        let ticket = Ticket(number: lastTicket)
        unsent.append(Entry(ticket: ticket, command: command, size: size, deadline: deadline, waiter: waiter))
        unsentBytes += size
        return .success(ticket)
    }

    /// Writes commands that were not sent yet, until the output has `limit` bytes. They count as sent.
    mutating func encodeUnsent(into output: inout [UInt8], limit: Int) {
        guard isConnected else { return }
        while output.count < limit, var entry = unsent.removeFirst() {
            guard let command = entry.command else { preconditionFailure("an unsent command lost its arguments") }
            unsentBytes -= entry.size
            RESPEncoder.encode(command, into: &output)
            if !command.isRepeatable { entry.command = nil }
            sent.append(entry)
        }
    }

    /// The next reply is that of the oldest command.
    mutating func receive(_ reply: RedisReply) -> Reception {
        guard let entry = sent.removeFirst() else { return .unsolicited }
        guard let waiter = entry.waiter else { return .discarded }
        return .answer(Answer(waiter: waiter, result: .success(reply)))
    }

    /// The waiter of a command does not want to wait any longer. The command takes its course.
    mutating func giveUp(_ ticket: Ticket) -> Waiter? {
        sent.update(where: { $0.ticket == ticket }) { $0.takeWaiter() }
            ?? unsent.update(where: { $0.ticket == ticket }) { $0.takeWaiter() }
            ?? nil
    }
}

// MARK: - The connection

extension RedisPipeline {
    /// A first attempt to connect begins.
    mutating func expectConnection(until: MonotonicTime) { phase = .expecting(until: until) }

    mutating func connected() { phase = .connected }

    /// The connection is gone. What was sent has met an unknown fate, but for what is safe to repeat: that goes to the next
    /// connection, once. What was not sent waits for it too.
    mutating func lost(at now: MonotonicTime, expectingUntil until: MonotonicTime) -> [Answer] {
        phase = .expecting(until: until)
        var answers: [Answer] = []
        var repeated: [Entry] = []
        while var entry = sent.removeFirst() {
            guard let waiter = entry.waiter else { continue }
            if entry.deadline <= now {
                answers.append(.failure(.timeout, to: waiter))
            } else if entry.command != nil, !entry.isRepetition {
                entry.isRepetition = true
                unsentBytes += entry.size
                repeated.append(entry)
            } else {
                answers.append(.failure(.fateUnknown, to: waiter))
            }
        }
        for entry in repeated.reversed() { unsent.prepend(entry) }
        return answers
    }

    /// An attempt to connect has failed: nothing that waits for it is carried out.
    mutating func attemptFailed(kind: String?) -> [Answer] {
        phase = .down(kind: kind)
        return dropUnsent(kind: kind)
    }

    /// What is overdue is given up. `isStalled` when a command that was sent got no reply in time: then the connection is to
    /// be ended, since all later replies wait behind that one.
    mutating func expire(at now: MonotonicTime) -> (answers: [Answer], isStalled: Bool) {
        var answers: [Answer] = []
        if case .expecting(let until) = phase, until <= now { answers = attemptFailed(kind: nil) }
        while let entry = unsent.first, entry.deadline <= now {
            _ = unsent.removeFirst()
            unsentBytes -= entry.size
            if let waiter = entry.waiter { answers.append(.failure(.unavailable, to: waiter)) }
        }
        return (answers, sent.first.map { $0.deadline <= now } ?? false)
    }

    /// No further command is taken in.
    mutating func close(at now: MonotonicTime) -> [Answer] {
        var answers: [Answer] = []
        while let entry = sent.removeFirst() {
            if let waiter = entry.waiter { answers.append(.failure(.fateUnknown, to: waiter)) }
        }
        answers += dropUnsent(kind: nil)
        phase = .closed
        return answers
    }

    private mutating func dropUnsent(kind: String?) -> [Answer] {
        var answers: [Answer] = []
        while let entry = unsent.removeFirst() {
            if let waiter = entry.waiter { answers.append(.failure(.unavailable, kind: kind, to: waiter)) }
        }
        unsentBytes = 0
        return answers
    }
}

extension RedisPipeline.Answer {
    fileprivate static func failure(_ code: EphemeralStoreError.Code, kind: String? = nil, to waiter: Waiter) -> Self {
        Self(waiter: waiter, result: .failure(EphemeralStoreError(code, kind: kind)))
    }
}
