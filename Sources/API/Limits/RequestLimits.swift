internal import Ephemeral
internal import Linux
internal import Networking

/// Tells whether somebody has asked too often. Lives on one loop.
struct RequestLimits {
    private let limiter: RateLimiter
    private let loop: EventLoop
    private let wallTime: @Sendable () -> WallTime
    /// Nil when limits are switched off.
    private let policies: Policies?

    private struct Policies {
        let general: LimitPolicy
        let user: LimitPolicy
        let login: LimitPolicy
        let signUp: LimitPolicy
        let refresh: LimitPolicy

        func policy(_ limitClass: LimitClass, for subject: LimitSubject) -> LimitPolicy {
            switch (limitClass, subject) {
            case (.general, .address): general
            case (.general, .user): user
            case (.login, _): login
            case (.signUp, _): signUp
            case (.refresh, _): refresh
            }
        }
    }

    init(
        _ settings: LimitSettings,
        limiter: RateLimiter,
        on loop: EventLoop,
        wallTime: @escaping @Sendable () -> WallTime = WallTime.now
    ) {
        self.limiter = limiter
        self.loop = loop
        self.wallTime = wallTime
        policies =
            settings.isEnabled
            ? Policies(
                general: LimitPolicy(settings.general),
                user: LimitPolicy(settings.user),
                login: LimitPolicy(settings.login),
                signUp: LimitPolicy(settings.signUp),
                refresh: LimitPolicy(settings.refresh)
            ) : nil
    }

    /// Counts a request, or throws because it is one too many; then it was not counted. Nil when limits are switched off.
    func check(
        _ subject: LimitSubject,
        _ limitClass: LimitClass = .general
    ) async throws(RateLimitExceeded) -> LimitReport? {
        guard let policies else { return nil }
        let policy = policies.policy(limitClass, for: subject)
        return try policy.report(
            await limiter.hit(RequestLimits.key(subject, limitClass), windows: policy.windows, at: wallTime())
        )
    }

    /// Counts a request of a user while `body` finds out whether it counts, so that the command for the one and the command
    /// for the other travel together. `body` throws for a token that is refused: that goes before an error of the limit, and
    /// takes the hit back, so that who holds a token that was revoked can not use up what its owner has.
    func check<Value>(
        _ subject: LimitSubject,
        _ limitClass: LimitClass = .general,
        alongside body: () async throws -> Value
    ) async throws -> (value: Value, report: LimitReport?) {
        guard let policies else { return (try await body(), nil) }
        let policy = policies.policy(limitClass, for: subject)
        let (key, time) = (RequestLimits.key(subject, limitClass), wallTime())
        let confined = LoopBound(limiter, on: loop)
        let hit = loop.spawn { await confined.value.hit(key, windows: policy.windows, at: time) }
        let value: Value
        do { value = try await body() } catch {
            if await hit.value.isAllowed { await limiter.withdraw(key, at: time) }
            throw error
        }
        return (value, try policy.report(await hit.value))
    }

    private static func key(_ subject: LimitSubject, _ limitClass: LimitClass) -> String {
        limitClass.rawValue + ":" + subject.key
    }
}
