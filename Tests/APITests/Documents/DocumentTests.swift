import HTTPEngine
import TestKit
import Testing

@testable import API

/// The documents, as they are served.
@Suite struct DocumentTests {
    private static let paths = ["/api/v1/openapi.json", "/docs"]

    @Test(arguments: TestDepth.allCases)
    func `both documents are served in development`(_ depth: TestDepth) async throws {
        try await withAPI(depth) { client, _ in
            let program = try await client.get("/api/v1/openapi.json")
            #expect(program.status == .ok && program.fields.values(.contentType) == ["application/json"])
            #expect(
                program.text.hasPrefix(#"{"openapi":"3.1.0","#) && program.text.contains(#""/health/ready":{"get""#)
            )
            let page = try await client.get("/docs")
            #expect(page.status == .ok && page.fields.values(.contentType) == ["text/html; charset=utf-8"])
            #expect(page.text.hasPrefix("<!doctype html>") && page.text.contains("/health/ready"))
        }
    }

    @Test func `the page allows its own style sheet and nothing else`() async throws {
        try await withAPI(.inProcess) { client, _ in
            let policies = try await client.get("/docs").fields.values(.contentSecurityPolicy)
            let policy = try #require(policies.first)
            #expect(policies.count == 1 && policy.hasPrefix("default-src 'none'; style-src 'sha256-"))
            #expect(!policy.contains("unsafe") && policy.contains("frame-ancestors 'none'"))
        }
    }

    @Test(arguments: paths)
    func `a document that is the same is not sent again`(_ path: String) async throws {
        try await withAPI(.inProcess) { client, _ in
            let first = try await client.get(path)
            let tag = try #require(first.fields.single(.eTag))
            #expect(first.fields[.cacheControl] == "no-cache")
            let second = try await client.get(path, [.ifNoneMatch: tag])
            #expect(second.status == .notModified && second.body.isEmpty)
            let other = try await client.get(path, [.ifNoneMatch: "\"other\""])
            #expect(other.status == .ok && other.body == first.body)
        }
    }

    @Test(arguments: paths)
    func `documents that are switched off are not there`(_ path: String) async throws {
        try await withAPI(.inProcess, ["DOCS_ENABLED": "false"]) { client, _ in
            let answer = try await client.get(path)
            #expect(answer.status == .notFound && answer.text.contains("NOT_FOUND"))
            #expect(!answer.fields.contains(.eTag))
        }
    }

    @Test func `production tells strangers nothing unless asked to`() throws {
        #expect(try TestAPI.configuration(["ENVIRONMENT": "production"]).documents.areEnabled == false)
        #expect(try TestAPI.configuration(["ENVIRONMENT": "production", "DOCS_ENABLED": "true"]).documents.areEnabled)
        #expect(try TestAPI.configuration(["ENVIRONMENT": "staging"]).documents.areEnabled)
        #expect(try !TestAPI.configuration(["DOCS_ENABLED": "false"]).documents.areEnabled)
    }
}
