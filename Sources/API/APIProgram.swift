internal import Hosting
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
                return try await Host("api", configuration.host).serve(routes: try apiRoutes().map(\.route)) { loop in
                    try buildAPI(configuration: configuration, on: loop)
                }
            },
            APIConfiguration.program.command,
            routesCommand { try apiRoutes() },
        ],
        defaultCommand: "serve"
    )
}
