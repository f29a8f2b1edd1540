internal import HTTPEngine
internal import Mustache

/// `/signup` where nobody can make an account alone.
struct SignUpClosedView: PageView {
    static let template = "sign-up-closed"

    let title = "Sign up"
    let status = HTTPStatus.forbidden

    func members(in frame: PageFrame) -> [(String, MustacheValue)] { [] }
}
