internal import Contract
internal import Database
internal import HTTPEngine
internal import JSON
internal import Linux

/// How the service is used, for administrators.
struct StatisticsHandlers {
    let database: any Database
    let readiness: ReadinessHandlers
    let now: @Sendable () -> WallTime

    private static let dayCount = 30

    func statistics(_ request: HTTPRequest, _ context: APIExchange) async throws -> HTTPResponse {
        let time = now()
        let counts = try await UserRepository(executor: database).counts()
        let sessions = try await SessionRepository(executor: database).countLive(at: time)
        let today = Int(time.seconds / 86_400)
        let first = today - StatisticsHandlers.dayCount + 1
        let found = try await StatisticsRepository(executor: database).counts(since: first)
        return .json(
            StatisticsBody(
                users: StatisticsBody.Users(
                    total: counts.total(),
                    active: counts.total(isActive: true),
                    inactive: counts.total(isActive: false),
                    administrators: counts.total(isAdmin: true)
                ),
                liveSessions: sessions,
                days: (first...today).map { StatisticsHandlers.day($0, found) },
                stores: await readiness.stores(naming: true)
            ).json
        )
    }

    /// One day, with what happened on it.
    private static func day(_ day: Int, _ counts: [StatisticsRepository.Count]) -> StatisticsDay {
        func count(_ event: DailyEvent) -> Int {
            counts.first { $0.day == day && $0.event == event.rawValue }?.count ?? 0
        }
        return StatisticsDay(
            date: String(WallTime(seconds: Int64(day) * 86_400).rfc3339.prefix(10)),
            signUps: count(.signUp),
            signIns: count(.login),
            failedSignIns: count(.failedLogin),
            tokenRefreshes: count(.refresh)
        )
    }
}
