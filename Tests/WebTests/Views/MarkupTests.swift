import Testing

@testable import Web

/// What holds for every page.
@Suite struct MarkupTests {
    private static let longestPage = 20_000
    private static let samples = Samples().all

    private func forEveryPage(_ body: (Samples.Sample, ReadPage) throws -> Void) throws {
        for sample in MarkupTests.samples { try body(sample, try ReadPage(sample.html)) }
    }

    @Test func `every page is short`() throws {
        for sample in MarkupTests.samples {
            let length = try sample.html.utf8.count
            #expect(length < MarkupTests.longestPage && length > 800, "\(sample.name): \(length)")
        }
    }

    @Test func `nothing on a page needs more than the policy allows`() throws {
        try forEveryPage { sample, page in
            #expect(page.elements.allSatisfy { !["script", "style", "iframe", "object", "base"].contains($0.name) })
            for attribute in page.elements.flatMap(\.attributes) {
                #expect(attribute.name != "style" && !attribute.name.hasPrefix("on"), "\(sample.name)")
                #expect(!attribute.value.contains("://") || attribute.name == "value", "\(sample.name)")
            }
        }
    }

    @Test func `every identifier stands once, and what refers to one finds it`() throws {
        try forEveryPage { sample, page in
            let identifiers = page.elements.compactMap { $0["id"] }
            #expect(Set(identifiers).count == identifiers.count, "\(sample.name): \(identifiers)")
            for element in page.elements {
                let fragment = element["href"].flatMap { $0.hasPrefix("#") ? String($0.dropFirst()) : nil }
                let named = ["aria-labelledby", "aria-describedby"].compactMap { element[$0] }
                for reference in named.flatMap({ $0.split(separator: " ").map(String.init) })
                    + [fragment, element["for"]]
                    .compactMap(\.self)
                {
                    #expect(identifiers.contains(reference), "\(sample.name): \(reference)")
                }
            }
        }
    }

    @Test func `every field has a label`() throws {
        try forEveryPage { sample, page in
            let labelled = page.all("label").compactMap { $0["for"] }
            for field in page.elements where ["input", "select", "textarea"].contains(field.name) {
                if field["type"] == "hidden" || field["hidden"] != nil { continue }
                #expect(field["id"].map(labelled.contains) == true, "\(sample.name): \(field["name"] ?? "")")
            }
        }
    }

    @Test func `every form that posts carries the token, and goes to an address of ours`() throws {
        try forEveryPage { sample, page in
            let posts = page.all("form").filter { $0["method"] == "post" }
            let tokens = page.all("input").filter { $0["name"] == "csrf_token" }
            #expect(tokens.count == posts.count, "\(sample.name)")
            #expect(tokens.allSatisfy { $0["value"] == sample.frame.csrfToken })
            for form in page.all("form") {
                #expect(form["action"]?.hasPrefix("/") == true && form["method"] != nil, "\(sample.name)")
            }
        }
    }

    @Test func `every page has one heading, one main action at most, and a title of its own`() throws {
        try forEveryPage { sample, page in
            #expect(page.all("h1").count == 1 && page.all("main").count == 1, "\(sample.name)")
            let primary = page.elements.filter { $0["class"]?.split(separator: " ").contains("primary") == true }
            #expect(primary.count <= 1, "\(sample.name)")
            if sample.view is ErrorView || sample.view is SignUpClosedView || sample.view is HelloView {
                #expect(primary.count == 1, "\(sample.name)")
            }
            #expect(page.texts.first == "\(sample.view.title) · Gatehouse", "\(sample.name)")
            #expect(page.elements.first { $0.name == "a" }?["href"] == "#main")
            #expect(page.elements.count { $0["autofocus"] != nil } <= 1, "\(sample.name)")
        }
    }

    @Test func `pages before the sign-in have the brand on their card`() throws {
        try forEveryPage { sample, page in
            guard sample.view is SignInView || sample.view is SignUpView || sample.view is SignUpClosedView else {
                return
            }
            let card = try #require(page.elements.firstIndex { $0["class"] == "card" })
            let brand = try #require(page.elements.firstIndex { $0["class"] == "brand" })
            #expect(card < brand && page.elements[brand].path.suffix(2) == ["div", "header"], "\(sample.name)")
        }
    }

    @Test func `the navigation says where one is`() throws {
        try forEveryPage { sample, page in
            let current = page.elements.filter { $0["aria-current"] != nil && $0.path.contains("header") }
            let isError = sample.view is ErrorView
            #expect(current.count == (sample.frame.viewer == nil || isError ? 0 : 1), "\(sample.name)")
            let addresses = page.all("a").filter { $0.path.contains("header") }.compactMap { $0["href"] }
            #expect(addresses.contains("/admin/users") == (sample.frame.viewer?.isAdmin == true), "\(sample.name)")
        }
    }
}
