import HTTPEngine
import Testing

@testable import API

@Suite struct BearerTokenTests {
    private func token(_ values: String...) -> String? {
        var fields = HTTPFields()
        for value in values { fields.append(.authorization, value) }
        return HTTPRequest(method: .get, target: "/", fields: fields).bearerToken
    }

    @Test(arguments: ["Bearer a.b.c", "bearer a.b.c", "BEARER a.b.c", "bEaReR a.b.c", "Bearer   a.b.c"])
    func `the token stands behind the scheme, whose letters are of either case`(_ value: String) {
        #expect(token(value) == "a.b.c")
    }

    @Test(arguments: [
        "", " ", "Bearer", "Bearer ", "Bearer  ", "Basic a.b.c", "Bearera.b.c", "a.b.c", "Bearer a.b.c d", "Bearer a b",
        "Bearer\ta.b.c", "Bearer\u{301} a.b.c", "Digest Bearer",
    ])
    func `anything else holds none`(_ value: String) {
        #expect(token(value) == nil)
    }

    @Test func `two fields hold none`() {
        #expect(token() == nil)
        #expect(token("Bearer a", "Bearer a") == nil)
    }
}
