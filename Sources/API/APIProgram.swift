internal import Contract
internal import Hosting
internal import Linux
internal import Networking
public import Operations

/// `gatehouse-api` as its operator sees it.
public enum APIProgram {
    public static let program = Program(
        "gatehouse-api",
        version: BuildVersion.text,
        help: "The JSON API of Gatehouse: accounts, sessions and tokens.",
        commands: [
            ProgramCommand("serve", help: "Serve the API until SIGTERM") { invocation in
                let configuration = try APIConfiguration.program.load(console: invocation.console)
                let parts = Lock<ProgramParts?>(nil)
                return try await Host("api", configuration.host).serve(
                    routes: apiRoutes().map(\.route),
                    makeParts: { group, logger in
                        let made = try ProgramParts(configuration, on: group, console: invocation.console, logger)
                        parts.withLock { $0 = made }
                        return made.all
                    },
                    makeResponder: { loop in
                        guard let parts = parts.withLock({ $0 }) else { preconditionFailure("the parts come first") }
                        return try buildAPI(configuration: configuration, parts: parts.parts(on: loop.loop), on: loop)
                    }
                )
            },
            MigrateCommand.command,
            UsersCommand.command,
            KeysCommand.command,
            APIConfiguration.program.command,
            healthCommand(
                APIConfiguration.withoutTokens,
                host: \.host,
                path: Operation.health.path,
                readinessPath: Operation.readiness.path
            ),
            routesCommand { apiRoutes() },
            ProgramCommand("openapi", help: "Print the OpenAPI document") { invocation in
                invocation.console.write(String(decoding: OpenAPIDocument(Operation.all).json, as: UTF8.self))
                return .good
            },
        ],
        defaultCommand: "serve"
    )
}

/// What `gatehouse-api serve` runs, in the order in which it is started.
private struct ProgramParts: Sendable {
    private let state: State
    private let tokens: TokenAuthority
    private let workers: PasswordWorkers
    private let installation: Installation

    init(
        _ configuration: APIConfiguration,
        on group: EventLoopGroup,
        console: ProgramConsole,
        _ logger: Logger
    ) throws {
        state = State(configuration.state, on: group, logger: logger)
        tokens = TokenAuthority(configuration.tokens, configuration.state.database, state, on: group, logger: logger)
        workers = try PasswordWorkers(configuration.accounts)
        installation = Installation(
            configuration,
            state,
            workers,
            on: group.loops[0],
            console: console,
            logger: logger
        )
    }

    var all: [any Service] { [state, tokens, workers, installation] }

    /// To be asked on the loop, after the start.
    func parts(on loop: EventLoop) -> APIParts {
        APIParts(stores: state.stores(on: loop), tokens: tokens.parts(on: loop), hasher: workers.hasher)
    }
}
