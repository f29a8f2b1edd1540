import Contract
import JSON
import Testing

/// What the API makes of the bodies it is sent.
@Suite struct RequestBodyTests {
    private static func fields<Body: RequestBody>(_ body: Body.Type, _ text: String) throws -> [String: [String]] {
        let received = try Body.readOrFail(text)
        do throws(InvalidFields) {
            _ = try received.valid()
            return [:]
        } catch {
            return Dictionary(uniqueKeysWithValues: error.fields.entries.map { ($0.name, $0.messages) })
        }
    }

    @Test func `every request comes back as it was written`() throws {
        try check(SignUpRequest.example)
        try check(LoginRequest.example)
        try check(RefreshRequest.example)
        try check(RefreshRequest(refreshToken: nil))
        try check(LogoutRequest.example)
        try check(ProfileChange.example)
        try check(ProfileChange(username: "ada", email: "\u{1F98A}<script>\"\\@example.com"))
        try check(PasswordChange.example)
        try check(UserCreation.example)
        try check(
            UserCreation(
                username: "a",
                email: "b",
                password: "c",
                isAdmin: true,
                isActive: false,
                isEmailVerified: true
            )
        )
        try check(UserReplacement.example)
        try check(
            UserReplacement(
                username: "a",
                email: "b",
                isAdmin: true,
                isActive: false,
                isEmailVerified: true,
                password: "c"
            )
        )
        try check(UserChange.example)
        try check(
            UserChange(username: "a", email: "b", isAdmin: false, isActive: true, isEmailVerified: false, password: "c")
        )
    }

    private func check<Body: RequestBody>(_ body: Body) throws {
        #expect(try Body.read(body.json).valid() == body)
    }

    @Test(arguments: ["username", "email", "username_or_email"])
    func `who signs in may be named in three ways`(_ name: String) throws {
        let body = try LoginRequest.readOrFail(#"{"password":"p","\#(name)":"ada"}"#).valid()
        #expect(body == LoginRequest(identifier: "ada", password: "p"))
    }

    @Test func `who signs in is named exactly once`() throws {
        #expect(try Self.fields(LoginRequest.self, #"{"password":"p"}"#).keys.sorted() == ["username"])
        #expect(
            try Self.fields(LoginRequest.self, #"{"username":"a","email":"b","username_or_email":"c","password":"p"}"#)
                .keys.sorted() == ["email", "username"]
        )
        #expect(
            try Self.fields(LoginRequest.self, #"{"email":7,"password":"p"}"#) == [
                "email": ["This field must be a string."]
            ]
        )
        #expect(
            try Self.fields(LoginRequest.self, #"{"email":null,"password":"p"}"#)
                == ["email": ["This field must not be null."]]
        )
    }

    @Test func `every problem of a body is told at once`() throws {
        let problems = try Self.fields(SignUpRequest.self, #"{"username":7,"email":null,"is_admin":true}"#)
        #expect(
            problems == [
                "username": ["This field must be a string."],
                "email": ["This field must not be null."],
                "password": ["This field is required."],
                "is_admin": ["This field is unknown."],
            ]
        )
    }

    @Test func `the problems of values are told with those of the shape, and never about a stand-in`() throws {
        let received = try SignUpRequest.readOrFail(#"{"username":"!","password":"short"}"#)
        let error = #expect(throws: InvalidFields.self) {
            _ = try received.valid { body, errors in
                if body.username == "!" { errors.add("username", "no letters") }
                if body.email.isEmpty { errors.add("email", "looked at a stand-in") }
                errors.add("password", "too short")
                errors.add("password", "too simple")
            }
        }
        let fields = try #require(error).fields
        #expect(fields["username"] == ["no letters"])
        #expect(fields["email"] == ["This field is required."])
        #expect(fields["password"] == ["too short", "too simple"])
        #expect(fields.entries.count == 3)
    }

    @Test func `a value is had only when the check finds nothing`() throws {
        let received = try SignUpRequest.read(SignUpRequest.example.json)
        #expect(try received.valid { _, _ in } == .example)
        #expect(throws: InvalidFields.self) { try received.valid { $1.add("email", "taken") } }
    }

