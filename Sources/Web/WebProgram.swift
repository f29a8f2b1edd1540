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
                let parts = Lock<(WebState, Pages)?>(nil)
                return try await Host("web", configuration.host).serve(
                    routes: webRoutes().map(\.route),
                    makeParts: { group, logger in
                        let pages = try Pages(configuration, logger: logger)
                        let state = WebState(
                            redis: configuration.redis,
                            api: configuration.api,
                            on: group,
                            logger: logger
                        )
                        parts.withLock { $0 = (state, pages) }
                        return [state]
                    },
                    makeResponder: { loop in
                        guard let (state, pages) = parts.withLock({ $0 }) else {
                            preconditionFailure("the parts come first")
                        }
                        let stores = state.stores(on: loop.loop)
                        return try buildWeb(configuration: configuration, state: stores, pages: pages, on: loop)
                    }
                )
            },
            WebConfiguration.program.command,
            healthCommand(WebConfiguration.program, host: \.host, path: "/health"),
            routesCommand { webRoutes() },
            RenderCommand.command,
        ],
        defaultCommand: "serve"
    )
}

extension Pages {
    /// In development templates may be changed while the program runs; elsewhere they are read once.
    fileprivate init(_ configuration: WebConfiguration, logger: Logger) throws {
        try self.init(
            folder: try TemplatesFolder.find(configured: configuration.templatesPath),
            reloads: configuration.host.environment == .development,
            complain: { logger.error("the templates are broken", ["error": .error($0)]) }
        )
    }
}
