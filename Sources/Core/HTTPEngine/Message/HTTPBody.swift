/// The content of a message, in either direction: bytes that are there, or a stream that is asked for them.
public enum HTTPBody {
    case bytes([UInt8])
    case stream(HTTPBodyStream)

    public static var empty: HTTPBody { .bytes([]) }

    public static func text(_ text: String) -> HTTPBody { .bytes([UInt8](text.utf8)) }

    /// How long it is, nil when that is known only at its end.
    public var length: Int? {
        switch self {
        case .bytes(let bytes): bytes.count
        case .stream(let stream): stream.length
        }
    }

    /// The whole content, read to its end: throws `HTTPBodyError.tooLarge` as soon as it is longer than `limit`.
    public func collect(limit: Int) async throws -> [UInt8] {
        switch self {
        case .bytes(let bytes):
            guard bytes.count <= limit else { throw HTTPBodyError.tooLarge(limit: limit) }
            return bytes
        case .stream(let stream):
            return try await stream.collect(limit: limit)
        }
    }
}

public enum HTTPBodyError: Error, Equatable {
    case tooLarge(limit: Int)
    /// The peer left, or broke the framing, before the end.
    case incomplete
}

/// Content that arrives or is made piece by piece.
///
/// It is pulled: nothing is read from the peer, or asked of the producer, before somebody calls `next`. That is all the
/// back-pressure there is. Belongs to one task; not Sendable, so that the compiler sees to it.
public final class HTTPBodyStream {
    /// The exact number of bytes to come, nil when only the end will tell.
    public let length: Int?
    private let pull: () async throws -> [UInt8]?
    private var isFinished = false

    /// `pull` answers the next piece, which should not be empty, and nil at the end.
    public init(length: Int? = nil, pull: @escaping () async throws -> [UInt8]?) {
        self.length = length
        self.pull = pull
    }

    /// The next piece, nil at the end and ever after. After an error there is no more.
    public func next() async throws -> [UInt8]? {
        if isFinished { return nil }
        do {
            if let piece = try await pull() { return piece }
            isFinished = true
            return nil
        } catch {
            isFinished = true
            throw error
        }
    }

    public func collect(limit: Int) async throws -> [UInt8] {
        if let length, length > limit { throw HTTPBodyError.tooLarge(limit: limit) }
        var result: [UInt8] = []
        if let length { result.reserveCapacity(length) }
        while let piece = try await next() {
            guard result.count + piece.count <= limit else { throw HTTPBodyError.tooLarge(limit: limit) }
            result += piece
        }
        return result
    }
}
