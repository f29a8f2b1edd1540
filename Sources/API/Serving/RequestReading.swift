internal import Contract
internal import Database
internal import HTTPEngine
internal import JSON

extension HTTPRequest {
    /// No body of the API needs more: the longest password is a kilobyte.
    private static let contentLimit = 16 << 10

    /// The content as a body of the contract, with what is wrong with its shape.
    func content<Body: RequestBody>(as type: Body.Type = Body.self) async throws -> Received<Body> {
        let bytes = try await body.collect(limit: HTTPRequest.contentLimit)
        if bytes.isEmpty, Body.absent != nil { return try Body.read([]) }
        guard let type = fields[.contentType], MediaType(type)?.essence == "application/json" else {
            throw HTTPError(.unsupportedMediaType, "the content must be application/json")
        }
        do throws(JSONError) {
            return try Body.read(bytes)
        } catch {
            throw HTTPError(.badRequest, "the content is not a JSON object as it should be: \(error.description)")
        }
    }

    /// The query as a value of the contract, with what is wrong with it.
    func parameters<Query: RequestQuery>(as type: Query.Type = Query.self) throws -> Received<Query> {
        do throws(URLEncodedFormError) {
            return try Query.read(query)
        } catch {
            throw HTTPError(.badRequest, "the query is malformed")
        }
    }

    /// What stands behind `Bearer` in Authorization; nil when there is nothing of the kind.
    var bearerToken: String? { bearerBytes.map { String(decoding: $0, as: UTF8.self) } }

    var hasBearerToken: Bool { bearerBytes != nil }

    /// Read byte by byte: every request that is signed in comes by here, and telling the characters of a token apart costs as
    /// much as all else it needs.
    private var bearerBytes: ArraySlice<UInt8>? {
        let space = UInt8(ascii: " ")
        guard let value = fields.singleBytes(.authorization),
            let schemeEnd = value.firstIndex(of: space),
            value[..<schemeEnd].elementsEqual("bearer".utf8, by: { $0 | 0x20 == $1 }),
            let start = value[schemeEnd...].firstIndex(where: { $0 != space }),
            !value[start...].contains(space)
        else { return nil }
        return value[start...]
    }
}

extension APIExchange {
    /// The identifier in the path. One that is none names nothing.
    func identifier(_ name: String = "id") throws -> UUID {
        guard let id = exchange.parameters[name].flatMap({ UUID($0) }) else {
            throw HTTPError(.notFound, "there is nothing with this identifier")
        }
        return id
    }
}
