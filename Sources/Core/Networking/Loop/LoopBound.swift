/// Something that lives on one loop, in a wrapping that other threads may carry but not open.
///
/// It must have been made on that loop, or been handed over with no copy kept behind. It must also be let go there, if
/// its end does more than free memory.
public struct LoopBound<Value>: @unchecked Sendable {
    // @unchecked: `value` is the only way in, and asserts that it is used on the loop.
    private let content: Value
    public let loop: EventLoop

    public init(_ content: Value, on loop: EventLoop) {
        self.content = content
        self.loop = loop
    }

    public var value: Value {
        loop.assertCurrent()
        return content
    }
}
