/// How somebody says who they are: by a username or an e-mail address, which is told by its @. No username has one.
struct LoginName: Equatable, Sendable {
    let text: String

    init(_ text: String) { self.text = text }

    var isEmail: Bool { text.utf8.contains(UInt8(ascii: "@")) }
}
