public import Networking

/// Runs a test on an event loop of its own, and stops it afterwards.
@discardableResult
public func withLoop<Value: Sendable>(
    _ body: @escaping @Sendable (EventLoop) async throws -> Value
) async throws -> Value {
    try await withLoops(1) { group in try await body(group.loops[0]) }
}

/// The same with several loops; the body runs on the first one.
@discardableResult
public func withLoops<Value: Sendable>(
    _ count: Int,
    _ body: @escaping @Sendable (EventLoopGroup) async throws -> Value
) async throws -> Value {
    let group = try EventLoopGroup(count: count)
    defer { group.stop() }
    return try await group.loops[0].run { try await body(group) }
}
