internal import Hosting
internal import Linux
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
                let state = Lock<State?>(nil)
                return try await Host("api", configuration.host).serve(
                    routes: apiRoutes().map(\.route),
                    makeParts: { group, logger in
                        let made = State(configuration.state, on: group, logger: logger)
                        state.withLock { $0 = made }
                        return [made]
                    },
                    makeResponder: { loop in
                        guard let state = state.withLock({ $0 }) else { preconditionFailure("state comes first") }
                        return try buildAPI(configuration: configuration, stores: state.stores(on: loop.loop), on: loop)
                    }
                )
            },
            MigrateCommand.command,
            KeysCommand.command,
            APIConfiguration.program.command,
            routesCommand { apiRoutes() },
        ],
        defaultCommand: "serve"
    )
}
