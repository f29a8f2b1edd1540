internal import Contract
internal import Mustache

/// `/hello`: what the API says to whoever may ask it.
struct HelloView: PageView {
    static let template = "hello"

    let message: String
    let username: String

    let title = "Hello"
    let place: Navigation.Place? = .hello

    func members(in frame: PageFrame) -> [(String, MustacheValue)] {
        [("message", .string(message)), ("username", .string(username))]
    }
}
