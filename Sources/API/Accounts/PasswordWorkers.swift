internal import Linux
internal import Operations
internal import Passwords

/// The threads that hash passwords, as a part of the program.
final class PasswordWorkers: Service {
    let name = "password hashes"
    let hasher: PasswordHasher

    init(_ settings: AccountSettings) throws {
        hasher = try PasswordHasher(
            PasswordHashing(scheme: settings.scheme),
            concurrency: settings.hashingThreads,
            queueLimit: settings.hashingQueue
        )
    }

    func start() async throws {}

    func stop(within limit: Duration) async { hasher.close() }
}
