import HTTPEngine
import Linux
import Networking
import TestKit

/// What a person has in front of them: keeps cookies as browsers do, says where forms come from, and shows one page at a
/// time. Belongs to a loop.
final class Browser {
    struct Page {
        let path: String
        let response: TestResponse

        var status: Int { response.status.code }
        var text: String { response.text }
        var location: String? { response.fields.single(.location) }
        var forms: [HTMLForm] { HTMLForm.all(in: response.text) }

        /// The form that goes to this address, whatever its query.
        func form(to action: String) throws -> HTMLForm {
            let form = forms.first { $0.action.prefix { $0 != "?" } == action }
            guard let form else { throw NotAsExpected("a form to \(action) on \(path): \(text)") }
            return form
        }
    }

    let loop: EventLoop
    private let client: HTTPClient
    var origin: HTTPOrigin
    var userAgent = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
    /// Goes with every request.
    var fields: HTTPFields = [:]
    private(set) var jar: [String: String] = [:]
    /// Set-Cookie fields in the order in which they came.
    private(set) var received: [String] = []

    init(_ origin: HTTPOrigin, on loop: EventLoop) {
        self.origin = origin
        self.loop = loop
        client = HTTPClient(loop: loop)
    }

    deinit { client.close() }

    func setCookie(_ name: String, _ value: String?) { jar[name] = value }

    /// Another browser with the same cookies.
    func copy() -> Browser {
        let copy = Browser(origin, on: loop)
        copy.jar = jar
        return copy
    }

    var site: String { "http://\(origin.authority)" }

    func send(_ method: HTTPMethod, _ target: String, _ more: HTTPFields = [:], body: String = "") async throws -> Page
    {
        var fields = fields
        fields.append(contentsOf: more)
        if !fields.contains(.userAgent) { fields.append(.userAgent, userAgent) }
        if !jar.isEmpty {
            let pairs = jar.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            fields.set(.cookie, pairs.joined(separator: "; "))
        }
        let request = HTTPRequest(method: method, target: target, fields: fields, body: .text(body))
        let response = try await TestResponse(try await client.send(request, to: origin, timeout: .seconds(30)))
        for line in response.fields.values(.setCookie) { take(line) }
        return Page(path: target, response: response)
    }

    /// Without following.
    func get(_ target: String) async throws -> Page { try await send(.get, target) }

    /// As typed or clicked: goes where it is led.
    func open(_ target: String) async throws -> Page { try await follow(try await get(target)) }

    /// Sends a form from the page it is on, without following.
    func post(_ form: HTMLForm, _ typed: [String: String] = [:]) async throws -> Page {
        try await post(form.action, form.filled(typed))
    }

    func post(_ target: String, _ form: URLEncodedForm, _ more: HTTPFields? = nil) async throws -> Page {
        var fields = more ?? [.origin: site, HTTPFieldName("Sec-Fetch-Site"): "same-origin"]
        fields.append(.contentType, "application/x-www-form-urlencoded")
        return try await send(.post, target, fields, body: form.serialized)
    }

    /// Sends a form and goes where it leads.
    func submit(_ form: HTMLForm, _ typed: [String: String] = [:]) async throws -> Page {
        try await follow(try await post(form, typed))
    }

    func follow(_ page: Page) async throws -> Page {
        var page = page
        for _ in 0..<8 {
            guard (300..<400).contains(page.status), let location = page.location else { return page }
            page = try await get(location)
        }
        throw NotAsExpected("an end of the redirections at \(page.path)")
    }

    private func take(_ line: String) {
        received.append(line)
        let parts = line.split(separator: ";")
        let pair = parts[0].split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let isOver = parts.dropFirst().contains { $0 == " Max-Age=0" }
        jar[String(pair[0])] = isOver ? nil : String(pair[1])
    }
}

/// What a page did not have that a test needs to go on.
struct NotAsExpected: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
