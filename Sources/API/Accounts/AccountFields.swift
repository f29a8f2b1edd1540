/// What somebody typed for an account, checked as a whole: every problem of every field is found at once.
struct AccountFields {
    private(set) var problems: [String: [String]] = [:]

    /// Nil, and noted, when it is no username. Who signs up by themselves may not take a name that poses as the service.
    mutating func username(_ typed: String, isOwnChoice: Bool) -> Username? {
        do throws(UsernameProblem) {
            let username = try Username(typed)
            if isOwnChoice, username.isReserved {
                note("username", UsernameProblem.reserved.message)
                return nil
            }
            return username
        } catch {
            note("username", error.message)
            return nil
        }
    }

    mutating func email(_ typed: String) -> EmailAddress? {
        do throws(EmailAddressProblem) {
            return try EmailAddress(typed)
        } catch {
            note("email", error.message)
            return nil
        }
    }

    mutating func password(_ typed: String, _ rules: PasswordRules, username: String, email: String) {
        for problem in rules.problems(of: typed, username: username, email: email) { note("password", problem.message) }
    }

    func check() throws(AccountError) {
        if !problems.isEmpty { throw .unacceptable(problems) }
    }

    private mutating func note(_ field: String, _ message: String) { problems[field, default: []].append(message) }
}
