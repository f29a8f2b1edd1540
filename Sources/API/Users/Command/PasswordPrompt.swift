internal import Linux
internal import Networking

/// Where a command has a new password from: whoever sits at the terminal, or one line of what is piped in. Never from its
/// arguments, which everybody on the machine can read.
enum PasswordPrompt {
    enum Problem: Error, Equatable {
        case different
        case missing
        case notText
    }

    /// Waits on a thread of its own: the loop has connections to look after.
    static func ask(for username: String) async throws -> String {
        let pool = try BlockingPool(name: "prompt", threads: 1, queueLimit: 1)
        defer { pool.close() }
        return try await pool.run { try read(for: username) }
    }

    private static func read(for username: String) throws -> String {
        let answers: [[UInt8]]
        do throws(InputError) {
            if let terminal = Terminal() {
                answers = try terminal.askWithoutEcho(["New password for \(username): ", "The same again: "])
            } else {
                answers = [try LineInput().readLine()]
            }
        } catch {
            throw error == .ended ? Problem.missing : error
        }
        guard let first = answers.first, !first.isEmpty else { throw Problem.missing }
        guard answers.allSatisfy({ $0 == first }) else { throw Problem.different }
        guard let password = String(validating: first, as: UTF8.self) else { throw Problem.notText }
        return password
    }
}

extension PasswordPrompt.Problem: CustomStringConvertible {
    var description: String {
        switch self {
        case .different: "the two passwords differ; nothing was changed"
        case .missing: "no password was given; it is asked for on a terminal, or read as one line from standard input"
        case .notText: "the password is not valid UTF-8"
        }
    }
}
