import Database
import Linux
import Networking
import Operations
import TestKit
import Testing

@testable import API

/// Two instances on the same servers. One can not reach Redis: it takes a while until what it ends is in force everywhere,
/// and whoever asks it for the same once more must not be told sooner.
@Suite struct RepeatedSignOutTests {
    /// What ends every token of somebody, by whichever way.
    enum Way: CaseIterable, Sendable {
        case logout
        case endSessions
        case deactivation
        case demotion
    }

    @Test(arguments: Way.allCases)
    func `what is ended twice is said to be over when it is, and not before`(_ way: Way) async throws {
        try await TestStores.servers.with { addresses in
            try await withLoops(1) { group in
                try await TestAPI.with(addresses, on: group) { other in
                    let unreachable = addresses.merging(["REDIS_URL": "unix:/nonexistent/redis.sock"]) { $1 }
                    try await TestAPI.with(unreachable, on: group) { lonely in
                        let loop = group.loops[0]
                        let token = try await Self.signedIn(other, on: loop)
                        let revocations = other.state.stores(on: loop).revocations
                        #expect(try await !revocations.isRevoked(token))
                        let first = Task(executorPreference: loop) {
                            try await Self.end(token, by: way, lonely, on: loop)
                        }
                        let database = lonely.state.stores(on: loop).database
                        try await loop.wait(for: "the first one's commit") {
                            try await RevocationRepository(executor: database).isRevoked(token)
                        }
                        try await Self.end(token, by: way, lonely, on: loop)
                        #expect(try await revocations.isRevoked(token))
                        try await first.value
                    }
                }
            }
        }
    }

    /// An administrator beside another one, with a session. The copy of the instance is whole.
    private static func signedIn(_ api: TestAPI, on loop: EventLoop) async throws -> TokenIdentity {
        let stores = api.state.stores(on: loop)
        let accounts = accounts(api, on: loop)
        var users: [User] = []
        for name in ["ann-lee", "root-one"] {
            users.append(
                try await accounts.create(
                    .init(
                        username: name,
                        email: "\(name)@example.com",
                        password: AccountBench.password,
                        isAdmin: true
                    ),
                    by: .operator,
                    from: AccountBench.client
                )
            )
        }
        let now = WallTime.now()
        let session = Session(
            id: Identifiers.random.next(at: now),
            user: users[0].id,
            counter: 0,
            createdAt: now,
            lastUsedAt: now,
            expiresAt: now + .seconds(3_600),
            revokedAt: nil,
            address: "",
            userAgent: ""
        )
        try await SessionRepository(executor: stores.database).add(session)
        let copy = RevocationCopy(store: stores.ephemeral, trust: .seconds(10))
        try await loop.wait(for: "a whole copy") { await copy.isComplete }
        return TokenIdentity(session: session.id, user: session.user, issuedAt: now)
    }

    private static func accounts(_ api: TestAPI, on loop: EventLoop) -> AccountService {
        let parts = api.parts(on: loop)
        return makeAccountService(api.configuration, stores: parts.stores, hasher: parts.hasher)
    }

    private static func end(_ token: TokenIdentity, by way: Way, _ api: TestAPI, on loop: EventLoop) async throws {
        let accounts = accounts(api, on: loop)
        let client = AccountBench.client
        switch way {
        case .logout:
            try await authentication(api, on: loop).logout(session: token.session, of: nil, from: client)
        case .endSessions: try await accounts.endSessions(of: token.user, by: .operator, from: client)
        case .deactivation:
            _ = try await accounts.change(token.user, .init(isActive: false), by: .operator, from: client)
        case .demotion: _ = try await accounts.change(token.user, .init(isAdmin: false), by: .operator, from: client)
        }
    }

    private static func authentication(_ api: TestAPI, on loop: EventLoop) -> AuthenticationService {
        makeAuthenticationService(
            api.configuration,
            api.parts(on: loop),
            on: loop,
            logger: Logger(sink: CollectingLogSink())
        )
    }
}
