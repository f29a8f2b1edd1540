internal import HTTPEngine
internal import Networking
internal import Operations

/// Answers GET /metrics for Prometheus, on a listener that nginx does not know.
final class MetricsResponder: HTTPResponder {
    private let registry: MetricsRegistry
    private let shards: [MetricsShard]
    private let recorders: [LoopBound<HTTPMetrics.Recorder>]
    private let server: ServerService
    private let process = ProcessMetrics()

    init(
        registry: MetricsRegistry,
        shards: [MetricsShard],
        recorders: [LoopBound<HTTPMetrics.Recorder>],
        server: ServerService
    ) {
        self.registry = registry
        self.shards = shards
        self.recorders = recorders
        self.server = server
    }

    func respond(to request: HTTPRequest, on connection: HTTPConnectionInfo) async -> HTTPResponse {
        guard request.path == "/metrics" else { return .text("not found\n", status: .notFound) }
        guard request.method == .get || request.method == .head else {
            return HTTPResponse(status: .methodNotAllowed, fields: [.allow: "GET, HEAD"])
        }
        // Only a loop writes its own shard, so each is asked to note its connections.
        for (recorder, counts) in zip(recorders, await server.counts()) {
            await recorder.loop.spawn { recorder.value.setConnections(counts) }.value
        }
        let text = registry.render(shards: shards) + process.render()
        return HTTPResponse(
            fields: [.contentType: MetricsRegistry.contentType],
            body: .bytes(text)
        )
    }

    func refuse(_ error: HTTPParseError, on connection: HTTPConnectionInfo) async -> HTTPResponse {
        .text(error.reason + "\n", status: error.status)
    }
}
