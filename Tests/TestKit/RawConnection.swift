public import Linux
public import Networking

/// A connection that sends what it is told, byte for byte, and collects what comes back. For what no HTTP client sends.
public final class RawConnection {
    private let stream: StreamSocket
    public var loop: EventLoop { stream.loop }
    public private(set) var received: [UInt8] = []
    public private(set) var hasEnded = false

    public init(to address: SocketAddress, on loop: EventLoop, patience: Duration = .seconds(120)) async throws {
        stream = try await StreamSocket.connect(to: address, on: loop, deadline: loop.now + patience)
        stream.deadline = loop.now + patience
    }

    /// The other end: what a listener has accepted.
    public init(
        accepted descriptor: FileDescriptor,
        from peer: SocketAddress,
        on loop: EventLoop,
        patience: Duration = .seconds(10)
    ) throws {
        stream = try StreamSocket(descriptor, peer: peer, on: loop)
        stream.deadline = loop.now + patience
    }

    public func send(_ text: String) async throws {
        stream.write([UInt8](text.utf8))
        try await stream.flush()
    }

    public func send(_ bytes: [UInt8]) async throws {
        stream.write(bytes)
        try await stream.flush()
    }

    public func endWriting() { stream.endWriting() }

    /// Everything that came, as text.
    public var text: String { String(decoding: received, as: UTF8.self) }

    /// Reads until `isEnough` says so of what came, or the other side ends. A reset counts as an end, and is told apart
    /// by `wasReset`.
    public func read(until isEnough: (String) -> Bool) async throws {
        while !hasEnded, !isEnough(text) { try await readOnce() }
    }

    /// Takes everything up to a text, and that too, out of what is received. Nil when the other side ends before.
    public func take(through text: String) async throws -> String? {
        while true {
            if let range = received.firstRange(of: Array(text.utf8)) { return take(range.upperBound) }
            if hasEnded { return nil }
            try await readOnce()
        }
    }

    /// Takes as many bytes as asked for. Nil when the other side ends before.
    public func take(count: Int) async throws -> String? {
        while received.count < count, !hasEnded { try await readOnce() }
        return received.count < count ? nil : take(count)
    }

    private func take(_ count: Int) -> String {
        defer { received.removeFirst(count) }
        return String(decoding: received[..<count], as: UTF8.self)
    }

    /// Reads until the other side ends.
    public func readToEnd() async throws {
        while !hasEnded { try await readOnce() }
    }

    private func readOnce() async throws {
        do {
            let piece = try await stream.receive { bytes in bytes.withUnsafeBufferPointer { Array($0) } }
            received += piece
            if piece.isEmpty { hasEnded = true }
        } catch StreamError.system(let error) where error.isConnectionReset {
            hasEnded = true
            wasReset = true
        }
    }

    public private(set) var wasReset = false

    public func close() { stream.close() }
}
