import HTTPEngine
import Linux
import Testing

@Suite struct SetCookieTests {
    @Test func `the defaults are the careful ones`() throws {
        let cookie = try SetCookie(name: "session", value: "abc")
        #expect(cookie.fieldValue == "session=abc; Path=/; Secure; HttpOnly; SameSite=Lax")
    }

    @Test func `every attribute is written`() throws {
        let cookie = try SetCookie(
            name: "id",
            value: "a3fWa",
            path: "/docs",
            domain: "a.example",
            expires: WallTime(seconds: 784_111_777),
            maxAge: 60,
            isSecure: true,
            isHTTPOnly: true,
            sameSite: SetCookie.SameSite.none,
            isPartitioned: true
        )
        #expect(
            cookie.fieldValue == "id=a3fWa; Path=/docs; Domain=a.example; Expires=Sun, 06 Nov 1994 08:49:37 GMT; "
                + "Max-Age=60; Secure; HttpOnly; SameSite=None; Partitioned"
        )
        #expect(SetCookie(parsing: cookie.fieldValue) == cookie)
    }

    @Test func `attributes that are not wanted are not written`() throws {
        let cookie = try SetCookie(
            name: "theme",
            value: "",
            path: nil,
            isSecure: false,
            isHTTPOnly: false,
            sameSite: nil
        )
        #expect(cookie.fieldValue == "theme=")
    }

    @Test(arguments: ["", "a b", "a;b", "a=b", "a,b", "é", "a\r\nb", "a\u{0}"])
    func `a name must be a token`(name: String) {
        #expect(throws: SetCookieError.invalidName) { try SetCookie(name: name, value: "x") }
    }

    @Test(arguments: ["a b", "a;b", "a,b", "\"a\"", "a\\b", "é", "a\r\nSet-Cookie: b=c", "a\u{0}", "a\u{7F}"])
    func `a value must be cookie octets`(value: String) {
        #expect(throws: SetCookieError.invalidValue) { try SetCookie(name: "a", value: value) }
    }

    @Test func `a cookie that browsers find too long is refused`() throws {
        _ = try SetCookie(name: "a", value: String(repeating: "x", count: 4_095))
        #expect(throws: SetCookieError.tooLong) {
            try SetCookie(name: "a", value: String(repeating: "x", count: 4_096))
        }
    }

    @Test(arguments: ["", "docs", "/a;b", "/a b", "/é", "/a\n"])
    func `a path must begin with a slash and end nowhere else`(path: String) {
        #expect(throws: SetCookieError.invalidPath) { try SetCookie(name: "a", value: "x", path: path) }
    }

    @Test(arguments: ["", ".a.example", "a..b", "a.example.", "a b", "a;b", "a.example; Secure", "é.example"])
    func `a domain must be a host name`(domain: String) {
        #expect(throws: SetCookieError.invalidDomain) { try SetCookie(name: "a", value: "x", domain: domain) }
    }

    @Test(arguments: ["__Host-id", "__host-id", "__HOST-id"])
    func `a host prefix needs Secure and the whole of one host`(name: String) throws {
        _ = try SetCookie(name: name, value: "x")
        let error = SetCookieError.hostPrefixNotForHostOnly
        #expect(throws: error) { try SetCookie(name: name, value: "x", isSecure: false) }
        #expect(throws: error) { try SetCookie(name: name, value: "x", path: "/docs") }
        #expect(throws: error) { try SetCookie(name: name, value: "x", path: nil) }
        #expect(throws: error) { try SetCookie(name: name, value: "x", domain: "a.example") }
    }

    @Test func `the other rules about Secure`() throws {
        _ = try SetCookie(name: "__Secure-id", value: "x", path: "/docs", domain: "a.example")
        #expect(throws: SetCookieError.securePrefixWithoutSecure) {
            try SetCookie(name: "__secure-id", value: "x", isSecure: false)
        }
        #expect(throws: SetCookieError.sameSiteNoneWithoutSecure) {
            try SetCookie(name: "a", value: "x", isSecure: false, sameSite: SetCookie.SameSite.none)
        }
        #expect(throws: SetCookieError.partitionedWithoutSecure) {
            try SetCookie(name: "a", value: "x", isSecure: false, isPartitioned: true)
        }
    }

    @Test func `deleting replaces a cookie by one that is over`() throws {
        let cookie = try SetCookie.expired(name: "__Host-id")
        #expect(
            cookie.fieldValue
                == "__Host-id=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; "
                + "Secure; HttpOnly; SameSite=Lax"
        )
        #expect(throws: SetCookieError.hostPrefixNotForHostOnly) {
            try SetCookie.expired(name: "__Host-id", isSecure: false)
        }
    }

    @Test func `fields hold one line for each cookie`() throws {
        var fields = HTTPFields()
        fields.append(try SetCookie(name: "a", value: "1"))
        fields.append(try SetCookie(name: "b", value: "2"))
        #expect(fields.values(.setCookie).compactMap { SetCookie(parsing: $0)?.name } == ["a", "b"])
    }

    @Test func `no description shows the value`() throws {
        let cookie = try SetCookie(name: "session", value: "s3cret")
        #expect(cookie.description == "session=****")
        #expect(!String(reflecting: cookie).contains("s3cret"))
        #expect(!"\([cookie])".contains("s3cret"))
        #expect(!SetCookieError.invalidValue.description.contains("s3cret"))
    }
}

