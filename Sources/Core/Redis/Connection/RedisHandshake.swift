internal import Ephemeral
internal import Operations

/// What is said at the start of every connection, and what its replies mean. All of it is sent at once.
struct RedisHandshake {
    private enum Step {
        case authentication
        case database
        case name
        case information
        /// Refused while the server loads its data or has lost its master.
        case readiness
    }

    let commands: [RedisCommand]
    private let steps: [Step]
    private var position = 0
    /// A random name that the server gives itself at each start; nil where we may not ask.
    private(set) var runID: String?

    init(address: RedisAddress, clientName: String) {
        var dialogue: [(Step, RedisCommand)] = []
        if let password = address.password {
            let credentials = [address.user, password.reveal()].compactMap { $0.map(RedisCommand.Argument.string) }
            dialogue.append((.authentication, RedisCommand("AUTH", credentials)))
        }
        if address.database != 0 {
            dialogue.append((.database, RedisCommand("SELECT", [.integer(address.database)])))
        }
        dialogue.append((.name, RedisCommand("CLIENT", ["SETNAME", .string(clientName)])))
        dialogue.append((.information, RedisCommand("INFO", ["server"])))
        dialogue.append((.readiness, RedisCommand("PING")))
        steps = dialogue.map(\.0)
        commands = dialogue.map(\.1)
    }

    var isComplete: Bool { position == steps.count }

    /// Takes the next reply; throws when there can be no work on this connection.
    mutating func receive(_ reply: RedisReply) throws(EphemeralStoreError) {
        guard !isComplete else { throw EphemeralStoreError(.unexpectedReply) }
        let step = steps[position]
        position += 1
        switch (step, reply) {
        case (_, .error("NOAUTH", _)): throw EphemeralStoreError(.unavailable, kind: "NOAUTH")
        // Who may not ask these may still do the work.
        case (.name, .error), (.information, .error), (.readiness, .error("NOPERM", _)): break
        case (_, .error(let kind, _)): throw EphemeralStoreError(.unavailable, kind: kind)
        case (.information, .bulk(let text)): runID = RedisInformation(text)["run_id"]
        case (.authentication, .simple), (.database, .simple), (.name, .simple), (.readiness, .simple): break
        default: throw EphemeralStoreError(.unexpectedReply)
        }
    }
}
