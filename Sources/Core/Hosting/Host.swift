public import HTTPEngine
internal import Linux
public import Networking
public import Operations

/// Puts the parts of Core together into a running program: loops, a server, a metrics listener, signals.
public struct Host: Sendable {
    /// What a program builds once for each loop.
    public struct Loop {
        public let loop: EventLoop
        public let logger: Logger
        public let metrics: HTTPMetrics.Recorder
    }

    private let name: String
    private let settings: HostSettings
    private let logger: Logger

    /// Who collects numbers needs few, and those come from what `limits` leaves for everything else.
    private static let metricsConnections = 100

    /// What a log that nobody reads may hold up the end of the program.
    private static let lastWords = Duration.seconds(1)

    /// Logs to standard error if nothing else is said.
    public init(_ name: String, _ settings: HostSettings, sink: (any LogSink)? = nil) throws {
        self.name = name
        self.settings = settings
        let sink = try sink ?? BackgroundLogSink(format: settings.logFormat)
        logger = Logger(minimumLevel: settings.logLevel, format: settings.logFormat, sink: sink)
            .with("service", .string(name))
    }

    /// Serves until a signal says otherwise. `makeResponder` is called once on each loop. Answers the exit status.
    ///
    /// `makeParts` makes what has to be there before the server starts and after it has stopped.
    public func serve(
        routes: [Route],
        makeParts: (EventLoopGroup, Logger) throws -> [any Service] = { _, _ in [] },
        makeResponder: @escaping @Sendable (Loop) throws -> any HTTPResponder
    ) async throws -> ProgramStatus {
        defer { logger.flush(within: Host.lastWords) }
        let group = try EventLoopGroup(count: settings.loops)
        defer { group.stop() }
        var builder = MetricsRegistryBuilder()
        let metrics = HTTPMetrics(routes: routes, in: &builder)
        let registry = builder.build()
        let shards = group.loops.map { registry.makeShard(loop: $0.index) }
        let recorders = zip(group.loops, shards).map { loop, shard in
            LoopBound(HTTPMetrics.Recorder(metrics, shard: shard), on: loop)
        }
        let limits = limits()
        let server = ServerService(
            name: "server",
            addresses: [settings.listen],
            group: group,
            limits: limits,
            logger: logger
        ) { loop in
            let logger = logger.with("loop", .integer(loop.index))
            return try makeResponder(Loop(loop: loop, logger: logger, metrics: recorders[loop.index].value))
        }
        var services = try makeParts(group, logger) + [server]
        if let address = settings.metricsListen {
            var few = limits
            few.connections = min(limits.connections, Host.metricsConnections)
            let metricsServer = ServerService(
                name: "metrics",
                addresses: [address],
                group: group,
                limits: few,
                logger: logger
            ) { _ in MetricsResponder(registry: registry, shards: shards, recorders: recorders, server: server) }
            services.append(metricsServer)
        }
        let status = await ServiceGroup(services, shutdownLimit: settings.shutdownTimeout, logger: logger).run()
        return ProgramStatus(rawValue: status) ?? .failed
    }

    /// As many connections as were asked for, but never so many that nothing is left for files, stores and listeners.
    private func limits() -> HTTPServerLimits {
        var limits = settings.limits
        let available = Linux.ProcessInfo.raiseDescriptorLimit()
        let reserved = min(1_000, available / 4)
        if limits.connections > available - reserved {
            limits.connections = available - reserved
            logger.notice(
                "fewer connections than configured: the limit of open files is low",
                ["connections": .integer(limits.connections), "open_files": .integer(available)]
            )
        }
        return limits
    }
}
