extension Operation {
    /// Every operation of the contract, in its order. The API serves them all.
    public static let all: [Operation] = [
        signUp, login, refresh, logout, logoutAll, verify,
        me, changeProfile, changePassword, sessions, endSession, hello,
        listUsers, createUser, user, replaceUser, changeUser, deleteUser,
        activateUser, deactivateUser, makeAdministrator, removeAdministrator, endUserSessions, statistics, audit,
        health, readiness, keys, openAPI, documentation,
    ]
}
