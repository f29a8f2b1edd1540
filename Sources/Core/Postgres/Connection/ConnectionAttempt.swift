internal import Database
internal import Linux
internal import Networking
internal import Operations

/// One attempt to connect, within a deadline.
///
/// Belongs to its loop. Signing in with SCRAM costs the loop a few milliseconds for the password's hash.
final class ConnectionAttempt {
    private let address: PostgresAddress
    private let settings: PostgresSettings
    private let logger: Logger
    private let loop: EventLoop
    private let timer: Timer
    private var isOver = false
    private var watched: WatchedDescriptor?
    private var lookup: HostLookup?

    init(address: PostgresAddress, settings: PostgresSettings, logger: Logger, loop: EventLoop) {
        self.address = address
        self.settings = settings
        self.logger = logger
        self.loop = loop
        timer = Timer(loop: loop)
    }

    /// Ends it early: `connect` throws.
    func abandon() {
        isOver = true
        lookup?.abandon()
        watched?.interrupt()
    }

    /// For one task, once.
    func connect() async throws(DatabaseError) -> PostgresConnection {
        loop.assertCurrent()
        timer.action = { [unowned self] in abandon() }
        // Not the loop's own reading of the clock: a long turn would have used up the time before the attempt began.
        timer.move(to: MonotonicTime.now() + (address.connectTimeout ?? settings.connectTimeout))
        defer { timer.cancel() }
        let lookup = HostLookup(address.parameters(settings), loop: loop)
        self.lookup = lookup
        let parameters = try await lookup.resolved()
        if isOver { throw ConnectionAttempt.timedOut }
        let handle = try PostgresHandle(parameters: parameters, logger: logger)
        try await finishConnecting(handle)
        return try PostgresConnection(handle, watched: try watch(handle), settings: settings, logger: logger)
    }

    /// > If PQconnectPoll(conn) last returned PGRES_POLLING_READING, wait until the socket is ready to read […]. If it
    /// > last returned PGRES_POLLING_WRITING, wait until the socket is ready to write […]. On the first iteration, i.e.,
    /// > if you have yet to call PQconnectPoll, behave as if it last returned PGRES_POLLING_WRITING.
    ///
    /// The socket may be another one after each step, even under the same number, so each step watches anew.
    private func finishConnecting(_ handle: PostgresHandle) async throws(DatabaseError) {
        var step = PostgresHandle.ConnectStep.write
        while true {
            switch step {
            case .done: return
            case .failed: throw handle.unavailability
            case .read, .write:
                let watched = try watch(handle)
                self.watched = watched
                let wake = await (step == .read ? watched.readableAnew() : watched.writableAnew())
                self.watched = nil
                watched.close()
                guard case .ready = wake, !isOver else { throw ConnectionAttempt.timedOut }
            }
            step = handle.continueConnecting()
        }
    }

    private func watch(_ handle: PostgresHandle) throws(DatabaseError) -> WatchedDescriptor {
        do throws(SystemError) {
            return try WatchedDescriptor(handle.duplicatedSocket(), on: loop)
        } catch {
            throw DatabaseError(.unavailable, message: error.description)
        }
    }

    private static let timedOut = DatabaseError(.unavailable, message: "the database could not be reached in time")
}

extension WatchedDescriptor {
    /// Registering reports what the descriptor is ready for at that moment, so nothing is lost by waiting first.
    fileprivate func readableAnew() async -> Wake {
        noteNothing()
        return await readable()
    }

    fileprivate func writableAnew() async -> Wake {
        noteFull()
        return await writable()
    }
}
