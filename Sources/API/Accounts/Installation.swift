internal import Database
internal import Linux
internal import Networking
internal import Operations

/// Makes the first administrator before the API serves, where nobody can administrate. A part of the program that does
/// its work when it is started.
final class Installation: Service {
    let name = "installation"
    private let configuration: APIConfiguration
    private let state: State
    private let workers: PasswordWorkers
    private let loop: EventLoop
    private let console: ProgramConsole
    private let logger: Logger

    init(
        _ configuration: APIConfiguration,
        _ state: State,
        _ workers: PasswordWorkers,
        on loop: EventLoop,
        console: ProgramConsole,
        logger: Logger
    ) {
        self.configuration = configuration
        self.state = state
        self.workers = workers
        self.loop = loop
        self.console = console
        self.logger = logger
    }

    func start() async throws {
        let outcome: FirstAdministrator.Outcome
        do {
            outcome = try await loop.run { [self] in
                let stores = state.stores(on: loop)
                let accounts = makeAccountService(configuration, stores: stores, hasher: workers.hasher)
                return try await FirstAdministrator(configuration, accounts).ensure()
            }
        } catch let error as DatabaseError where error.isUnavailability {
            // One is made at the next start.
            logger.warning("the database is away: it is not known whether there is an administrator")
            return
        }
        outcome.tell(console)
    }

    func stop(within limit: Duration) async {}
}

extension FirstAdministrator.Outcome {
    /// To whoever started the program, and not to the log, which others read.
    func tell(_ console: ProgramConsole) {
        switch self {
        case .alreadyThere: break
        case .made(let username): console.complain("The first administrator was made: \(username)")
        case .madeWithPassword(let username, let password):
            console.complain("The first administrator was made: \(username), password \(password.reveal())")
            console.complain("This password is shown once. Change it after the first sign-in.")
        }
    }
}
