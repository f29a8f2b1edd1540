internal import Hosting
internal import Linux
internal import Networking
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
                let pages = try Pages(
                    folder: try TemplatesFolder.find(configured: configuration.templatesPath),
                    reloads: configuration.host.environment == .development
                )
                let state = Lock<WebState?>(nil)
                return try await Host("web", configuration.host).serve(
                    routes: webRoutes().map(\.route),
                    makeParts: { group, logger in
                        let made = WebState(
                            redis: configuration.redis,
                            api: configuration.api,
                            on: group,
                            logger: logger
                        )
                        state.withLock { $0 = made }
                        return [made]
                    },
                    makeResponder: { loop in
                        guard let state = state.withLock({ $0 }) else { preconditionFailure("the parts come first") }
                        let stores = state.stores(on: loop.loop)
                        return try buildWeb(configuration: configuration, state: stores, pages: pages, on: loop)
                    }
                )
            },
            WebConfiguration.program.command,
            routesCommand { webRoutes() },
        ],
        defaultCommand: "serve"
    )
}
