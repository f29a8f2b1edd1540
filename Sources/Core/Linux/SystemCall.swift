internal import Glibc

// The only file that reads errno, and it reads it in the statement after the call: anything in between, an
// allocation even, may change it.

/// Makes a call again for as long as a signal interrupts it, and throws what it failed with.
@inline(__always)
@discardableResult
func systemCall<Result: FixedWidthInteger & SignedInteger>(
    _ name: StaticString,
    _ body: () -> Result
) throws(SystemError) -> Result {
    while true {
        let result = body()
        if result >= 0 { return result }
        let code = errno
        if code != EINTR { throw SystemError(code: code, call: name) }
    }
}

/// The same for calls on non-blocking descriptors: nil when the call would have had to wait.
@inline(__always)
func nonBlockingSystemCall<Result: FixedWidthInteger & SignedInteger>(
    _ name: StaticString,
    _ body: () -> Result
) throws(SystemError) -> Result? {
    while true {
        let result = body()
        if result >= 0 { return result }
        let code = errno
        if code == EAGAIN || code == EWOULDBLOCK || code == EINPROGRESS { return nil }
        if code != EINTR { throw SystemError(code: code, call: name) }
    }
}

/// For calls that answer an error number instead of setting errno (the pthread family).
@inline(__always)
func checkReturned(_ name: StaticString, _ code: CInt) throws(SystemError) {
    if code != 0 { throw SystemError(code: code, call: name) }
}

/// For calls that answer a pointer, nil for failure.
@inline(__always)
func pointerCall<Pointee>(
    _ name: StaticString,
    _ body: () -> UnsafeMutablePointer<Pointee>?
) throws(SystemError) -> UnsafeMutablePointer<Pointee> {
    guard let result = body() else { throw SystemError(code: errno, call: name) }
    return result
}

/// For calls that must not be made again after an interruption: the error number, 0 for success.
@inline(__always)
func callOnce(_ body: () -> CInt) -> CInt {
    body() < 0 ? errno : 0
}
