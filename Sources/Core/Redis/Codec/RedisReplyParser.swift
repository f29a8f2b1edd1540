internal import CRedis

/// The bytes are no reply, or one larger than any we ask for.
struct RedisProtocolError: Error, Equatable {
    /// What hiredis said, which quotes no more than one byte.
    let reason: String
}

/// Bytes in, replies out: the reader of hiredis. Owns its memory.
///
/// It builds our replies in its callbacks, so hiredis allocates no reply of its own. A hostile server can make it hold no more
/// than `maximumLength` bytes for one reply: announced lengths reserve next to nothing, whether of strings or of arrays (the
/// array builder that comes with hiredis calls calloc for 2^31 elements when a peer says so), and hiredis itself
/// refuses arrays that are nested deeper than seven.
final class RedisReplyParser {
    private let reader: UnsafeMutablePointer<redisReader>
    private let maximumLength: Int
    /// Bytes since the last complete reply.
    private var unfinished = 0

    init(maximumLength: Int) {
        // redisReaderCreateWithFunctions keeps the pointer and only reads through it.
        guard let reader = redisReaderCreateWithFunctions(ReplyBuilder.functions) else {
            preconditionFailure("no memory for a reader of a few hundred bytes")
        }
        self.reader = reader
        self.maximumLength = maximumLength
    }

    deinit { redisReaderFree(reader) }

    /// Takes bytes as they came. `next` tells what they make.
    func feed(_ bytes: Span<UInt8>) {
        unfinished += bytes.count
        bytes.withUnsafeBytes { raw in
            // Its result is not needed: a reader in trouble says so again when it is asked for a reply.
            _ = redisReaderFeed(reader, raw.baseAddress?.assumingMemoryBound(to: CChar.self), raw.count)
        }
    }

    /// The next complete reply, nil when more bytes are needed. After an error there is no other reply.
    func next() throws(RedisProtocolError) -> RedisReply? {
        var object: UnsafeMutableRawPointer?
        guard redisReaderGetReply(reader, &object) == REDIS_OK else {
            let message = withUnsafeBytes(of: reader.pointee.errstr) { $0.prefix { $0 != 0 }.map(\.self) }
            throw RedisProtocolError(reason: String(decoding: message, as: UTF8.self))
        }
        guard let object else {
            if unfinished > maximumLength {
                throw RedisProtocolError(reason: "a reply of more than \(maximumLength) bytes")
            }
            return nil
        }
        unfinished = reader.pointee.len - reader.pointee.pos
        return Unmanaged<ReplyNode>.fromOpaque(object).takeRetainedValue().finished()
    }
}

/// A reply while hiredis builds it. hiredis holds the root as a retained reference; the others hang from their parents.
private final class ReplyNode {
    private var reply: RedisReply
    private var elements: [RedisReply] = []
    /// Arrays within this one, with their places in it.
    private var nested: [(index: Int, node: ReplyNode)] = []

    init(_ reply: RedisReply, room: Int = 0) {
        self.reply = reply
        elements.reserveCapacity(room)
    }

    func append(_ element: RedisReply) { elements.append(element) }

    func append(_ node: ReplyNode) {
        nested.append((elements.count, node))
        elements.append(.null)
    }

    /// Goes at most seven deep, which is as deep as hiredis reads.
    func finished() -> RedisReply {
        guard case .array = reply else { return reply }
        for (index, node) in nested { elements[index] = node.finished() }
        return .array(elements)
    }
}

/// The callbacks of hiredis. It calls them on the thread that asks for a reply.
///
/// What they answer must not be NULL, or hiredis takes it for a lack of memory. Only the answer for a root is ever given
/// to `freeObject` or out of the reader; for an element it is looked at when it is an array that has children.
private enum ReplyBuilder {
    // nonisolated(unsafe): written once, read by hiredis ever after, and never freed.
    nonisolated(unsafe) static let functions: UnsafeMutablePointer<redisReplyObjectFunctions> = {
        let functions = UnsafeMutablePointer<redisReplyObjectFunctions>.allocate(capacity: 1)
        functions.initialize(
            to: redisReplyObjectFunctions(
                createString: { task, text, length in
                    let bytes = UnsafeRawBufferPointer(start: text, count: length)
                    switch task?.pointee.type {
                    case REDIS_REPLY_STATUS: return place(.simple(String(decoding: bytes, as: UTF8.self)), task)
                    case REDIS_REPLY_ERROR: return place(.error(String(decoding: bytes, as: UTF8.self)), task)
                    default: return place(.bulk(Array(bytes)), task)
                    }
                },
                createArray: { task, count in
                    // At most seven are unfinished at a time, so this much can be given on a server's word.
                    let node = ReplyNode(.array([]), room: min(Int(count), 16))
                    guard let parent = parent(of: task) else { return Unmanaged.passRetained(node).toOpaque() }
                    parent.append(node)
                    return Unmanaged.passUnretained(node).toOpaque()
                },
                createInteger: { task, value in place(.integer(Int(value)), task) },
                createNil: { task in place(.null, task) },
                freeObject: { object in object.map { Unmanaged<ReplyNode>.fromOpaque($0).release() } }
            )
        )
        return functions
    }()

    private static func parent(of task: UnsafePointer<redisReadTask>?) -> ReplyNode? {
        guard let object = task?.pointee.parent?.pointee.obj else { return nil }
        return Unmanaged<ReplyNode>.fromOpaque(object).takeUnretainedValue()
    }

    private static func place(
        _ reply: RedisReply,
        _ task: UnsafePointer<redisReadTask>?
    ) -> UnsafeMutableRawPointer {
        guard let parent = parent(of: task) else { return Unmanaged.passRetained(ReplyNode(reply)).toOpaque() }
        parent.append(reply)
        return Unmanaged.passUnretained(parent).toOpaque()
    }
}
