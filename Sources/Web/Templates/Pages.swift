internal import HTTPEngine
internal import Linux
internal import Mustache

/// Makes pages of views. One for the whole program; it never changes, or changes under a lock when it is being worked on.
struct Pages: Sendable {
    private enum Source: Sendable {
        case compiled(TemplateLibrary, Assets)
        case watched(TemplateFolder)
    }

    /// What nginx, or else the program, serves below `/static/`.
    let staticFolder: String
    private let source: Source
    private let clock: @Sendable () -> MonotonicTime
    /// Told what is wrong with templates that were changed; the pages stay what they were until it is mended.
    private let complain: @Sendable (MustacheError) -> Void

    /// Reads all templates, and throws all that is wrong with them.
    ///
    /// With `reloads`, for development, changed files count at once, and a name that a view does not give is an error.
    init(
        folder: TemplatesFolder,
        reloads: Bool = false,
        clock: @escaping @Sendable () -> MonotonicTime = MonotonicTime.now,
        complain: @escaping @Sendable (MustacheError) -> Void = { _ in }
    ) throws {
        // What views hand over is text: there is no finished HTML to be put in.
        let options = TemplateOptions(allowsUnescaped: false, refusesMissingNames: reloads)
        staticFolder = "\(folder.path)/static"
        let assets = try Assets(folder: staticFolder)
        source =
            reloads
            ? .watched(try TemplateFolder(path: folder.path, options: options, lookingEvery: .zero, at: clock()))
            : .compiled(try TemplateLibrary(folder: folder.path, options: options), assets)
        self.clock = clock
        self.complain = complain
    }

    /// The page as an answer. Every page tells something of a person or holds the token of a session, so that no cache,
    /// and no way back after signing out, may show it again.
    func respond(_ view: some PageView, in frame: PageFrame, status: HTTPStatus? = nil) throws -> HTTPResponse {
        HTTPResponse(
            status: status ?? view.status,
            fields: [.contentType: "text/html; charset=utf-8", .cacheControl: "no-store"],
            body: .bytes(try render(view, in: frame))
        )
    }

    func render<View: PageView>(_ view: View, in frame: PageFrame) throws -> [UInt8] {
        let (library, assets) = try current()
        return try library.render("pages/\(View.template)", view.value(in: frame, assets: assets))
    }

    private func current() throws -> (TemplateLibrary, Assets) {
        switch source {
        case .compiled(let library, let assets):
            return (library, assets)
        case .watched(let folder):
            let (library, news) = folder.library(at: clock())
            if case .broken(let error) = news { complain(error) }
            return (library, try Assets(folder: staticFolder))
        }
    }
}
