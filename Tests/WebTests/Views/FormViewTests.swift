import Contract
import HTTPEngine
import Testing

@testable import Web

@Suite struct FormViewTests {
    private func page(_ view: some PageView, viewer: Viewer? = nil) throws -> ReadPage {
        let frame = PageFrame(viewer: viewer, csrfToken: "token", flash: nil, requestID: "1", now: Samples.now)
        return try ReadPage(try TestPages.html(view, in: frame))
    }

    private func input(_ name: String, in page: ReadPage) throws -> ReadPage.Element {
        try #require(page.all("input").first { $0["name"] == name })
    }

    @Test func `what was typed is kept, and what is wrong stands beside it`() throws {
        var fields = FieldErrors()
        fields.add("email", "An e-mail address has an @.")
        let view = SignUpView(username: "ada", email: "ada.example", problems: FormProblems(fields: fields))
        let page = try page(view)
        #expect(view.status == .unprocessableContent)
        #expect(try input("username", in: page)["value"] == "ada")
        #expect(try input("username", in: page)["aria-invalid"] == nil)
        let email = try input("email", in: page)
        #expect(email["value"] == "ada.example" && email["aria-invalid"] == "true")
        #expect(email["aria-describedby"] == "email-problem")
        // In the summary, with a link to the field, and beside the field.
        #expect(page.texts.filter { $0.contains("An e-mail address has an @.") }.count == 2)
        #expect(page.all("a").contains { $0["href"] == "#email" && $0.path.contains("li") })
    }

    @Test func `a problem with the whole form stands in the summary alone`() throws {
        let view = SignInView(username: "ada", problems: FormProblems(message: "The name or the password is wrong."))
        let page = try page(view)
        #expect(page.texts.filter { $0 == "The name or the password is wrong." }.count == 1)
        #expect(page.elements.contains { $0["role"] == "alert" })
        #expect(page.all("input").allSatisfy { $0["aria-invalid"] == nil })
    }

    @Test func `a problem with a field that the form does not have is not kept from anybody`() throws {
        var fields = FieldErrors()
        fields.add("shoe_size", "This is too large.")
        let page = try page(SignUpView(problems: FormProblems(fields: fields)))
        #expect(page.texts.contains("shoe_size: This is too large."))
    }

    @Test func `the message of an error counts only where no field is blamed`() {
        let plain = ErrorEnvelope(code: .conflict, message: "taken", requestID: "1")
        #expect(FormProblems(plain) == FormProblems(message: "taken"))
        var fields = FieldErrors()
        fields.add("email", "taken")
        let blamed = ErrorEnvelope(code: .validationError, message: "some fields", fields: fields, requestID: "1")
        #expect(FormProblems(blamed) == FormProblems(fields: fields))
        #expect(FormProblems.none.isEmpty && !FormProblems(plain).isEmpty && !FormProblems(blamed).isEmpty)
    }

    @Test func `a password is never shown`() throws {
        for sample in Samples().all {
            for field in try ReadPage(sample.html).all("input") where field["type"] == "password" {
                #expect(field["value"] == nil, "\(sample.name)")
            }
        }
    }

    @Test func `the way back after signing in is carried along, encoded where it is an address`() throws {
        let page = try page(SignInView(next: "/admin/users?search=a b&page=2"))
        #expect(try input("next", in: page)["value"] == "/admin/users?search=a b&page=2")
        let link = "/signup?next=%2Fadmin%2Fusers%3Fsearch%3Da%20b%26page%3D2"
        #expect(page.all("a").contains { $0["href"] == link })
        #expect(try self.page(SignInView()).all("input").allSatisfy { $0["name"] != "next" })
    }

    @Test func `a box is ticked or not as it was left`() throws {
        #expect(try input("remember", in: page(SignInView()))["checked"] != nil)
        #expect(try input("remember", in: page(SignInView(remembers: false)))["checked"] == nil)
        #expect(try input("remember", in: page(SignInView()))["value"] == "true")
    }
}
