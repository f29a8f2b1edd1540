extension Operation {
    /// Every operation of the contract.
    public static let all: [Operation] = [
        signUp, login, refresh, logout, logoutAll, verify,
        me, changeProfile, changePassword, sessions, endSession, hello,
        listUsers, createUser, user, replaceUser, changeUser, deleteUser,
        activateUser, deactivateUser, makeAdministrator, removeAdministrator, endUserSessions, statistics, audit,
        health, readiness, keys, openAPI, documentation,
    ]

    /// Those that the API does not serve yet: a request for them finds nothing, and the documents do not tell of them.
    /// Whoever adds a handler takes its operation out; the list goes when it is empty.
    static let planned: [Operation] = [openAPI, documentation]

    /// What the API serves, in the order of the contract.
    public static let served = all.filter { operation in !planned.contains { $0.id == operation.id } }
}
