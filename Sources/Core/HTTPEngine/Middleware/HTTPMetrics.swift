internal import Linux
public import Operations

/// What is counted of HTTP requests: how many for each route and status, how long they took for each route, how many
/// are under way, how many connections are open on each loop and how many it turned away.
public struct HTTPMetrics: Sendable {
    private static let statuses = [
        200, 201, 202, 204, 206, 301, 302, 303, 304, 307, 400, 401, 403, 404, 405, 408, 409, 411, 412, 413, 414, 415,
        416, 417, 422, 429, 431, 500, 501, 502, 503, 504, 505,
    ]
    /// Where the status stands in `statuses`, by code; the last row takes the codes that are not listed.
    private static let statusRows: [Int] = {
        var rows = Array(repeating: statuses.count, count: 1_000)
        for (row, code) in statuses.enumerated() { rows[code] = row }
        return rows
    }()

    private let requests: CounterFamily
    private let durations: HistogramFamily
    private let underWay: Gauge
    private let connections: Gauge
    private let turnedAway: Counter
    private let routeCount: Int

    /// Registers the metrics. What has no route is counted under one name, whatever its path was.
    public init(routes: [Route], in builder: inout MetricsRegistryBuilder) {
        let names = routes.map { [$0.method.name, $0.pattern] } + [["-", "none"]]
        let codes = HTTPMetrics.statuses.map { "\($0)" } + ["other"]
        requests = builder.counterFamily(
            "http_requests_total",
            help: "Requests answered.",
            labels: ["method", "route", "status"],
            rows: names.flatMap { name in codes.map { name + [$0] } },
            sparse: true
        )
        durations = builder.histogramFamily(
            "http_request_duration_seconds",
            help: "Time from a request's head to its answer's.",
            labels: ["method", "route"],
            rows: names,
            sparse: true
        )
        underWay = builder.gauge("http_requests_under_way", help: "Requests being answered.", perLoop: true)
        connections = builder.gauge("http_connections", help: "Open connections.", perLoop: true)
        turnedAway = builder.counter(
            "http_connections_turned_away_total",
            help: "Connections that there was no room for.",
            perLoop: true
        )
        routeCount = routes.count
    }

    /// Counts into the shard of one loop.
    public struct Recorder {
        private let metrics: HTTPMetrics
        private let shard: MetricsShard

        public init(_ metrics: HTTPMetrics, shard: MetricsShard) {
            self.metrics = metrics
            self.shard = shard
        }

        func requestBegan() { shard.adjust(metrics.underWay, by: 1) }

        func requestEnded() { shard.adjust(metrics.underWay, by: -1) }

        func count(_ route: Route?, _ method: HTTPMethod, _ status: HTTPStatus, _ duration: Duration) {
            let place = route?.index ?? metrics.routeCount
            let row = place * (HTTPMetrics.statuses.count + 1) + HTTPMetrics.statusRows[status.code]
            shard.increment(metrics.requests[row])
            shard.observe(metrics.durations[place], duration.inSeconds)
        }

        /// To be called on the shard's loop.
        public func setConnections(_ counts: HTTPServer.LoopCounts) {
            shard.set(metrics.connections, to: counts.open)
            shard.set(metrics.turnedAway, to: counts.turnedAway)
        }
    }
}
