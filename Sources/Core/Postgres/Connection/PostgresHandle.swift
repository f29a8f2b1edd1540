internal import CPostgres
internal import Database
internal import Linux
internal import Operations

/// A PGconn. Owns it; the only place that calls the functions which take one.
///
/// Belongs to a loop, as its connection does: libpq lets a connection be used by one thread at a time.
final class PostgresHandle {
    private let connection: OpaquePointer
    private let notices: ServerNotices

    /// PQconnectStartParams. Names must have been looked up before:
    ///
    /// > The hostaddr parameter must be used appropriately to prevent DNS queries from being made.
    init(parameters: [String: String], logger: Logger) throws(DatabaseError) {
        let keywords = CStringList(Array(parameters.keys))
        let values = CStringList(Array(parameters.values))
        let started = keywords.withPointers { keywords in
            values.withPointers { values in PQconnectStartParams(keywords, values, 0) }
        }
        guard let started else { throw DatabaseError(.unavailable, message: "no memory for a connection") }
        connection = started
        notices = ServerNotices(logger: logger)
        PQsetNoticeReceiver(connection, receiveNotice, Unmanaged.passUnretained(notices).toOpaque())
        if PQstatus(connection) == CONNECTION_BAD { throw unavailability }
    }

    /// PQfinish, which also says good-bye to the server if it is still there.
    deinit { PQfinish(connection) }
}

// MARK: - Connecting

extension PostgresHandle {
    enum ConnectStep { case read, write, done, failed }

    /// PQconnectPoll.
    func continueConnecting() -> ConnectStep {
        switch PQconnectPoll(connection) {
        case PGRES_POLLING_OK: .done
        case PGRES_POLLING_READING: .read
        case PGRES_POLLING_WRITING: .write
        default: .failed
        }
    }

    /// PQsocket, doubled: libpq closes its own descriptor itself, and
    ///
    /// > Do not assume that the socket remains the same across PQconnectPoll calls.
    func duplicatedSocket() throws(SystemError) -> FileDescriptor {
        let number = PQsocket(connection)
        precondition(number >= 0, "asked for the socket of a connection that has none")
        return try FileDescriptor(number: number).duplicate()
    }

    /// PQsetnonblocking and PQenterPipelineMode, once connected.
    func enterPipeline() throws(DatabaseError) {
        guard PQsetnonblocking(connection, 1) == 0, PQenterPipelineMode(connection) == 1 else { throw unavailability }
    }

    /// PQenterPipelineMode again, when all results of a script have been taken.
    func returnToPipeline() -> Bool { PQenterPipelineMode(connection) == 1 }

    /// What libpq says is wrong. It names host, user and database, never a password; for the log only.
    var unavailability: DatabaseError { DatabaseError(.unavailable, message: errorMessage) }

    var errorMessage: String {
        var text = String(cString: PQerrorMessage(connection))
        while text.last?.isNewline == true { text.removeLast() }
        return text
    }

    /// PQsslInUse.
    var usesTLS: Bool { PQsslInUse(connection) == 1 }
}

// MARK: - Sending

extension PostgresHandle {
    /// PQsendPrepare. False when libpq refuses, which it does only for a connection that is lost or without memory.
    func sendPrepare(_ text: String, as name: String, types: [UInt32]) -> Bool {
        PQsendPrepare(connection, name, text, CInt(types.count), types) == 1
    }

    /// PQsendQueryPrepared, for binary results.
    func sendExecute(_ name: String, _ parameters: inout ParameterBuffer) -> Bool {
        parameters.withPointers { values, lengths, formats in
            PQsendQueryPrepared(connection, name, CInt(lengths.count), values, lengths, formats, 1) == 1
        }
    }

    /// PQexitPipelineMode and PQsendQuery, which takes many statements at once:
    ///
    /// > PQsendQuery [is] disallowed in pipeline mode.
    ///
    /// Nothing may be under way.
    func sendScript(_ script: String) -> Bool {
        PQexitPipelineMode(connection) == 1 && PQsendQuery(connection, script) == 1
    }

    /// PQsendQueryParams for a statement without parameters and without rows.
    func sendCommand(_ text: String) -> Bool {
        PQsendQueryParams(connection, text, 0, nil, nil, nil, nil, 1) == 1
    }

    /// PQpipelineSync: ends what fails and is committed together. This one also flushes (in libpq 15, unlike
    /// PQsendQuery in a pipeline), which costs a write for each statement.
    func sendSync() -> Bool { PQpipelineSync(connection) == 1 }

    enum FlushOutcome { case done, blocked, failed }

    /// PQflush.
    func flush() -> FlushOutcome {
        switch PQflush(connection) {
        case 0: .done
        case 1: .blocked
        default: .failed
        }
    }
}

// MARK: - Receiving

extension PostgresHandle {
    /// PQconsumeInput: false when the connection is lost. What came before that can still be taken.
    func consumeInput() -> Bool { PQconsumeInput(connection) == 1 }

    /// PQisBusy: taking the next result would have to wait.
    var isBusy: Bool { PQisBusy(connection) == 1 }

    /// PQgetResult; nil ends the results of one command.
    func nextResult() -> PostgresResult? { PQgetResult(connection).map { PostgresResult($0) } }

    enum TransactionState { case none, open, failed, other }

    /// PQtransactionStatus, as of the last sync that was received.
    var transactionState: TransactionState {
        switch PQtransactionStatus(connection) {
        case PQTRANS_IDLE: .none
        case PQTRANS_INTRANS: .open
        case PQTRANS_INERROR: .failed
        default: .other
        }
    }
}

/// Texts as the array of C strings, ended by a null pointer, that libpq wants.
private struct CStringList {
    private var bytes: [CChar] = []
    private var offsets: [Int] = []

    init(_ texts: [String]) {
        for text in texts {
            offsets.append(bytes.count)
            bytes += text.utf8.map { CChar(bitPattern: $0) }
            bytes.append(0)
        }
    }

    func withPointers<Result>(_ body: ([UnsafePointer<CChar>?]) -> Result) -> Result {
        bytes.withUnsafeBufferPointer { buffer in
            body(offsets.map { offset in buffer.baseAddress.map { $0 + offset } } + [nil])
        }
    }
}
