internal import HTTPEngine

/// Tells whether a form was sent from a page of this site, as far as the browser says where it comes from. Beside the
/// token, not instead of it.
struct FormOrigin: Sendable {
    /// The address of the site as configured, such as `https://id.example.com`; nil where only requests tell it.
    let publicOrigin: String?

    private static let secFetchSite = HTTPFieldName("Sec-Fetch-Site")
    private static let referer = HTTPFieldName("Referer")

    func isOwn(_ request: HTTPRequest) -> Bool {
        // A page can not choose what it says; `none` is a person who typed, or sent a form anew.
        if let site = request.fields.single(FormOrigin.secFetchSite), site != "same-origin", site != "none" {
            return false
        }
        if request.fields.contains(.origin) {
            return request.fields.single(.origin).map { origins(of: request).contains($0.lowercased()) } ?? false
        }
        guard let referer = request.fields[FormOrigin.referer] else { return true }
        return path(of: referer, request) != nil
    }

    /// The page that a request was sent from, when it is one of this site.
    func page(of request: HTTPRequest) -> LocalPath? {
        request.fields.single(FormOrigin.referer).flatMap { path(of: $0, request) }
    }

    private func path(of referer: String, _ request: HTTPRequest) -> LocalPath? {
        LocalPath(referer, in: origins(of: request))
    }

    /// Under which origins a browser may know this site: the configured one, and that of the host it asked for. By which
    /// scheme it came only a proxy could tell, and not all do.
    private func origins(of request: HTTPRequest) -> [String] {
        let host = request.fields.single(.host)?.lowercased()
        let asked = host.map { ["https://" + $0, "http://" + $0] } ?? []
        return (publicOrigin.map { [$0] } ?? []) + asked
    }
}
