internal import HTTPEngine
internal import Linux

/// The stylesheet and the images.
struct AssetHandlers {
    /// Asked for with a version in the address, as pages do: other content has another address.
    private let versioned: StaticFiles
    private let plain: StaticFiles

    init(folder: String) throws(SystemError) {
        versioned = try StaticFiles(
            root: folder,
            cachePolicy: .init { _ in "public, max-age=31536000, immutable" },
            usesPrecompressed: true
        )
        plain = try StaticFiles(root: folder, cachePolicy: .revalidate, usesPrecompressed: true)
    }

    func show(_ request: HTTPRequest, _ context: WebExchange) async throws -> HTTPResponse {
        let files = request.query == nil ? plain : versioned
        guard let response = context.exchange.parameters["path"].flatMap({ files.respond(to: request, path: $0) })
        else {
            throw HTTPError(.notFound, "there is nothing at this address")
        }
        return response
    }
}
