import JSON
import Linux
import TestKit
import Testing

@Suite struct OpenAPICommandTests {
    @Test func `the OpenAPI document is JSON and names every route`() async throws {
        // It needs no configuration, not even a right one.
        let said = try await TestProgram.run("gatehouse-api", ["openapi"], ["DATABASE_URL": "nonsense"])
        #expect(said.ending == .exited(0) && said.errors.isEmpty)
        let document = try JSONObject(parsing: Array(said.output.utf8))
        let version = try #require(document["openapi"]?.string)
        #expect(version.hasPrefix("3.1."))
        let paths = try #require(document["paths"]?.object)
        let routes = try await TestProgram.run("gatehouse-api", ["routes"]).output.split(separator: "\n")
        #expect(routes.count > 30)
        for route in routes {
            let words = route.split(separator: " ")
            let operation = paths[String(words[1])]?.object?[words[0].lowercased()]
            #expect(operation?.object?["responses"]?.object?.members.isEmpty == false, "\(route)")
        }
    }
}
