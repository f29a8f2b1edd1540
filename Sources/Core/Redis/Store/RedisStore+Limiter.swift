public import Ephemeral
public import Linux

extension RedisStore {
    public func hit(
        _ subject: String,
        windows: [SlidingWindow],
        at time: WallTime
    ) async throws(EphemeralStoreError) -> HitOutcome {
        let lengths = windows.map { Int($0.microseconds) }
        guard let longest = lengths.max() else { return HitOutcome(isAllowed: true, windows: []) }
        let now = Int(time.hitMicroseconds)
        var arguments: [RedisCommand.Argument] = [
            .integer(now), .integer((.microseconds(longest) + SlidingWindow.lingering).timeToLive),
            .integer(now - longest),
        ]
        for (window, length) in zip(windows, lengths) {
            arguments.append(.integer(now - length + 1))
            arguments.append(.integer(window.limit))
            arguments.append(.integer(length))
        }
        let reply = try await connection.evaluate(
            StoreScripts.hit,
            keys: [key(SlidingWindow.keyPrefix + subject)],
            arguments: arguments
        )
        guard case .array(let elements) = try reply.checked(), elements.count == 1 + 2 * windows.count else {
            throw connection.distrust()
        }
        var numbers: [Int] = []
        for element in elements {
            guard case .integer(let number) = element else { throw connection.distrust() }
            numbers.append(number)
        }
        return HitOutcome(
            isAllowed: numbers[0] == 1,
            windows: windows.indices.map { index in
                WindowState(
                    remaining: numbers[1 + 2 * index],
                    retryAfter: .microseconds(numbers[2 + 2 * index])
                )
            }
        )
    }

    public func withdrawHit(of subject: String, at time: WallTime) async throws(EphemeralStoreError) {
        let reply = try await connection.evaluate(
            StoreScripts.withdrawHit,
            keys: [key(SlidingWindow.keyPrefix + subject)],
            arguments: [.integer(Int(time.hitMicroseconds))]
        )
        guard case .integer = try reply.checked() else { throw connection.distrust() }
    }
}