    @Test func `null changes nothing by accident`() throws {
        #expect(
            try Self.fields(UserChange.self, #"{"is_active":null,"email":null}"#).keys.sorted() == [
                "email", "is_active",
            ]
        )
        #expect(
            try Self.fields(UserCreation.self, #"{"username":"a","email":"b","password":"c","is_active":null}"#).count
                == 1
        )
        #expect(try UserChange.readOrFail("{}").valid() == UserChange())
    }

    @Test func `a user as it was answered may be sent back as a replacement`() throws {
        let replacement = try UserReplacement.read(UserBody.example.json).valid()
        #expect(replacement.username == "ada" && replacement.isActive && replacement.isEmailVerified == false)
        #expect(replacement.password == nil)
    }

    @Test func `a token may be in the content or not`() throws {
        #expect(try RefreshRequest.read([]).valid().refreshToken == nil)
        #expect(try LogoutRequest.readOrFail("{}").valid().refreshToken == nil)
        #expect(throws: JSONError.self) { try SignUpRequest.read([]) }
    }

    @Test(arguments: [
        "[]", "7", "null", "{", #"{"a":1,"a":2}"#, "{\"username\":\"\u{1}\"}", #"{"a":[[[[[[[[[[]]]]]]]]]]}"#,
    ])
    func `what is not one plain object has no fields to blame`(_ text: String) {
        #expect(throws: JSONError.self) { try SignUpRequest.read(Array(text.utf8)) }
    }

    @Test func `a NUL character is a problem of its field`() throws {
        #expect(
            try Self.fields(LoginRequest.self, #"{"username":"a\u0000","password":"\u0000"}"#).keys.sorted()
                == ["password", "username"]
        )
    }

    @Test func `a flood of unknown fields gets a short answer`() throws {
        let members = (0..<150).map { "\"\($0)\(String(repeating: "x", count: 500))\":0" }.joined(separator: ",")
        let problems = try Self.fields(ProfileChange.self, "{\(members)}")
        #expect(problems.count == 10)
        #expect(problems.keys.allSatisfy { $0.count == 64 })
    }

    @Test func `a name made of one endless character is cut too`() throws {
        let name = "e" + String(repeating: "\u{FE0F}", count: 100_000)
        let problems = try Self.fields(ProfileChange.self, "{\"\(name)\":0}")
        #expect(problems.keys.map(\.unicodeScalars.count) == [64])
    }

    @Test func `a body that is cut anywhere is no body`() throws {
        let bodies = [SignUpRequest.example.json, UserReplacement.example.json, LoginRequest.example.json]
        for body in bodies {
            for length in 1..<body.count {
                #expect(throws: JSONError.self) { try UserChange.read(Array(body.prefix(length))) }
            }
        }
    }

    @Test func `a body with a byte of it changed is read or refused, never half`() throws {
        let body = UserReplacement.example.json
        for index in body.indices {
            for byte in [UInt8(0), 0x22, 0x5C, 0x7B, 0x80, 0xFF, 0x31, body[index] ^ 1] {
                var changed = body
                changed[index] = byte
                guard let received = try? UserReplacement.read(changed), let value = try? received.valid() else {
                    continue
                }
                #expect(try UserReplacement.read(value.json).valid() == value)
            }
        }
    }

    @Test func `no description shows a secret`() {
        let bodies: [any CustomStringConvertible & CustomDebugStringConvertible] = [
            SignUpRequest(username: "u", email: "e", password: "secret"),
            LoginRequest(identifier: "secret", password: "secret"),
            RefreshRequest(refreshToken: "secret"), LogoutRequest(refreshToken: "secret"),
            PasswordChange(currentPassword: "secret", newPassword: "secret"),
            UserCreation(username: "u", email: "e", password: "secret"),
            UserReplacement(username: "u", email: "e", isAdmin: true, isActive: true, password: "secret"),
            UserChange(password: "secret"),
            TokensBody(accessToken: "secret", refreshToken: "secret", expiresIn: 1, user: .example),
        ]
        for body in bodies {
            #expect(!body.description.contains("secret"))
            #expect(!body.debugDescription.contains("secret"))
        }
    }
}

extension RequestBody {
    static func readOrFail(_ text: String) throws -> Received<Self> { try read(Array(text.utf8)) }
}
