internal import Contract
internal import HTTPEngine

/// Where the pages are, and where their forms are posted to.
enum PageAddress {
    static let home = "/"
    static let signIn = "/login"
    static let signOut = "/logout"
    static let signUp = "/signup"
    static let hello = "/hello"
    static let account = "/account"
    static let password = "/account/password"
    static let sessions = "/account/sessions"
    static let endAllSessions = "/account/sessions/end-all"
    static let overview = "/admin"
    static let users = "/admin/users"
    static let newUser = "/admin/users/new"
    static let audit = "/admin/audit"

    static func signIn(next: String?) -> String { signIn + query(next: next) }

    static func signUp(next: String?) -> String { signUp + query(next: next) }

    private static func query(next: String?) -> String {
        next.map { "?next=" + PercentEncoding.encodeQueryComponent($0) } ?? ""
    }

    static func sessions(page: Int) -> String { "\(sessions)?page=\(page)#sessions" }

    static func endSession(_ id: String) -> String { "\(sessions)/\(segment(id))/end" }

    /// One user. The query is that of the list one came from, and goes back to.
    static func user(_ id: String, _ query: UserListQuery = UserListQuery()) -> String {
        "\(users)/\(segment(id))\(query.serialized)"
    }

    static func newUser(_ query: UserListQuery) -> String { newUser + query.serialized }

    static func userAction(_ id: String, _ verb: String, _ query: UserListQuery = UserListQuery()) -> String {
        "\(users)/\(segment(id))/\(verb)\(query.serialized)"
    }

    static func users(_ query: UserListQuery) -> String { users + query.serialized }

    /// No encoding makes one segment of these: browsers would go up. Nobody has such an identifier.
    private static func segment(_ id: String) -> String {
        [".", ".."].contains(id) ? "-" : PercentEncoding.encodePathSegment(id)
    }
}
