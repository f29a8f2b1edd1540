import HTTPEngine
import Linux
import Testing

/// The resource of all these tests has the tag "v2" and was changed on 6 November 1994 at 08:49:37.
@Suite struct ConditionalRequestTests {
    private static let modified = "Sun, 06 Nov 1994 08:49:37 GMT"
    private static let before = "Sun, 06 Nov 1994 08:49:36 GMT"
    private static let after = "Sun, 06 Nov 1994 08:49:38 GMT"

    private func request(
        _ method: HTTPMethod,
        _ fields: HTTPFields,
        tag: String? = "\"v2\"",
        isDated: Bool = true,
        exists: Bool = true,
        now: Int64 = 800_000_000
    ) -> ConditionalRequest {
        ConditionalRequest(
            fields,
            method: method,
            entityTag: tag.flatMap { EntityTag($0) },
            lastModified: isDated ? WallTime(seconds: 784_111_777, nanosecondPart: 5) : nil,
            exists: exists,
            now: WallTime(seconds: now)
        )
    }

    @Test func `without a condition everything proceeds`() {
        for method in [HTTPMethod.get, .head, .put, .post, .delete] {
            #expect(request(method, [:]).outcome == .proceed)
        }
    }

    @Test(arguments: [
        ("\"v2\"", ConditionalRequest.Outcome.proceed), ("\"v1\", \"v2\"", .proceed), ("*", .proceed),
        ("\"v1\"", .preconditionFailed), ("W/\"v2\"", .preconditionFailed), ("v2", .preconditionFailed),
        ("", .preconditionFailed),
    ])
    func `If-Match compares strongly`(value: String, expected: ConditionalRequest.Outcome) {
        for method in [HTTPMethod.get, .put] { #expect(request(method, [.ifMatch: value]).outcome == expected) }
    }

    @Test(arguments: [
        ("\"v2\"", ConditionalRequest.Outcome.notModified), ("W/\"v2\"", .notModified),
        ("\"v1\", W/\"v2\"", .notModified),
        ("*", .notModified), ("\"v1\"", .proceed), ("v2", .proceed), ("", .proceed),
    ])
    func `If-None-Match compares weakly and makes a read a 304`(value: String, expected: ConditionalRequest.Outcome) {
        for method in [HTTPMethod.get, .head] { #expect(request(method, [.ifNoneMatch: value]).outcome == expected) }
    }

    @Test(arguments: [
        ("\"v2\"", ConditionalRequest.Outcome.preconditionFailed), ("*", .preconditionFailed), ("\"v1\"", .proceed),
        ("v1", .preconditionFailed),
    ])
    func `If-None-Match makes a change a 412`(value: String, expected: ConditionalRequest.Outcome) {
        for method in [HTTPMethod.put, .delete] { #expect(request(method, [.ifNoneMatch: value]).outcome == expected) }
    }

    @Test func `an asterisk asks whether there is anything`() {
        func outcome(_ name: HTTPFieldName, exists: Bool) -> ConditionalRequest.Outcome {
            request(.put, [name: "*"], tag: nil, isDated: false, exists: exists).outcome
        }
        #expect(outcome(.ifMatch, exists: true) == .proceed)
        #expect(outcome(.ifMatch, exists: false) == .preconditionFailed)
        #expect(outcome(.ifNoneMatch, exists: true) == .preconditionFailed)
        #expect(outcome(.ifNoneMatch, exists: false) == .proceed)
    }

    @Test(arguments: [
        (modified, ConditionalRequest.Outcome.notModified), (after, .notModified), (before, .proceed),
        ("soon", .proceed),
    ])
    func `If-Modified-Since counts whole seconds`(value: String, expected: ConditionalRequest.Outcome) {
        #expect(request(.get, [.ifModifiedSince: value]).outcome == expected)
        #expect(request(.head, [.ifModifiedSince: value]).outcome == expected)
        #expect(request(.put, [.ifModifiedSince: value]).outcome == .proceed)
        #expect(request(.get, [.ifModifiedSince: value], isDated: false).outcome == .proceed)
    }

    @Test(arguments: [
        (modified, ConditionalRequest.Outcome.proceed), (after, .proceed), (before, .preconditionFailed),
        ("soon", .proceed),
    ])
    func `If-Unmodified-Since guards every method`(value: String, expected: ConditionalRequest.Outcome) {
        for method in [HTTPMethod.get, .put] {
            #expect(request(method, [.ifUnmodifiedSince: value]).outcome == expected)
        }
        #expect(request(.put, [.ifUnmodifiedSince: value], isDated: false).outcome == .proceed)
    }

    @Test func `a date that stands twice is ignored`() {
        var fields: HTTPFields = [.ifModifiedSince: Self.modified]
        fields.append(.ifModifiedSince, Self.modified)
        #expect(request(.get, fields).outcome == .proceed)
    }

    @Test(arguments: [
        // RFC 9110 §13.2.2, step by step: the tag decides, whatever the date beside it says.
        (["If-Match": "\"v2\"", "If-Unmodified-Since": before], ConditionalRequest.Outcome.proceed),
        (["If-Match": "\"v1\"", "If-Unmodified-Since": after], .preconditionFailed),
        (["If-None-Match": "\"v1\"", "If-Modified-Since": after], .proceed),
        (["If-None-Match": "\"v2\"", "If-Modified-Since": before], .notModified),
        // A failed If-Match comes before If-None-Match, a passed one does not end it.
        (["If-Match": "\"v1\"", "If-None-Match": "\"v2\""], .preconditionFailed),
        (["If-Match": "\"v2\"", "If-None-Match": "\"v2\""], .notModified),
        (["If-Unmodified-Since": after, "If-None-Match": "\"v2\""], .notModified),
        (["If-Unmodified-Since": before, "If-None-Match": "\"v2\""], .preconditionFailed),
    ])
    func `conditions are evaluated in the order of the standard`(
        lines: [String: String],
        expected: ConditionalRequest.Outcome
    ) throws {
        var fields = HTTPFields()
        for (name, value) in lines { fields.append(try #require(HTTPFieldName(validating: name)), value) }
        #expect(request(.get, fields).outcome == expected)
    }

    @Test(arguments: [
        ("\"v2\"", true), ("\"v1\"", false), ("W/\"v2\"", false), (modified, true), (before, false), (after, false),
        ("soon", false), ("", false),
    ])
    func `If-Range lets a part be taken only of the same content`(value: String, expected: Bool) {
        #expect(request(.get, [.range: "bytes=0-1", .ifRange: value]).allowsRange == expected)
    }

    @Test func `a weak tag never continues a download`() {
        let fields: HTTPFields = [.range: "bytes=0-1", .ifRange: "W/\"v2\""]
        #expect(!request(.get, fields, tag: "W/\"v2\"").allowsRange)
    }

    @Test func `a date is not believed within its own second`() {
        let fields: HTTPFields = [.range: "bytes=0-1", .ifRange: Self.modified]
        #expect(!request(.get, fields, now: 784_111_777).allowsRange)
        #expect(request(.get, fields, now: 784_111_778).allowsRange)
        #expect(!request(.get, fields, isDated: false).allowsRange)
    }

    @Test func `a range counts with GET only`() {
        #expect(request(.get, [.range: "bytes=0-1"]).allowsRange)
        #expect(!request(.get, [:]).allowsRange)
        #expect(!request(.get, [.ifRange: "\"v2\""]).allowsRange)
        for method in [HTTPMethod.head, .post, .put] { #expect(!request(method, [.range: "bytes=0-1"]).allowsRange) }
    }
}
