public import HTTPEngine
public import Linux
public import Operations

/// What every program of ours can be told about how it serves, whatever it serves.
public struct HostSettings: Sendable {
    public let environment: Environment
    public let logLevel: LogLevel
    public let logFormat: LogFormat
    public let listen: SocketAddress
    public let metricsListen: SocketAddress?
    public let loops: Int
    public let limits: HTTPServerLimits
    public let bodyLimit: Int
    public let trustedProxies: TrustedProxies
    public let shutdownTimeout: Duration
    /// The value of Strict-Transport-Security, nil to leave it out.
    public let strictTransportSecurity: String?
    /// What Content-Security-Policy says in place of the program's own policy, if it is to say something else.
    public let contentSecurityPolicy: String?

    /// `listenName` is the program's own variable for its address.
    public init(_ reader: ConfigurationReader, listenName: String, defaultListen: String) {
        environment = reader.group("Program") {
            reader.choice("ENVIRONMENT", default: Environment.development, help: "What the program runs for")
        }
        (logLevel, logFormat) = reader.group("Log") {
            (
                reader.choice("LOG_LEVEL", default: LogLevel.info, help: "Least severe lines to write"),
                reader.choice("LOG_FORMAT", default: LogFormat.text, help: "Lines for people or for programs")
            )
        }
        (listen, metricsListen, loops) = reader.group("Listening") {
            (
                reader.value(
                    listenName,
                    default: defaultListen,
                    help: "Where to serve",
                    expects: HostSettings.addressForm,
                    parse: { SocketAddress($0) }
                ),
                reader.optionalValue(
                    "METRICS_LISTEN",
                    help: "Where to serve /metrics; unset: nowhere",
                    expects: HostSettings.addressForm,
                    parse: { SocketAddress($0) }
                ),
                reader.value(
                    "EVENT_LOOPS",
                    default: ("one for each processor", Linux.ProcessInfo.processorCount),
                    help: "Threads that serve",
                    expects: "a number from 1 to 256",
                    parse: { Int($0).flatMap { (1...256).contains($0) ? $0 : nil } }
                )
            )
        }
        trustedProxies = reader.group("Proxies") { HostSettings.trustedProxies(reader) }
        (limits, bodyLimit) = reader.group("HTTP limits") {
            (
                HTTPServerLimits(reader),
                reader.bytes(
                    "HTTP_MAX_BODY",
                    default: 1_048_576,
                    in: 1_024...1_073_741_824,
                    help: "Longest content of a request"
                )
            )
        }
        shutdownTimeout = reader.group("Program") {
            reader.duration(
                "SHUTDOWN_TIMEOUT",
                default: .seconds(10),
                in: .zero ... .seconds(300),
                help: "Time to finish what is in flight after SIGTERM"
            )
        }
        (strictTransportSecurity, contentSecurityPolicy) = reader.group("Browsers") {
            (HostSettings.strictTransportSecurity(reader), HostSettings.contentSecurityPolicy(reader))
        }
    }

    static let addressForm = "host:port or unix:/path"

    private static func trustedProxies(_ reader: ConfigurationReader) -> TrustedProxies {
        enum Trusted {
            case network(IPNetwork)
            case unix
        }
        let trusted = reader.values(
            "TRUSTED_PROXIES",
            default: "127.0.0.1/32, ::1/128, unix",
            help: "Whose X-Forwarded-For, X-Forwarded-Proto and X-Request-ID are believed; `none` for nobody",
            expects: "networks such as 10.0.0.0/8, `unix` for unix sockets, or `none`",
            parse: { text -> [Trusted]? in
                if text == "none" { return [] }
                if text == "unix" { return [.unix] }
                return IPNetwork(text).map { [.network($0)] }
            }
        ).flatMap(\.self)
        var networks: [IPNetwork] = []
        var trustsUnix = false
        for entry in trusted {
            switch entry {
            case .network(let network): networks.append(network)
            case .unix: trustsUnix = true
            }
        }
        return TrustedProxies(networks, trustsUnixPeers: trustsUnix)
    }

    private static func strictTransportSecurity(_ reader: ConfigurationReader) -> String? {
        let age = reader.duration(
            "HSTS_MAX_AGE",
            default: .seconds(63_072_000),
            in: .zero ... .seconds(157_680_000),
            help: "How long browsers that came by https keep to it; 0 leaves the header out"
        )
        return age > .zero ? "max-age=\(age.components.seconds); includeSubDomains" : nil
    }

    private static func contentSecurityPolicy(_ reader: ConfigurationReader) -> String? {
        reader.optionalValue(
            "CONTENT_SECURITY_POLICY",
            help: "Content-Security-Policy of all answers that bring none of their own; unset: the program's own, "
                + "which allows what its pages need",
            expects: "a policy in ASCII, on one line",
            parse: { text in
                // What ends a field, or begins another one, is no part of a policy.
                text.utf8.allSatisfy { (0x20...0x7E).contains($0) } ? text : nil
            }
        )
    }
}

extension HTTPServerLimits {
    /// The sizes and times of the configuration.
    public init(_ reader: ConfigurationReader) {
        self.init()
        let times: ClosedRange<Duration> = .milliseconds(100) ... .seconds(3_600)
        connections = reader.integer(
            "HTTP_MAX_CONNECTIONS",
            default: connections,
            in: 1...1_000_000,
            unit: "connections",
            help: "Open connections; one more is answered 503"
        )
        head.startLine = reader.bytes(
            "HTTP_MAX_REQUEST_LINE",
            default: head.startLine,
            in: 256...65_536,
            help: "Longest request line"
        )
        head.fieldCount = reader.integer(
            "HTTP_MAX_HEADERS",
            default: head.fieldCount,
            in: 10...1_000,
            unit: "fields",
            help: "Most header fields of a request"
        )
        head.total = reader.bytes(
            "HTTP_MAX_HEAD",
            default: head.total,
            in: 1_024...1_048_576,
            help: "Longest request head, all fields together"
        )
        headTimeout = reader.duration(
            "HTTP_HEAD_TIMEOUT",
            default: headTimeout,
            in: times,
            help: "Time for a request head to arrive"
        )
        bodyTimeout = reader.duration(
            "HTTP_BODY_TIMEOUT",
            default: bodyTimeout,
            in: times,
            help: "Time for request content, beyond what HTTP_MIN_RATE grants"
        )
        writeTimeout = reader.duration(
            "HTTP_WRITE_TIMEOUT",
            default: writeTimeout,
            in: times,
            help: "Time for a client to take an answer, beyond what HTTP_MIN_RATE grants"
        )
        keepAliveTimeout = reader.duration(
            "HTTP_KEEPALIVE_TIMEOUT",
            default: keepAliveTimeout,
            in: times,
            help: "Time a connection may wait for its next request"
        )
        leastBytesPerSecond = reader.bytes(
            "HTTP_MIN_RATE",
            default: leastBytesPerSecond,
            in: 1...1_048_576,
            help: "Bytes a second that content has to move with, after its time to start"
        )
    }
}
