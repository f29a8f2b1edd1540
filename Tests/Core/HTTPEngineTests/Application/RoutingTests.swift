import HTTPEngine
import Linux
import Networking
import Operations
import TestKit
import Testing

/// Which route answers a request, and what is answered when none does.
@Suite struct RoutingTests {
    struct Scenario: Sendable {
        let method: HTTPMethod
        let target: String
        let status: HTTPStatus
        var text: String?
        var allow: String?

        init(_ method: HTTPMethod, _ target: String, _ status: HTTPStatus, text: String? = nil, allow: String? = nil) {
            self.method = method
            self.target = target
            self.status = status
            self.text = text
            self.allow = allow
        }
    }

    static let everyMethod = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"

    static let scenarios = [
        Scenario(.get, "/plain", .ok, text: "plain"), Scenario(.get, "/plain?a=/b", .ok, text: "plain"),
        Scenario(.head, "/plain", .ok, text: ""), Scenario(.put, "/plain", .noContent, text: ""),
        Scenario(.get, "/users/7/keys/a%2Fb", .ok, text: "7 a/b"),
        Scenario(.get, "/users/%C3%BC/keys/%25", .ok, text: "ü %"),
        Scenario(.get, "/", .notFound), Scenario(.get, "/plain/", .notFound), Scenario(.get, "/Plain", .notFound),
        Scenario(.get, "/plain/../plain", .notFound), Scenario(.get, "//plain", .notFound),
        Scenario(.get, "/users/7/keys/", .notFound), Scenario(.post, "/nowhere", .notFound),
        Scenario(.options, "/nowhere", .notFound), Scenario(.head, "/nowhere", .notFound, text: ""),
        Scenario(.delete, "/plain", .methodNotAllowed, allow: "GET, HEAD, PUT, OPTIONS"),
        Scenario(.post, "/users/7/keys/8", .methodNotAllowed, allow: "GET, HEAD, OPTIONS"),
        Scenario(.get, "/echo", .methodNotAllowed, allow: "POST, OPTIONS"),
        Scenario(.head, "/echo", .methodNotAllowed, text: "", allow: "POST, OPTIONS"),
        Scenario(.other("BREW"), "/plain", .methodNotAllowed, allow: "GET, HEAD, PUT, OPTIONS"),
        Scenario(.options, "/plain", .noContent, text: "", allow: "GET, HEAD, PUT, OPTIONS"),
        Scenario(.options, "*", .noContent, text: "", allow: everyMethod),
        Scenario(.get, "/%zz", .badRequest), Scenario(.get, "/a%2", .badRequest), Scenario(.get, "/%FF", .badRequest),
        Scenario(.get, "/users/%00%", .badRequest),
    ]

    @Test(arguments: TestDepth.allCases, scenarios)
    func `a request gets the answer of its route, or hears why there is none`(
        _ depth: TestDepth,
        _ scenario: Scenario
    ) async throws {
        try await withSample(depth) { client, _ in
            let response = try await client.send(scenario.method, scenario.target)
            #expect(response.status == scenario.status)
            #expect(response.fields[.allow] == scenario.allow)
            if let text = scenario.text { #expect(response.text == text) }
            #expect(!response.text.contains(SampleApplication.secret))
        }
    }

    @Test func `routes that clash are reported when the program is put together`() throws {
        var router = Router<HTTPExchange>()
        try router.on(.get, "/users/{id}") { _, _ in .text("") }
        try router.on(.post, "/users/{name}") { _, _ in .text("") }
        #expect(throws: RouteClash.self) { try router.on(.get, "/users/{name}") { _, _ in .text("") } }
        do {
            try router.on(.get, "/users/{name}") { _, _ in .text("") }
        } catch {
            #expect("\(error)" == "GET /users/{name} clashes with GET /users/{id}")
        }
        // A route that was refused left nothing behind.
        try router.on(.get, "/last") { _, _ in .text("") }
        #expect(router.routes.map(\.pattern) == ["/users/{id}", "/users/{name}", "/last"])
        #expect(router.routes.map(\.index) == [0, 1, 2])
    }

    @Test(arguments: TestDepth.allCases)
    func `a server whose application can not be put together does not start`(_ depth: TestDepth) async {
        await #expect(throws: RouteClash.self) {
            try await withTestClient(
                depth,
                of: { _ in
                    var router = Router<HTTPExchange>()
                    for _ in 0..<2 { try router.on(.get, "/") { _, _ in .text("") } }
                    return FunctionResponder { _ in .text("") }
                }
            ) { _ in }
        }
    }

    @Test(arguments: TestDepth.allCases)
    func `middlewares go around each other, and those of a route are innermost`(_ depth: TestDepth) async throws {
        struct Mark: Middleware {
            let name: String

            func handle(
                _ request: HTTPRequest,
                _ context: HTTPExchange,
                next: Handler<HTTPExchange>
            ) async throws -> HTTPResponse {
                var request = request
                request.fields.append(.accept, "+\(name)")
                var response = try await next(request, context)
                response.fields.append(.accept, "-\(name)")
                return response
            }
        }
        try await withTestClient(
            depth,
            of: { _ in
                var router = Router<HTTPExchange>()
                try router.on(.get, "/", middleware: [Mark(name: "c"), Mark(name: "d")]) { request, _ in
                    .text(request.fields.values(.accept).joined())
                }
                return Application(
                    router,
                    middleware: [Mark(name: "a"), Mark(name: "b")],
                    errors: Errors(),
                    settings: .init(TrustedProxies(), .init(sink: CollectingLogSink())),
                    makeContext: { $0 }
                )
            }
        ) { client in
            let response = try await client.get("/")
            #expect(response.text == "+a+b+c+d")
            #expect(response.fields.values(.accept) == ["-d", "-c", "-b", "-a"])
            // Around an answer that has no route as well, but not those of other routes.
            #expect(try await client.get("/nowhere").fields.values(.accept) == [])
        }
    }

    private struct Errors: ErrorResponder {
        func respond(to error: any Error, for exchange: HTTPExchange) -> HTTPResponse {
            .text("", status: HTTPError(describing: error)?.status ?? .internalServerError)
        }
    }
}
