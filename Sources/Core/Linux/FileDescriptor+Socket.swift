internal import CLinux
internal import Glibc

/// Stream sockets. Every descriptor made here is non-blocking and closed on exec.
extension FileDescriptor {
    /// socket(2).
    public static func streamSocket(for address: SocketAddress) throws(SystemError) -> FileDescriptor {
        let type = CInt(SOCK_STREAM.rawValue) | CInt(SOCK_NONBLOCK.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
        return FileDescriptor(number: try systemCall("socket") { socket(address.family, type, 0) })
    }

    /// bind(2).
    public func bind(to address: SocketAddress) throws(SystemError) {
        try address.withSocketAddress { (pointer, length) throws(SystemError) in
            _ = try systemCall("bind") { Glibc.bind(number, pointer, length) }
        }
    }

    /// listen(2).
    public func listen(backlog: Int) throws(SystemError) {
        _ = try systemCall("listen") { Glibc.listen(number, CInt(clamping: backlog)) }
    }

    /// accept4(2): nil when nobody waits.
    public func accept() throws(SystemError) -> (socket: FileDescriptor, peer: SocketAddress)? {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let flags = CInt(SOCK_NONBLOCK.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
        let accepted = try nonBlockingSystemCall("accept4") {
            withUnsafeMutablePointer(to: &storage) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { accept4(number, $0, &length, flags) }
            }
        }
        guard let accepted else { return nil }
        guard let peer = SocketAddress(storage, length: length) else {
            preconditionFailure("accept4 answered a family that was not asked for")
        }
        return (FileDescriptor(number: accepted), peer)
    }

    /// connect(2): false while it is under way; `pendingError` tells how it went once the socket is writable.
    ///
    /// > EAGAIN: For nonblocking UNIX domain sockets, the socket is nonblocking, and the connection cannot be completed
    /// > immediately.
    ///
    /// Nothing is under way then: the listener's line is full, which is an error.
    public func connect(to address: SocketAddress) throws(SystemError) -> Bool {
        let failure = address.withSocketAddress { pointer, length in
            callOnce { Glibc.connect(number, pointer, length) }
        }
        if failure == EINPROGRESS { return false }
        if failure != 0 { throw SystemError(code: failure, call: "connect") }
        return true
    }

    /// recv(2): nil when nothing is there yet, 0 when the peer has ended its side.
    public func receive(into buffer: UnsafeMutableRawBufferPointer) throws(SystemError) -> Int? {
        try nonBlockingSystemCall("recv") { recv(number, buffer.baseAddress, buffer.count, 0) }
    }

    /// MSG_PEEK of recv(2): whether a read would find bytes, the end or an error. Takes nothing.
    public var hasInput: Bool {
        var byte: UInt8 = 0
        do throws(SystemError) {
            return try nonBlockingSystemCall("recv") { recv(number, &byte, 1, CInt(MSG_PEEK)) } != nil
        } catch {
            return true
        }
    }

    /// send(2) without SIGPIPE: how much was taken, nil when nothing can be taken now.
    public func send(_ bytes: UnsafeRawBufferPointer) throws(SystemError) -> Int? {
        try nonBlockingSystemCall("send") {
            Glibc.send(number, bytes.baseAddress, bytes.count, CInt(MSG_NOSIGNAL))
        }
    }

    /// shutdown(2) of our side: the peer reads an end. A peer that left already is no error.
    public func shutdownWriting() { _ = callOnce { shutdown(number, CInt(SHUT_WR)) } }

    /// SO_ERROR: how a connect that was under way ended.
    public var pendingError: SystemError? {
        var code: CInt = 0
        var length = socklen_t(MemoryLayout<CInt>.size)
        let failure = callOnce { getsockopt(number, SOL_SOCKET, SO_ERROR, &code, &length) }
        if failure != 0 { code = failure }
        return code == 0 ? nil : SystemError(code: code, call: "connect")
    }

    /// SO_REUSEADDR: a restart may bind the port while old connections are in TIME_WAIT.
    public func allowAddressReuse() throws(SystemError) { try setOption("SO_REUSEADDR", SOL_SOCKET, SO_REUSEADDR, 1) }

    /// TCP_NODELAY: answers are written whole, waiting for more to send only delays them.
    public func disableSendDelay() throws(SystemError) {
        try setOption("TCP_NODELAY", CInt(IPPROTO_TCP), TCP_NODELAY, 1)
    }

    /// SO_LINGER of zero: close resets the connection instead of leaving it in TIME_WAIT.
    public func resetOnClose() throws(SystemError) {
        var value = linger(l_onoff: 1, l_linger: 0)
        _ = try systemCall("SO_LINGER") {
            setsockopt(number, SOL_SOCKET, SO_LINGER, &value, socklen_t(MemoryLayout<linger>.size))
        }
    }

    private func setOption(_ name: StaticString, _ level: CInt, _ option: CInt, _ value: CInt) throws(SystemError) {
        var value = value
        _ = try systemCall(name) { setsockopt(number, level, option, &value, socklen_t(MemoryLayout<CInt>.size)) }
    }

    /// getsockname(2): the address a listener got, with the port the kernel chose for port 0.
    public func localAddress() throws(SystemError) -> SocketAddress {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        _ = try systemCall("getsockname") {
            withUnsafeMutablePointer(to: &storage) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(number, $0, &length) }
            }
        }
        guard let address = SocketAddress(storage, length: length) else {
            preconditionFailure("getsockname answered a family that was not asked for")
        }
        return address
    }
}
