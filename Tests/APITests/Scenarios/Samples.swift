import Contract
import Database

/// A request of each operation that would be carried out, for tests of what is true of all of them.
enum Samples {
    /// Nil where none is sent.
    static func content(for operation: Operation, _ cast: Cast) -> Content? {
        let grace: Content = [
            "username": "\(cast.name("grace"))", "email": "\(cast.email("grace"))", "password": "\(Cast.password)",
        ]
        return switch operation.id {
        case Operation.signUp.id, Operation.createUser.id: grace
        case Operation.login.id: ["username": "\(cast[.ann].username)", "password": "\(Cast.password)"]
        case Operation.refresh.id, Operation.logout.id: ["refresh_token": "\(cast[.ann].tokens?.refresh ?? "")"]
        case Operation.changeProfile.id: ["username": "\(cast.name("anna"))", "email": "\(cast.email("anna"))"]
        case Operation.changePassword.id:
            ["current_password": "\(Cast.password)", "new_password": "eleven loud bells at dawn"]
        case Operation.replaceUser.id, Operation.changeUser.id:
            grace.with("is_admin", true).with("is_active", true)
        default: nil
        }
    }

    /// Somebody who may ask.
    static func caller(of operation: Operation) -> Cast.Role? {
        switch operation.caller {
        case .anyone, .holder: nil
        case .bearer, .user: .ann
        case .administratorOrSelf, .administrator: .root
        }
    }

    static func target(of operation: Operation, _ cast: Cast) -> String {
        operation.id == Operation.endSession.id
            ? cast[.ann].otherTokens?.session.description ?? "" : cast[.bob].id.description
    }

    /// The same as a scenario that succeeds with each of them.
    static var withContent: [Operation] { Operation.all.filter { $0.content != nil } }
}
