internal import Cryptography
internal import Database
internal import Linux
internal import Operations
internal import Passwords

/// Makes the first administrator where nobody can administrate: without one a new installation could not be used.
struct FirstAdministrator {
    let settings: AccountSettings.FirstAdministrator
    let accounts: AccountService

    enum Outcome: Equatable {
        case alreadyThere
        case made(username: String)
        /// With a password that nobody has seen yet.
        case madeWithPassword(username: String, Secret)
    }

    func ensure() async throws -> Outcome {
        guard try await !UserRepository(executor: accounts.database).hasAdministrator() else { return .alreadyThere }
        let password = settings.password ?? FirstAdministrator.makePassword()
        do {
            let user = try await accounts.create(
                .init(
                    username: settings.username,
                    email: settings.email,
                    password: password.reveal(),
                    isAdmin: true
                ),
                by: .operator,
                from: .operator
            )
            guard settings.password == nil else { return .made(username: user.username) }
            return .madeWithPassword(username: user.username, password)
        } catch let error as AccountError where [.usernameTaken, .emailTaken, .bothTaken].contains(error) {
            // Unless another process was quicker, somebody has the name or the address who is no administrator.
            if try await UserRepository(executor: accounts.database).hasAdministrator() { return .alreadyThere }
            var problems: [String: [String]] = [:]
            if error != .emailTaken { problems["username"] = ["Somebody has this name."] }
            if error != .usernameTaken { problems["email"] = ["Somebody has this address."] }
            throw Unacceptable(problems: problems)
        } catch AccountError.unacceptable(let problems) {
            throw Unacceptable(problems: problems)
        }
    }

    /// 120 bits in groups that can be read out: no letter that is taken for another.
    private static func makePassword() -> Secret {
        let alphabet = Array("abcdefghjkmnpqrstuvwxyz23456789ACD")
        var groups: [String] = []
        for _ in 0..<6 {
            let bytes = SecureRandom().bytes(count: 4)
            groups.append(String(bytes.map { alphabet[Int($0) & 31] }))
        }
        return Secret(groups.joined(separator: "-"))
    }

    /// What is configured can not be had.
    struct Unacceptable: Error, CustomStringConvertible {
        let problems: [String: [String]]

        var description: String {
            problems.sorted { $0.key < $1.key }.map { field, messages in
                "ADMIN_\(field.uppercased()): \(messages.joined(separator: " "))"
            }.joined(separator: "\n")
        }
    }
}

extension FirstAdministrator {
    init(_ configuration: APIConfiguration, _ accounts: AccountService) {
        self.init(settings: configuration.accounts.administrator, accounts: accounts)
    }
}
