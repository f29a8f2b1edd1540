internal import HTTPEngine
internal import Linux
internal import Networking
public import Operations

/// The command `health`: asks the server that the same configuration has started, for whoever watches a container that
/// holds no other program. Exits 0 when it answers what is good, 1 with the reason otherwise.
///
/// `path` is what is asked for, `readinessPath` what is asked for with `--ready`.
public func healthCommand<Settings: Sendable>(
    _ program: ProgramConfiguration<Settings>,
    host: @escaping @Sendable (Settings) -> HostSettings,
    path: String,
    readinessPath: String? = nil
) -> ProgramCommand {
    ProgramCommand(
        "health",
        help: "Ask the running server how it is",
        options: readinessPath == nil ? [] : [.flag("ready", help: "Ask for its stores too")]
    ) { invocation in
        // Warnings were shown when the server started.
        let quiet = ProgramConsole(output: { _ in }, errors: { _ in })
        let address = host(try program.load(console: quiet)).listen.reachable
        let target = readinessPath.flatMap { invocation.isOn("ready") ? $0 : nil } ?? path
        let group = try EventLoopGroup(count: 1)
        defer { group.stop() }
        let status = try await group.loops[0].run {
            let client = HTTPClient(loop: group.loops[0])
            defer { client.close() }
            let request = HTTPRequest(method: .get, target: target)
            return try await client.send(request, to: HTTPOrigin(address), timeout: .seconds(3)).status
        }
        guard status.code < 400 else {
            invocation.console.complain("\(address)\(target) answers \(status.code)")
            return .failed
        }
        invocation.console.print("\(address)\(target) answers \(status.code)")
        return .good
    }
}

extension SocketAddress {
    /// Who listens on all addresses is reached on the machine's own.
    fileprivate var reachable: SocketAddress {
        guard case .ip(let address, let port) = self else { return self }
        let own: IPAddress? =
            switch address.description {
            case "0.0.0.0": IPAddress("127.0.0.1")
            case "::": IPAddress("::1")
            default: nil
            }
        return .ip(own ?? address, port: port)
    }
}
