import Contract
import Database
import HTTPEngine
import TestKit
import Testing

@testable import API

/// Lists of users, and one user.
@Suite struct UserListScenarios {
    /// What a page holds of the people of this scenario, which each search finds by their number.
    private static func finds(
        _ title: String,
        _ query: String,
        _ roles: [Cast.Role],
        total: Int? = nil,
        path: Int = 0
    ) -> Scenario {
        Scenario(
            title,
            .listUsers,
            by: .user(.root),
            path: path,
            query: { cast in "?search=-\(cast.number)%40example.com&" + query },
            gets: .ok
        ).then { answer, _, cast in
            let page = try UserPage(parsing: answer.body)
            #expect(page.items.map(\.username) == roles.map { cast.name($0.rawValue) }, "\(title)")
            #expect(page.total == total ?? roles.count, "\(title)")
        }
    }

    static let lists = [
        finds("the newest first", "", [.idle, .bob, .ann, .root]),
        finds("by the other path", "", [.idle, .bob, .ann, .root], path: 1),
        finds("the oldest first", "sort_by=created_at&sort_order=asc", [.root, .ann, .bob, .idle]),
        finds("by name", "sort_by=username", [.ann, .bob, .idle, .root]),
        finds("by name, from the end", "sort_by=username&sort_order=desc", [.root, .idle, .bob, .ann]),
        finds("by address", "sort_by=email", [.ann, .bob, .idle, .root]),
        finds("by the last sign-in, those without one last", "sort_by=last_login_at", [.bob, .ann, .root, .idle]),
        finds(
            "by the last sign-in, those without one first",
            "sort_by=last_login_at&sort_order=asc",
            [.idle, .root, .ann, .bob]
        ),
        finds("who is active", "is_active=true", [.bob, .ann, .root]),
        finds("who is not", "is_active=false", [.idle]),
        finds("who is an administrator", "is_admin=true", [.root]),
        finds("who is none and active", "is_admin=false&is_active=true&sort_by=username", [.ann, .bob]),
        finds("two by two", "sort_by=username&page_size=2", [.ann, .bob], total: 4),
        finds("the next two", "sort_by=username&page_size=2&page=2", [.idle, .root], total: 4),
        finds("a page behind the last", "page_size=2&page=3", [], total: 4),
        finds("the last page there can be", "page=1000000&page_size=100", [], total: 4),
        finds("an empty filter is none", "is_admin=&sort_by=&sort_order=", [.idle, .bob, .ann, .root]),
    ]

    private static func search(_ text: @escaping @Sendable (Cast) -> String, _ roles: [Cast.Role]) -> Scenario {
        Scenario("search", .listUsers, by: .user(.root), query: { "?sort_by=username&search=" + text($0) }, gets: .ok)
            .then { answer, _, cast in
                let page = try UserPage(parsing: answer.body)
                #expect(page.items.map(\.username) == roles.map { cast.name($0.rawValue) }, "\(text(cast))")
            }
    }

    static let searches = [
        search({ $0.name("ann") }, [.ann]),
        search({ $0.name("ANN") }, [.ann]),
        search({ $0.email("bob").uppercased() }, [.bob]),
        search({ $0.name("gone") }, []),
        search({ "%25" + $0.name("ann") }, []),
        search({ $0.name("a_n") }, []),
        search({ "%27%20OR%201%3D1%20--" + $0.name("") }, []),
        search({ "%22" + $0.name("ann") + "%22" }, []),
        search({ $0.name("ann") + "*" }, []),
        // A sign with a mark behind it is still a sign.
        search({ $0.name("ann") + "%22%CC%81" }, []), search({ $0.name("a") + "%25%CC%81" }, []),
        search({ "ann%20AND%20" + $0.name("ann") }, []),
        search({ "%F0%9F%A6%8A" + $0.name("ann") }, []),
        // Its letters stand in every name of an Ann and her address, in this order and with others between them.
        search({ _ in "annexample" }, []),
        search({ $0.name("ann") + "example" }, []),
    ]

    /// Of every length, whatever threes it is made of.
    static let partsOfAnAddress = (0...2).flatMap { start in
        (0...12).map { behind in
            search({ cast in String(cast.email("ann").dropFirst(start).dropLast(behind)) }, [.ann])
        }
    }

