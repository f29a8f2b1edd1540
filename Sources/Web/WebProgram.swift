internal import Hosting
public import Operations

/// `gatehouse-web` as its operator sees it.
public enum WebProgram {
    public static let program = Program(
        "gatehouse-web",
        version: BuildVersion.text,
        help: "The pages of Gatehouse: sign in, own account, administration.",
        commands: [
            ProgramCommand("serve", help: "Serve the pages until SIGTERM") { invocation in
                let configuration = try WebConfiguration.program.load(console: invocation.console)
                return try await Host("web", configuration.host).serve(routes: try webRoutes()) { loop in
                    try buildWeb(configuration: configuration, on: loop)
                }
            },
            WebConfiguration.program.command,
            healthCommand(WebConfiguration.program, host: \.host, path: "/"),
            routesCommand { try webRoutes().map { ($0, "") } },
        ],
        defaultCommand: "serve"
    )
}
