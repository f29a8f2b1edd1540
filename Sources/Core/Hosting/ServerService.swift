internal import HTTPEngine
internal import Linux
internal import Networking
internal import Operations

/// An HTTP server as a part of a program.
final class ServerService: Service {
    let name: String
    private let addresses: [SocketAddress]
    private let group: EventLoopGroup
    private let limits: HTTPServerLimits
    private let logger: Logger
    private let makeResponder: @Sendable (EventLoop) throws -> any HTTPResponder
    private let running = Lock<HTTPServer?>(nil)

    init(
        name: String,
        addresses: [SocketAddress],
        group: EventLoopGroup,
        limits: HTTPServerLimits,
        logger: Logger,
        makeResponder: @escaping @Sendable (EventLoop) throws -> any HTTPResponder
    ) {
        self.name = name
        self.addresses = addresses
        self.group = group
        self.limits = limits
        self.logger = logger
        self.makeResponder = makeResponder
    }

    func start() async throws {
        let logger = logger
        let server: HTTPServer
        do {
            server = try await HTTPServer.start(
                at: addresses,
                on: group,
                limits: limits,
                onTrouble: { logger.error("a connection could not be accepted", ["error": .string($0.description)]) },
                makeResponder: makeResponder
            )
        } catch let error as SystemError {
            throw AddressError(addresses: addresses, error: error)
        }
        running.withLock { $0 = server }
        for address in server.addresses {
            logger.notice("listening", ["part": .string(name), "address": .string(address.description)])
        }
    }

    func stop(within limit: Duration) async {
        await running.withLock { $0 }?.stop(within: limit)
    }

    /// Open connections, loop by loop; none before the start.
    func connectionCounts() async -> [Int] {
        await running.withLock { $0 }?.connectionCounts() ?? []
    }
}

/// A system call that failed, with the addresses it was about: `127.0.0.1:5000: bind: Address already in use`.
private struct AddressError: Error, CustomStringConvertible {
    let addresses: [SocketAddress]
    let error: SystemError

    var description: String { addresses.map(\.description).joined(separator: ", ") + ": \(error)" }
}
