internal import Glibc

/// An error number of the kernel, with the call that got it.
public struct SystemError: Error, Equatable, Sendable {
    public let code: CInt
    public let call: StaticString

    public init(code: CInt, call: StaticString) {
        self.code = code
        self.call = call
    }

    public static func == (left: SystemError, right: SystemError) -> Bool { left.code == right.code }
}

extension SystemError: CustomStringConvertible {
    /// For example `bind: Address already in use`. Names no path and no address, so it is safe to show.
    public var description: String {
        var buffer = [CChar](repeating: 0, count: 128)
        // The POSIX strerror_r: the message is in the buffer when it answers 0.
        guard strerror_r(code, &buffer, buffer.count) == 0 else { return "\(call): error \(code)" }
        let bytes = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return "\(call): \(String(decoding: bytes, as: UTF8.self))"
    }
}

/// The error numbers that callers tell apart.
extension SystemError {
    public var isAddressInUse: Bool { code == EADDRINUSE }
    public var isConnectionRefused: Bool { code == ECONNREFUSED }
    public var isConnectionReset: Bool { code == ECONNRESET || code == EPIPE }
    public var isNotFound: Bool { code == ENOENT || code == ENOTDIR }
    /// The process or the machine has no descriptor, or no memory for one, left.
    public var isOutOfDescriptors: Bool { code == EMFILE || code == ENFILE || code == ENOBUFS || code == ENOMEM }
    /// The peer gave up between its connect and our accept.
    public var isAbortedBeforeAccept: Bool { code == ECONNABORTED || code == EPROTO }
}
