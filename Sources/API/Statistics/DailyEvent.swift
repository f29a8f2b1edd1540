/// What is counted for each day.
enum DailyEvent: String, CaseIterable, Sendable {
    case signUp = "signup"
    case login
    case failedLogin = "login.failed"
    case refresh
}
