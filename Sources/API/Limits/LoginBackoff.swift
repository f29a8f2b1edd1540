/// How failed logins slow down those that follow: so many are free, then each waits longer than the one before.
struct LoginBackoff: Equatable, Sendable {
    /// 0: nobody ever waits.
    var attempts = 5
    var first = Duration.seconds(1)
    var factor = 2
    var longest = Duration.seconds(900)
    /// After so long without a failure all are forgotten.
    var forgetting = Duration.seconds(86_400)

    init() {}

    /// How long nothing may be tried after the last of so many failures.
    func wait(after failures: Int) -> Duration {
        guard failures >= attempts else { return .zero }
        var (wait, steps) = (first, factor > 1 ? failures - attempts : 0)
        while steps > 0, wait < longest {
            wait *= factor
            steps -= 1
        }
        return min(wait, longest)
    }

    /// The same for an address, behind which there may be many people.
    var forAddress: LoginBackoff {
        var backoff = self
        backoff.attempts *= 10
        return backoff
    }
}
