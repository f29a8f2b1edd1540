import HTTPEngine
import TestKit

extension Browser {
    /// Signs in by the form on the sign-in page, and answers the page after it.
    @discardableResult
    func signIn(
        _ name: String = Site.administrator,
        _ password: String = Site.password,
        remember: Bool = false
    ) async throws -> Page {
        let form = try await open("/login").form(to: "/login")
        let page = try await submit(form, ["username": name, "password": password, "remember": remember ? "true" : ""])
        guard page.path == "/", page.status == 200 else { throw NotAsExpected("a sign-in: \(page.text)") }
        return page
    }

    func signOut() async throws -> Page { try await submit(try await open("/").form(to: "/logout")) }

    /// Makes an account by the form on the sign-up page.
    func signUp(_ name: String, _ password: String = Site.password) async throws {
        let form = try await open("/signup").form(to: "/signup")
        let page = try await post(form, ["username": name, "email": "\(name)@example.com", "password": password])
        guard page.status == 303 else { throw NotAsExpected("a sign-up: \(page.text)") }
    }

    /// The same by an administrator, who is signed in here. Answers the id.
    func create(_ name: String, isAdmin: Bool = false) async throws -> String {
        let form = try await open("/admin/users/new").form(to: "/admin/users/new")
        var typed = ["username": name, "email": "\(name)@example.com", "password": Site.password]
        if isAdmin { typed["is_admin"] = "true" }
        let list = try await submit(form, typed)
        guard let id = list.id(of: name) else { throw NotAsExpected("a new user: \(list.text)") }
        return id
    }
}

extension Browser.Page {
    /// Of a user on the list of users: the link with the name in it.
    func id(of name: String) -> String? {
        let links = text.pieces(from: "<a ", to: "</a>").filter { $0.contains(">\(name)") || $0.contains("\(name)<") }
        let paths = links.flatMap { $0.pieces(from: "href=\"/admin/users/", to: "\"") }
        return paths.map { String($0.prefix { $0 != "?" }) }.first { $0.utf8.count == 36 }
    }
}

extension Browser {
    /// This browser, signed in as the administrator.
    func signedIn() async throws -> Browser {
        try await signIn()
        return self
    }

    /// Asks for something to be done to a user, and says yes.
    @discardableResult
    func act(_ verb: String, on id: String, _ typed: [String: String] = [:]) async throws -> Page {
        let path = "/admin/users/\(id)/\(verb)"
        return try await submit(try await open(path).form(to: path), typed)
    }
}
