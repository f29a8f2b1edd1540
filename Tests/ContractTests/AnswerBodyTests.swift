import HTTPEngine
import JSON
import Linux
import Testing

@testable import Contract

/// What the web's client makes of what the API answers.
@Suite struct AnswerBodyTests {
    @Test func `every answer comes back as it was written`() throws {
        try check(UserBody.example)
        try check(TokensBody.example)
        try check(SessionList.example)
        try check(UserPage.example)
        try check(AuditPage.example)
        try check(StatisticsBody.example)
        try check(HelloBody.example)
        try check(HealthBody.example)
        try check(ReadinessBody.example)
        try check(ErrorEnvelope.example)
        try check(ErrorEnvelope(code: .notFound, message: "\"<&>\u{7F}\u{2028}", requestID: "7"))
        let change = try JSONObject(parsing: Array(#"{"email":"é","n":[1,2.5,null]}"#.utf8))
        try check(
            AuditEntryBody(
                id: "1",
                at: WallTime(seconds: 0),
                actor: .init(id: nil, name: ""),
                action: "user.update",
                isSuccess: false,
                target: .init(id: "2", name: "<b>"),
                before: change,
                after: nil,
                address: "::1",
                requestID: "r"
            )
        )
        try check(
            ReadinessBody(
                condition: .down,
                stores: [StoreHealth(name: "database", condition: .down, latencyMicroseconds: nil)]
            )
        )
        #expect(StatisticsBody.example.stores.map(\.product) == ["PostgreSQL", "Redis"])
    }

    private func check<Body: AnswerBody>(_ body: Body) throws {
        #expect(try Body(parsing: body.json) == body)
        // A field of tomorrow does not disturb the reader of today.
        var text = String(decoding: body.json, as: UTF8.self)
        text.removeLast()
        #expect(try Body(parsing: Array((text + #","of_tomorrow":[{}]}"#).utf8)) == body)
    }

    @Test func `an answer that is cut anywhere is unexpected`() {
        let body = StatisticsBody.example.json
        for length in body.indices {
            #expect(throws: UnexpectedAnswer(nil)) { try StatisticsBody(parsing: Array(body.prefix(length))) }
        }
    }

    @Test func `a user has the fields of the contract, in their order`() {
        #expect(
            String(decoding: UserBody.example.json, as: UTF8.self) == """
                {"id":"0198c0de-7a3b-7c11-9d2e-5f6a7b8c9d0e","username":"ada","email":"ada@example.com","is_admin":false,\
                "is_active":true,"email_verified":false,"created_at":"2026-01-15T10:30:00Z",\
                "updated_at":"2026-01-15T10:30:00Z","last_login_at":null}
                """
        )
    }

    @Test func `the envelope has details only for fields`() {
        let plain = ErrorEnvelope(code: .internalError, message: "m", requestID: "r")
        #expect(
            String(decoding: plain.json, as: UTF8.self)
                == #"{"error":{"code":"INTERNAL_ERROR","message":"m","details":null,"request_id":"r"}}"#
        )
        let fields = InvalidFields("email", "e").fields
        let detailed = ErrorEnvelope(code: .validationError, message: "m", fields: fields, requestID: "r")
        let details = #"{"fields":{"email":["e"]}}"#
        #expect(
            String(decoding: detailed.json, as: UTF8.self)
                == #"{"error":{"code":"VALIDATION_ERROR","message":"m","details":\#(details),"request_id":"r"}}"#
        )
    }

    @Test(arguments: [
        ("", nil), ("[]", nil), ("{}", "access_token"), (#"{"access_token":7}"#, "access_token"),
        (#"{"access_token":"a","refresh_token":"r","expires_in":"soon"}"#, "expires_in"),
        (#"{"access_token":"a","refresh_token":"r","expires_in":9,"user":{"id":null}}"#, "id"),
    ])
    func `an answer that is not as promised is told by its field`(_ text: String, _ field: String?) {
        let error = #expect(throws: UnexpectedAnswer.self) { try TokensBody(parsing: Array(text.utf8)) }
        #expect(error?.field == field)
    }

    @Test(arguments: [
        (0, 20, 0), (1, 20, 1), (20, 20, 1), (21, 20, 2), (Int.max, 1, Int.max), (Int.max, 100, Int.max / 100 + 1),
    ])
    func `pages are counted without overflow`(_ total: Int, _ size: Int, _ pages: Int) {
        #expect(UserPage(items: [], page: 1, pageSize: size, total: total).pages == pages)
    }

    @Test func `a page of a broken size is refused, not divided by`() {
        let text = #"{"items":[],"page":1,"page_size":0,"total":0,"pages":0}"#
        #expect(throws: UnexpectedAnswer.self) { try UserPage(parsing: Array(text.utf8)) }
    }

    @Test(arguments: ErrorCode.allCases)
    func `a status that has a code gets it back`(_ code: ErrorCode) {
        let general: Set<ErrorCode> = [.tokenExpired, .invalidToken, .inactiveUser, .sessionLimitExceeded]
        #expect((ErrorCode(code.status) == code) == !general.contains(code))
    }
}
