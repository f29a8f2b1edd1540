public import Linux
internal import Synchronization

/// A listening socket. It accepts on one loop of its group and hands each connection to the loop that has the fewest.
///
/// Belongs to the loop it was opened on.
public final class Listener {
    /// Given each accepted connection, on the loop it was assigned to. It owns the descriptor.
    public typealias Handler = @Sendable (EventLoop, FileDescriptor, SocketAddress) -> Void

    /// What the kernel made of the address asked for: with the port it chose for port 0.
    public let address: SocketAddress
    private let watched: WatchedDescriptor
    private let group: EventLoopGroup
    private let handler: Handler
    private let onTrouble: @Sendable (SystemError) -> Void
    private var turn = 0

    /// Pause after running out of descriptors, above all: accepting at once again would only burn the processor.
    private static let pauseAfterTrouble = Duration.milliseconds(50)
    private static let backlog = 4_096

    private init(
        address: SocketAddress,
        watched: WatchedDescriptor,
        group: EventLoopGroup,
        onTrouble: @escaping @Sendable (SystemError) -> Void,
        handler: @escaping Handler
    ) {
        self.address = address
        self.watched = watched
        self.group = group
        self.onTrouble = onTrouble
        self.handler = handler
    }

    /// Opens a listener and starts to accept. Must be called on `loop`, a member of the group.
    public static func open(
        at address: SocketAddress,
        on loop: EventLoop,
        of group: EventLoopGroup,
        onTrouble: @escaping @Sendable (SystemError) -> Void = { _ in },
        handler: @escaping Handler
    ) throws(SystemError) -> Listener {
        let descriptor = try Listener.boundSocket(at: address)
        let bound: SocketAddress
        do throws(SystemError) {
            try descriptor.listen(backlog: backlog)
            bound = if case .unix = address { address } else { try descriptor.localAddress() }
        } catch {
            descriptor.close()
            throw error
        }
        let listener = Listener(
            address: bound,
            watched: try WatchedDescriptor(descriptor, on: loop),
            group: group,
            onTrouble: onTrouble,
            handler: handler
        )
        let confined = LoopBound(listener, on: loop)
        loop.spawn { await confined.value.acceptUntilClosed() }
        return listener
    }

    private static func boundSocket(at address: SocketAddress) throws(SystemError) -> FileDescriptor {
        let descriptor = try FileDescriptor.streamSocket(for: address)
        do throws(SystemError) {
            switch address {
            case .ip:
                try descriptor.allowAddressReuse()
                try descriptor.bind(to: address)
            case .unix(let path):
                do throws(SystemError) {
                    try descriptor.bind(to: address)
                } catch {
                    guard error.isAddressInUse, isStale(address, path: path) else { throw error }
                    try File.remove(path: path)
                    try descriptor.bind(to: address)
                }
                // Whoever may write to the socket may speak as a trusted proxy: owner and group, nobody else.
                try File.setPermissions(0o660, path: path)
            }
            return descriptor
        } catch {
            descriptor.close()
            throw error
        }
    }

    /// A socket file outlives a program that was killed. It is stale when nobody accepts behind it; any other file in
    /// that place is somebody's, and stays.
    private static func isStale(_ address: SocketAddress, path: String) -> Bool {
        guard let status = try? File.status(path: path), status.isSocket,
            let probe = try? FileDescriptor.streamSocket(for: address)
        else { return false }
        defer { probe.close() }
        do throws(SystemError) {
            _ = try probe.connect(to: address)
            return false
        } catch {
            return error.isConnectionRefused
        }
    }

    private func acceptUntilClosed() async {
        while await watched.readable() == .ready {
            do throws(SystemError) {
                try acceptAll()
            } catch {
                onTrouble(error)
                await watched.loop.sleep(for: Listener.pauseAfterTrouble)
            }
        }
    }

    /// Accepts everyone who waits now.
    private func acceptAll() throws(SystemError) {
        while watched.isOpen {
            do throws(SystemError) {
                guard let (socket, peer) = try watched.descriptor.accept() else {
                    watched.noteNothing()
                    return
                }
                assign(socket, peer)
            } catch {
                if !error.isAbortedBeforeAccept { throw error }
            }
        }
    }

    private func assign(_ socket: FileDescriptor, _ peer: SocketAddress) {
        turn &+= 1
        let loop = group.leastLoaded(startingAt: turn)
        loop.load.wrappingAdd(1, ordering: .relaxed)
        if case .ip = peer {
            // A connection that is already gone says so when it is read.
            try? socket.disableSendDelay()
        }
        let handler = handler
        loop.execute { handler(loop, socket, peer) }
    }

    /// To be called once for each connection that the handler was given, when it is closed.
    public static func connectionEnded(on loop: EventLoop) {
        loop.load.wrappingSubtract(1, ordering: .relaxed)
    }

    /// Stops accepting. Whoever is already in the kernel's queue has been told by it that we listen, so they are taken
    /// in first. A unix-domain listener removes its file.
    public func close() {
        guard watched.isOpen else { return }
        // The file goes first: nobody new can come then, and no successor's file is taken for ours.
        if case .unix(let path) = address { try? File.remove(path: path) }
        try? acceptAll()
        watched.close()
    }
}
