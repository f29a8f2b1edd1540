import Operations
import Testing

@Suite struct SecretTests {
    private struct Holder {
        let secret: Secret
        let name = "holder"
    }

    private static let text = "correct horse battery staple"
    private let secret = Secret(SecretTests.text)

    @Test func `no way of printing a secret shows it`() {
        var dumped = ""
        dump(Holder(secret: secret), to: &dumped)
        var dumpedAlone = ""
        dump(secret, to: &dumpedAlone)
        let printed = [
            "\(secret)", String(describing: secret), String(reflecting: secret), secret.debugDescription,
            "\(Holder(secret: secret))", "\([secret])", "\(Optional(secret) as Any)", "\(["key": secret])",
            dumped, dumpedAlone, "\(Array(Mirror(reflecting: secret).children))",
        ]
        for text in printed {
            #expect(text.contains("****"))
            #expect(!text.contains("horse"))
        }
    }

    @Test func `only reveal gives the text`() {
        #expect(secret.reveal() == SecretTests.text)
        #expect(Mirror(reflecting: secret).children.map { "\($0.value)" } == ["****"])
    }

    @Test(arguments: [
        ("", "", true), ("a", "a", true), ("a", "b", false), ("a", "", false), ("", "a", false), ("ab", "abc", false),
        ("xbc", "abc", false), ("abx", "abc", false), ("é", "é", true), ("\u{e9}", "e\u{301}", false),
    ])
    func `secrets are equal when every byte is`(left: String, right: String, areEqual: Bool) {
        #expect((Secret(left) == Secret(right)) == areEqual)
    }
}
