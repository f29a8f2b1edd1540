internal import Hosting
internal import Operations
internal import Passwords

/// The command `users`: lists and changes accounts on the running system's database, by the rules of the API.
enum UsersCommand {
    static let command = ProgramCommand(
        "users",
        help: "List accounts, make one, or change one: its password, its role, whether it is active",
        options: UsersRequest.options,
        arguments: [
            .required("ACTION", help: "What to do", choices: UsersRequest.Action.allCases.map(\.rawValue)),
            .optional("USER", help: "Who: a username, an e-mail address or an id. create: the new username"),
        ]
    ) { invocation in
        let request = try UsersRequest(invocation)
        let configuration = try APIConfiguration.withoutTokens.load(console: invocation.console)
        try NoDatabase.check(configuration.state.database)
        let workers = try PasswordWorkers(configuration.accounts)
        defer { workers.hasher.close() }
        let text = try await CommandBench.with(configuration.state, for: "users") { bench in
            try await SchemaBehind.check(bench.database, configuration.state)
            let accounts = bench.openAccounts(configuration, workers.hasher)
            return try await UsersOperator(accounts: accounts).perform(request)
        }
        invocation.console.write(text)
        return .good
    }
}