    private static func wrong(_ query: String, _ fields: [String]) -> Scenario {
        Scenario(
            query,
            .listUsers,
            by: .user(.root),
            query: { _ in "?" + query },
            fails: .validationError,
            at: fields
        )
    }

    static let wrong = [
        wrong("page=0", ["page"]), wrong("page=-1", ["page"]), wrong("page=1.5", ["page"]), wrong("page=x", ["page"]),
        wrong("page=1000001", ["page"]), wrong("page=99999999999999999999", ["page"]), wrong("page=%2B1", ["page"]),
        wrong("page_size=0", ["page_size"]), wrong("page_size=101", ["page_size"]), wrong("sort_by=id", ["sort_by"]),
        wrong("sort_by=password_hash", ["sort_by"]), wrong("sort_by=username%3B--", ["sort_by"]),
        wrong("sort_order=up", ["sort_order"]), wrong("is_active=1", ["is_active"]),
        wrong("is_admin=yes", ["is_admin"]),
        wrong("is_admin=true&is_admin=false", ["is_admin"]), wrong("limit=5", ["limit"]),
        wrong("search=" + String(repeating: "a", count: 255), ["search"]),
        wrong(
            "page=0&page_size=0&sort_by=x&sort_order=x&is_active=x&is_admin=x&more=x",
            ["is_active", "is_admin", "more", "page", "page_size", "sort_by", "sort_order"]
        ),
        Scenario(
            "not percent-encoded",
            .listUsers,
            by: .user(.root),
            query: { _ in "?search=%zz" },
            fails: .validationError,
            status: .badRequest
        ),
        Scenario(
            "not UTF-8",
            .listUsers,
            by: .user(.root),
            query: { _ in "?search=%FF%FE" },
            fails: .validationError,
            status: .badRequest
        ),
    ]

    static let one = [
        Scenario("oneself", .user, by: .user(.ann), of: .ann, gets: .ok).then { answer, _, cast in
            let user = try UserBody(parsing: answer.body)
            #expect(user.username == cast[.ann].username)
        },
        Scenario("an administrator sees anybody", .user, by: .user(.root), of: .idle, gets: .ok)
            .then { answer, _, cast in
                let user = try UserBody(parsing: answer.body)
                #expect(user.username == cast[.idle].username && !user.isActive)
            },
        Scenario("the same in capitals", .user, by: .user(.ann), gets: .ok)
            .target { $0[.ann].id.description.uppercased() },
        Scenario("somebody else", .user, by: .user(.ann), of: .bob, fails: .authorizationError),
        Scenario(
            "who never was, asked by somebody who may not know",
            .user,
            by: .user(.ann),
            fails: .authorizationError
        )
        .target { _ in "01890a5d-ac96-774b-bcce-b302099a8057" },
        Scenario("who never was", .user, by: .user(.root), fails: .notFound)
            .target { _ in "01890a5d-ac96-774b-bcce-b302099a8057" },
        Scenario("who was deleted", .user, by: .user(.root), of: .gone, fails: .notFound),
        Scenario("no identifier", .user, by: .user(.root), fails: .notFound).target { _ in "me" },
        Scenario("nor for others", .user, by: .user(.ann), fails: .notFound).target { _ in "me" },
        Scenario("without a token", .user, of: .ann, fails: .authenticationError),
        Scenario("a path that is not UTF-8", .user, by: .user(.root), fails: .validationError, status: .badRequest)
            .target { _ in "%FF" },
    ]

    @Test(arguments: Setting.allCases)
    func `administrators see everybody, in pages and in order`(_ setting: Setting) async throws {
        try await Stage.play(UserListScenarios.lists, setting)
    }

    @Test(arguments: Setting.allCases)
    func `a search finds what it says, and knows no signs`(_ setting: Setting) async throws {
        try await Stage.play(UserListScenarios.searches, setting)
    }

    @Test(arguments: Setting.allCases)
    func `each part of an address finds it`(_ setting: Setting) async throws {
        try await Stage.play(UserListScenarios.partsOfAnAddress, setting)
    }

    @Test(arguments: Setting.allCases)
    func `a query that is not as it should be is told by parameter`(_ setting: Setting) async throws {
        try await Stage.play(UserListScenarios.wrong, setting)
    }

    @Test(arguments: Setting.allCases)
    func `one user is seen by administrators and by themselves`(_ setting: Setting) async throws {
        try await Stage.play(UserListScenarios.one, setting)
    }
}