@Suite struct SetCookieParsingTests {
    @Test func `attributes are read without case and unknown ones ignored`() throws {
        let cookie = try #require(
            SetCookie(
                parsing: "a=1; PATH=/x; domain=.A.Example; HTTPONLY; secure; samesite=strict; Priority=High; max-age=9"
            )
        )
        #expect(cookie.name == "a" && cookie.value == "1")
        #expect(cookie.path == "/x" && cookie.domain == "a.example" && cookie.maxAge == 9)
        #expect(cookie.isSecure && cookie.isHTTPOnly && cookie.sameSite == .strict && !cookie.isPartitioned)
        #expect(cookie.expires == nil)
    }

    @Test func `a plain cookie has no attributes`() throws {
        let cookie = try #require(SetCookie(parsing: "a=1"))
        #expect(cookie.fieldValue == "a=1")
    }

    @Test func `the last of two attributes counts and an unreadable one does not`() throws {
        let cookie = try #require(SetCookie(parsing: "a=1; Max-Age=1; Max-Age=2; Max-Age=+3; Expires=soon; Path=x"))
        #expect(cookie.maxAge == 2)
        #expect(cookie.expires == nil)
        #expect(cookie.path == nil)
    }

    @Test(arguments: [
        "", "a", "; a=1", "=1", "a b=1", "a=\"1\"", "__Host-a=1; Path=/", "__Host-a=1; Secure",
        "__Secure-a=1", "a=1; SameSite=None", "a=1; Partitioned",
    ])
    func `what a browser drops is dropped`(fieldValue: String) {
        #expect(SetCookie(parsing: fieldValue) == nil)
    }

    @Test func `a jar knows when a cookie is over`() throws {
        let now = WallTime(seconds: 1_000_000)
        func expiry(_ text: String) -> Int64? { SetCookie(parsing: text)?.expiry(receivedAt: now)?.seconds }
        #expect(expiry("a=1") == nil)
        #expect(expiry("a=1; Max-Age=60; Expires=Sun, 06 Nov 1994 08:49:37 GMT") == 1_000_060)
        #expect(expiry("a=1; Expires=Sun, 06 Nov 1994 08:49:37 GMT") == 784_111_777)
        #expect(expiry("a=1; Max-Age=0") == 0)
        #expect(expiry("a=1; Max-Age=-99999999999999999999") == 0)
        #expect(expiry("a=1; Max-Age=99999999999999999999") == .max)
    }

    @Test func `hostile input is dropped or makes a cookie that reads back the same`() {
        let sample = "__Host-a=b; Path=/; Expires=Sun, 06 Nov 1994 08:49:37 GMT; Max-Age=60; Secure; SameSite=None"
        forEachHostileVariant(of: sample) { input in
            guard let cookie = SetCookie(parsing: input) else { return }
            if SetCookie(parsing: cookie.fieldValue) != cookie { Issue.record("\(input) changed") }
        }
    }
}
