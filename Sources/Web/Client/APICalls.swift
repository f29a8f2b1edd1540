internal import Contract
internal import HTTPEngine

// What the pages ask of the API.

extension APICall where Answer == SignInAnswer {
    static func login(_ request: LoginRequest) -> APICall { APICall(.login, request) }
}

extension APICall where Answer == TokensBody {
    static func refresh(_ token: String) -> APICall { APICall(.refresh, RefreshRequest(refreshToken: token)) }
}

extension APICall where Answer == HTTPFields {
    static var verify: APICall { APICall(.verify) }
}

extension APICall where Answer == UserBody {
    static func signUp(_ request: SignUpRequest) -> APICall { APICall(.signUp, request) }
    static var me: APICall { APICall(.me) }
    static func changeProfile(_ change: ProfileChange) -> APICall { APICall(.changeProfile, change) }
    static func user(_ id: Identifier) -> APICall { APICall(.user, of: id) }
    static func createUser(_ creation: UserCreation) -> APICall { APICall(.createUser, creation) }
    static func changeUser(_ id: Identifier, _ change: UserChange) -> APICall { APICall(.changeUser, of: id, change) }
    static func activateUser(_ id: Identifier) -> APICall { APICall(.activateUser, of: id) }
    static func deactivateUser(_ id: Identifier) -> APICall { APICall(.deactivateUser, of: id) }
    static func makeAdministrator(_ id: Identifier) -> APICall { APICall(.makeAdministrator, of: id) }
    static func removeAdministrator(_ id: Identifier) -> APICall { APICall(.removeAdministrator, of: id) }
}

extension APICall where Answer == Void {
    /// By the refresh token alone, so that it works when the access token has expired.
    static func logout(_ refreshToken: String) -> APICall {
        APICall(.logout, LogoutRequest(refreshToken: refreshToken))
    }
    static var logoutAll: APICall { APICall(.logoutAll) }
    static func changePassword(_ change: PasswordChange) -> APICall { APICall(.changePassword, change) }
    static func endSession(_ id: Identifier) -> APICall { APICall(.endSession, of: id) }
    static func endUserSessions(_ id: Identifier) -> APICall { APICall(.endUserSessions, of: id) }
    static func deleteUser(_ id: Identifier, _ query: UserDeletionQuery) -> APICall {
        APICall(.deleteUser, of: id, query: query.serialized)
    }
}

extension APICall where Answer == SessionList {
    static var sessions: APICall { APICall(.sessions) }
}

extension APICall where Answer == HelloBody {
    static var hello: APICall { APICall(.hello) }
}

extension APICall where Answer == UserPage {
    static func users(_ query: UserListQuery) -> APICall { APICall(.listUsers, query: query.serialized) }
}

extension APICall where Answer == StatisticsBody {
    static var statistics: APICall { APICall(.statistics) }
}

extension APICall where Answer == AuditPage {
    static func audit(_ query: AuditListQuery) -> APICall { APICall(.audit, query: query.serialized) }
}

extension APICall where Answer == HealthBody {
    static var health: APICall { APICall(.health) }
}
