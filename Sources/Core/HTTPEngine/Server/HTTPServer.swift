public import Linux
public import Networking

/// An HTTP/1.1 server on the loops of a group.
public final class HTTPServer: Sendable {
    /// Where it listens, with the ports the kernel chose.
    public let addresses: [SocketAddress]
    private let group: EventLoopGroup
    private let parts: [LoopBound<HTTPServerLoop>]
    private let listeners: [LoopBound<Listener>]

    private init(
        group: EventLoopGroup,
        parts: [LoopBound<HTTPServerLoop>],
        listeners: [LoopBound<Listener>],
        addresses: [SocketAddress]
    ) {
        self.group = group
        self.parts = parts
        self.listeners = listeners
        self.addresses = addresses
    }

    /// Starts to serve. `makeResponder` is called once on each loop; `onTrouble` hears why connections could not be
    /// accepted, and `onTurnedAway` that there was no room for one.
    public static func start(
        at addresses: [SocketAddress],
        on group: EventLoopGroup,
        limits: HTTPServerLimits = HTTPServerLimits(),
        onTrouble: @escaping @Sendable (SystemError) -> Void = { _ in },
        onTurnedAway: @escaping @Sendable () -> Void = {},
        makeResponder: @escaping @Sendable (EventLoop) throws -> any HTTPResponder
    ) async throws -> HTTPServer {
        var parts: [LoopBound<HTTPServerLoop>] = []
        let share = max(1, limits.connections / group.loops.count)
        for loop in group.loops {
            let part = try await loop.run {
                let part = HTTPServerLoop(
                    loop: loop,
                    limits: limits,
                    connectionLimit: share,
                    onTurnedAway: onTurnedAway,
                    responder: try makeResponder(loop)
                )
                return LoopBound(part, on: loop)
            }
            parts.append(part)
        }
        var listeners: [LoopBound<Listener>] = []
        var bound: [SocketAddress] = []
        do {
            for (index, address) in addresses.enumerated() {
                let loop = group.loops[index % group.loops.count]
                let everyPart = parts
                let (listener, actual) = try await loop.run {
                    let listener = try Listener.open(at: address, on: loop, of: group, onTrouble: onTrouble) {
                        loop,
                        descriptor,
                        peer in
                        let part = everyPart[loop.index]
                        loop.spawn { await part.value.serve(descriptor, peer: peer) }
                    }
                    return (LoopBound(listener, on: loop), listener.address)
                }
                listeners.append(listener)
                bound.append(actual)
            }
        } catch {
            await HTTPServer.close(listeners)
            throw error
        }
        return HTTPServer(group: group, parts: parts, listeners: listeners, addresses: bound)
    }

    /// Stops accepting, finishes what is in flight, and ends what is not done by then.
    public func stop(within duration: Duration) async {
        await HTTPServer.close(listeners)
        await withTaskGroup { tasks in
            for part in parts {
                tasks.addTask {
                    let timeout = part.loop.spawn {
                        await part.loop.sleep(for: duration)
                        if !Task.isCancelled { part.value.abort() }
                    }
                    await part.loop.spawn { await part.value.drain() }.value
                    timeout.cancel()
                    await timeout.value
                }
            }
        }
    }

    private static func close(_ listeners: [LoopBound<Listener>]) async {
        for listener in listeners {
            await listener.loop.spawn { listener.value.close() }.value
        }
    }

    /// The connections of one loop.
    public struct LoopCounts: Equatable, Sendable {
        public let open: Int
        /// Since the start.
        public let turnedAway: Int

        public init(open: Int, turnedAway: Int) {
            self.open = open
            self.turnedAway = turnedAway
        }
    }

    /// What each loop counts, in their order.
    public func counts() async -> [LoopCounts] {
        var counts: [LoopCounts] = []
        for part in parts {
            counts.append(
                await part.loop.spawn {
                    LoopCounts(open: part.value.connectionCount, turnedAway: part.value.turnedAwayCount)
                }.value
            )
        }
        return counts
    }

    /// Open connections, loop by loop.
    public func connectionCounts() async -> [Int] { await counts().map(\.open) }
}
