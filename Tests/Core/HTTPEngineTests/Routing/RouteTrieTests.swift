import HTTPEngine
import Testing

@Suite struct RouteTrieTests {
    /// Routes written `GET /users/{id}`, each with that text as its value.
    private func trie(_ routes: String...) throws -> RouteTrie<String> {
        var trie = RouteTrie<String>()
        for route in routes {
            let parts = route.split(separator: " ")
            try trie.insert(try #require(HTTPMethod(String(parts[0]))), try PathPattern(String(parts[1])), route)
        }
        return trie
    }

    /// What was found, as one line: the route and its parameters, `405` with the methods, `404` or `400`.
    private func look(_ trie: RouteTrie<String>, _ path: String, _ method: HTTPMethod = .get) -> String {
        switch trie.lookup(method, path) {
        case .found(let route, let parameters):
            ([route] + parameters.entries.map { "\($0.name)=\($0.value)" }).joined(separator: " ")
        case .methodNotAllowed(let methods): "405 " + methods.map(\.name).joined(separator: ",")
        case .notFound: "404"
        case .malformed: "400"
        }
    }

    @Test(arguments: [
        ("/", "GET /"), ("/users", "GET /users"), ("/users/42", "GET /users/{id} id=42"),
        ("/users/me", "GET /users/me"),
        ("/users/42/keys/7", "GET /users/{user}/keys/{key} user=42 key=7"), ("/users/mee", "GET /users/{id} id=mee"),
        ("/static/a", "GET /static/{path...} path=a"), ("/static/a/b.css", "GET /static/{path...} path=a/b.css"),
        ("/Users", "404"), ("/user", "404"), ("/userss", "404"), ("/users/42/keys", "404"), ("/static", "404"),
        ("/users/42/keys/7/x", "404"),
    ])
    func `a path finds its route`(path: String, expected: String) throws {
        let trie = try trie(
            "GET /",
            "GET /users",
            "GET /users/{id}",
            "GET /users/me",
            "GET /users/{user}/keys/{key}",
            "GET /static/{path...}"
        )
        #expect(look(trie, path) == expected)
    }

    @Test(arguments: [
        ("/a/b/c", "GET /a/b/c"), ("/a/b/d", "GET /a/{x}/d x=b"), ("/a/b/e", "GET /a/{rest...} rest=b/e"),
        ("/a/b", "GET /a/{rest...} rest=b"), ("/z/b/c", "GET /{all...} all=z/b/c"), ("/a", "GET /{all...} all=a"),
        ("/a/b/c/d", "GET /a/{rest...} rest=b/c/d"),
    ])
    func `a literal beats a parameter beats a rest and each steps aside when it leads nowhere`(
        path: String,
        expected: String
    ) throws {
        let trie = try trie("GET /{all...}", "GET /a/{rest...}", "GET /a/{x}/d", "GET /a/b/c")
        #expect(look(trie, path) == expected)
    }

    @Test(arguments: [
        ("/files/a%20b", "GET /files/{name} name=a b"), ("/files/a%2Fb", "GET /files/{name} name=a/b"),
        ("/files/%2e%2e%2f", "GET /files/{name} name=../"), ("/files/caf%C3%A9", "GET /files/{name} name=café"),
        ("/files/a+b", "GET /files/{name} name=a+b"), ("/files/%2525", "GET /files/{name} name=%25"),
        ("/%66iles/x", "GET /files/{name} name=x"), ("/f%69les/x", "GET /files/{name} name=x"),
        ("/files%2Fx", "404"), ("/tree/a%20b/c", "GET /tree/{path...} path=a b/c"), ("/tree/a%2Fb", "404"),
        ("/tree/x/..%2f..%2fetc", "404"), ("%2Ffiles/x", "400"),
    ])
    func `segments are decoded one by one and an encoded slash parts nothing`(path: String, expected: String) throws {
        #expect(look(try trie("GET /files/{name}", "GET /tree/{path...}"), path) == expected)
    }

    @Test(arguments: [
        "/a/", "//a", "/a//b", "//", "/.", "/..", "/a/.", "/a/..", "/a/../b", "/./a", "/%2e", "/a/%2E%2e/b", "/a/.%2e",
        "/a/b/", "/a/b//c", "/a/b/..", "/a/b/./c", "/a/b/../c", "/a/b/%2e%2e/c",
    ])
    func `empty segments and dots match nothing`(path: String) throws {
        let trie = try trie("GET /", "GET /a", "GET /b", "GET /a/b", "GET /{x}", "GET /{x}/{y}", "GET /{x}/{all...}")
        #expect(look(trie, path) == "404")
    }

    @Test(arguments: ["/...", "/.a", "/a..", "/%2e.."])
    func `other names with dots are names`(path: String) throws {
        #expect(look(try trie("GET /{x}"), path).hasPrefix("GET /{x} x="))
    }

    @Test(arguments: [
        "", "a", "*", "/%", "/%4", "/%zz", "/%00", "/a%00b", "/a\u{0}b", "/%FF", "/%C3/%A9", "/%C0%AF", "/%ED%A0%80",
        "/nowhere/%zz", "http://a.example/",
    ])
    func `what is not a path is malformed wherever it leads`(path: String) throws {
        #expect(look(try trie("GET /{all...}", "GET /"), path) == "400")
    }

    @Test func `a parameter is text as other text is`() throws {
        let mark = "%CC%81"
        let most = "/a" + String(repeating: mark, count: 30)
        #expect(look(try trie("GET /{x}"), most).utf8.starts(with: "GET /{x} x=a".utf8))
        #expect(look(try trie("GET /{x}"), most + mark) == "400")
        // The end of a segment is the end of a run.
        #expect(look(try trie("GET /{x}/{y}"), most + "/" + mark).utf8.starts(with: "GET /{x}/{y}".utf8))
    }

    @Test func `the wrong method is answered with the right ones in a fixed order`() throws {
        let trie = try trie("DELETE /a", "PURGE /a", "GET /a", "POST /a", "COPY /a", "POST /b")
        #expect(look(trie, "/a", .put) == "405 GET,HEAD,POST,DELETE,OPTIONS,COPY,PURGE")
        #expect(look(trie, "/b", .get) == "405 POST,OPTIONS")
        #expect(look(trie, "/b", .options) == "405 POST,OPTIONS")
        #expect(look(trie, "/c", .put) == "404")
    }

    @Test func `the methods of all routes with the path's shape are allowed`() throws {
        let trie = try trie("POST /a/b", "PUT /a/{x}", "DELETE /{all...}", "PATCH /a/b/c")
        #expect(look(trie, "/a/b", .get) == "405 POST,PUT,DELETE,OPTIONS")
    }

    @Test func `a route with the method is preferred to a closer one without it`() throws {
        let trie = try trie("POST /users/me", "GET /users/{id}")
        #expect(look(trie, "/users/me", .get) == "GET /users/{id} id=me")
        #expect(look(trie, "/users/me", .post) == "POST /users/me")
    }

    @Test func `HEAD goes to GET unless it has a route of its own`() throws {
        let trie = try trie("GET /a", "GET /b", "HEAD /b", "POST /c")
        #expect(look(trie, "/a", .head) == "GET /a")
        #expect(look(trie, "/b", .head) == "HEAD /b")
        #expect(look(trie, "/c", .head) == "405 POST,OPTIONS")
    }

    @Test func `OPTIONS is a method like any other`() throws {
        let trie = try trie("OPTIONS /a", "GET /b")
        #expect(look(trie, "/a", .options) == "OPTIONS /a")
        #expect(look(trie, "/b", .options) == "405 GET,HEAD,OPTIONS")
    }

    @Test(arguments: [
        ("GET /a", "GET /a"), ("GET /a/{x}", "GET /a/{y}"), ("GET /{x}/b/{y}", "GET /{y}/b/{x}"),
        ("GET /a/{x...}", "GET /a/{y...}"), ("GET /", "GET /"),
    ])
    func `two routes with one shape clash and the message names both`(first: String, second: String) throws {
        let error = #expect(throws: RouteClash.self) { try trie(first, second) }
        #expect(error?.description == "\(second) clashes with \(first)")
    }

    @Test func `other methods and other shapes do not clash`() throws {
        let trie = try trie("GET /a/{x}", "POST /a/{y}", "GET /a/{x...}", "GET /a/x", "GET /{a}/x")
        #expect(look(trie, "/a/1", .get) == "GET /a/{x} x=1")
        #expect(look(trie, "/a/1", .post) == "POST /a/{y} y=1")
    }

    @Test func `a clash leaves the routes as they were`() throws {
        var trie = try trie("GET /a/{x}")
        #expect(throws: RouteClash.self) { try trie.insert(.get, try PathPattern("/a/{y}"), "other") }
        #expect(trie.listing.map(\.value) == ["GET /a/{x}"])
        #expect(look(trie, "/a/1") == "GET /a/{x} x=1")
    }

    @Test func `the listing keeps the order of insertion`() throws {
        let trie = try trie("POST /z", "GET /a/{x}", "GET /a")
        #expect(trie.listing.map { "\($0.method) \($0.pattern)" } == ["POST /z", "GET /a/{x}", "GET /a"])
    }

    @Test func `no routes match nothing`() {
        #expect(look(RouteTrie(), "/") == "404")
        #expect(look(RouteTrie(), "/a") == "404")
    }

    @Test func `a parameter that the route does not have is nil`() throws {
        guard case .found(_, let parameters) = try trie("GET /{a}").lookup(.get, "/1") else {
            Issue.record("not found")
            return
        }
        #expect(parameters["a"] == "1")
        #expect(parameters["b"] == nil)
    }

    @Test func `hostile paths never leave a dot segment, an empty one or a NUL in a parameter`() throws {
        let trie = try trie("GET /a/{x}/b", "GET /{all...}")
        forEachHostileVariant(of: "/a/%C3%A9x/b") { input in
            guard case .found(_, let parameters) = trie.lookup(.get, input) else { return }
            for entry in parameters.entries {
                let isBad = entry.value.isEmpty || entry.value == "." || entry.value == ".."
                if isBad || entry.value.utf8.contains(0) { Issue.record("\(input) gave \(entry)") }
            }
        }
    }
}
