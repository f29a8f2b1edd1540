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
    /// Clients decide how often this happens.
    private let (acceptTrouble, turnedAway) = (LogThrottle(interval: .seconds(1)), LogThrottle(interval: .seconds(1)))

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
        let (logger, acceptTrouble, turnedAway) = (logger, acceptTrouble, turnedAway)
        let part = LogValue.string(name)
        let server: HTTPServer
        do {
            server = try await HTTPServer.start(
                at: addresses,
                on: group,
                limits: limits,
                onTrouble: { error in
                    guard let count = acceptTrouble.happened() else { return }
                    logger.error(
                        "a connection could not be accepted",
                        ["part": part, "error": .string(error.description), "times": .integer(count)]
                    )
                },
                onTurnedAway: {
                    guard let count = turnedAway.happened() else { return }
                    logger.error("no room for a connection", ["part": part, "times": .integer(count)])
                },
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

    /// What each loop counts; nothing before the start.
    func counts() async -> [HTTPServer.LoopCounts] {
        await running.withLock { $0 }?.counts() ?? []
    }
}

/// A system call that failed, with the addresses it was about: `127.0.0.1:5000: bind: Address already in use`.
private struct AddressError: Error, CustomStringConvertible {
    let addresses: [SocketAddress]
    let error: SystemError

    var description: String { addresses.map(\.description).joined(separator: ", ") + ": \(error)" }
}
