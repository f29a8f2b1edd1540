import HTTPEngine
import JSON
import Testing

@testable import Contract

/// The document that is made from the operations. Its validity was tried with a validator of OpenAPI; these are the rules
/// that changes break.
@Suite struct OpenAPIDocumentTests {
    private static let bytes = OpenAPIDocument(Operation.all).json
    private let document: JSONObject

    init() throws { document = try JSONObject(parsing: OpenAPIDocumentTests.bytes) }

    /// All objects in a value, with the value itself.
    private func objects(in value: JSONValue) -> [JSONObject] {
        switch value {
        case .object(let object): [object] + object.members.flatMap { objects(in: $0.value) }
        case .array(let elements): elements.flatMap(objects)
        default: []
        }
    }

    private func described() throws -> [(path: String, method: String, object: JSONObject)] {
        let paths = try #require(document["paths"]?.object)
        return try paths.members.flatMap { path in
            try #require(path.value.object).members.map { method in
                (path.name, method.name, try #require(method.value.object))
            }
        }
    }

    @Test func `the same operations make the same bytes`() {
        #expect(OpenAPIDocument(Operation.all).json == OpenAPIDocumentTests.bytes)
        #expect(OpenAPIDocument([.health]).json != OpenAPIDocumentTests.bytes)
    }

    @Test func `every reference leads somewhere, and every schema is led to`() throws {
        let schemas = try #require(document["components"]?.object?["schemas"]?.object)
        let references = Set(objects(in: .object(document)).compactMap { $0["$ref"]?.string })
        let headers = try #require(document["components"]?.object?["headers"]?.object)
        #expect(
            references
                == Set(schemas.members.map { "#/components/schemas/\($0.name)" }).union(
                    headers.members.map { "#/components/headers/\($0.name)" }
                )
        )
    }

    @Test func `every route is there once, with a name of its own`() throws {
        let described = try described()
        let expected = Operation.all.flatMap { operation in
            operation.paths.map { "\(operation.method.name.lowercased()) \($0)" }
        }
        #expect(Set(described.map { "\($0.method) \($0.path)" }) == Set(expected))
        #expect(described.count == expected.count)
        let names = described.compactMap { $0.object["operationId"]?.string }
        #expect(names.count == described.count && Set(names).count == names.count)
    }

    @Test func `every parameter of a path is declared, and required`() throws {
        for operation in try described() {
            let parameters = (operation.object["parameters"]?.array ?? []).compactMap(\.object)
            let inPath = parameters.filter { $0["in"]?.string == "path" }
            #expect(inPath.compactMap { $0["name"]?.string } == (try PathPattern(operation.path)).parameterNames)
            #expect(inPath.allSatisfy { $0["required"]?.boolean == true })
            let names = parameters.compactMap { $0["name"]?.string }
            #expect(Set(names).count == names.count)
        }
    }

    @Test func `every failure has the envelope, and who must show a token is told so`() throws {
        for operation in try described() {
            let responses = try #require(operation.object["responses"]?.object)
            let failures = responses.members.filter { $0.name >= "400" && operation.path != "/health/ready" }
            #expect(!failures.isEmpty || operation.path == "/health/ready")
            for failure in failures {
                let media = failure.value.object?["content"]?.object?["application/json"]?.object
                let reference = media?["schema"]?.object?["$ref"]?.string
                #expect(reference == "#/components/schemas/ErrorEnvelope")
            }
            let security = operation.object["security"]?.array ?? []
            #expect(responses["401"] == nil || operation.path.hasSuffix("/login") || !security.isEmpty)
        }
    }

    @Test func `every answer tells of the fields it carries, and a sign-in of its device`() throws {
        for operation in try described() {
            let responses = try #require(operation.object["responses"]?.object)
            for response in responses.members {
                let names = Set(response.value.object?["headers"]?.object?.members.map(\.name) ?? [])
                #expect(names.contains("X-Request-ID"))
                let isLimited = names.isSuperset(of: ["RateLimit", "RateLimit-Policy"])
                let isExempt = operation.path.hasPrefix("/health") || operation.path.hasSuffix("/verify")
                #expect(isLimited == !isExempt, "\(operation.path)")
                let isSignIn = operation.path.hasSuffix("/login") && response.name == "200"
                #expect(names.contains("X-Device-Token") == isSignIn, "\(operation.path) \(response.name)")
            }
            let parameters = (operation.object["parameters"]?.array ?? []).compactMap(\.object)
            let inHead = parameters.filter { $0["in"]?.string == "header" }.map { $0["name"]?.string }
            #expect(inHead == (operation.path.hasSuffix("/login") ? ["X-Device-Token"] : []))
        }
    }

    @Test func `every example has the fields its schema requires, and no others`() throws {
        for component in Component.all(of: Operation.all) {
            let example = try JSONObject(parsing: component.example.bytes)
            let names = Set(example.members.map(\.name))
            #expect(names.isSubset(of: component.fields.map(\.name)), "\(component.name)")
            #expect(names.isSuperset(of: component.fields.filter(\.isRequired).map(\.name)), "\(component.name)")
            #expect(component.alternatives.isEmpty || names.intersection(component.alternatives).count == 1)
        }
    }

    @Test func `only the operations it was made of are told`() throws {
        let small = try JSONObject(parsing: OpenAPIDocument([.health]).json)
        #expect(small["paths"]?.object?.members.map(\.name) == ["/health"])
        let schemas = small["components"]?.object?["schemas"]?.object?.members.map(\.name)
        #expect(schemas == ["Health", "ErrorEnvelope", "Error", "ErrorDetails"])
    }
}
