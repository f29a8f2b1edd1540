import HTTPEngine
import Linux
import Testing

/// 10.0.0.0/8 and fd00::/8 are the proxies in all these tests.
@Suite struct TrustedProxiesTests {
    private let proxies: TrustedProxies

    init() throws {
        proxies = TrustedProxies([try #require(IPNetwork("10.0.0.0/8")), try #require(IPNetwork("fd00::/8"))])
    }

    private func client(_ peer: String, _ lines: [String], of proxies: TrustedProxies? = nil) throws -> String? {
        let peer = try #require(SocketAddress(peer))
        return (proxies ?? self.proxies).clientAddress(peer: peer, forwardedFor: lines)?.description
    }

    @Test(arguments: [
        (["203.0.113.7"], "203.0.113.7"), (["203.0.113.7, 10.0.0.2"], "203.0.113.7"),
        (["198.51.100.1, 203.0.113.7"], "203.0.113.7"), (["10.0.0.9, 203.0.113.7, 10.0.0.2"], "203.0.113.7"),
        (["198.51.100.1", "203.0.113.7"], "203.0.113.7"), (["203.0.113.7", "10.0.0.3,\t10.0.0.2 "], "203.0.113.7"),
        ([], "10.0.0.1"), (["10.0.0.4, 10.0.0.3"], "10.0.0.4"), (["2001:db8::1, fd00::5"], "2001:db8::1"),
        (["::ffff:10.0.0.9"], "10.0.0.9"), (["::ffff:203.0.113.7"], "203.0.113.7"),
    ])
    func `the client is the right-most address that is no proxy`(lines: [String], expected: String) throws {
        #expect(try client("10.0.0.1:4711", lines) == expected)
    }

    @Test(arguments: [
        ("203.0.113.7:567", "203.0.113.7"), ("[2001:db8::1]", "2001:db8::1"), ("[2001:db8::1]:80", "2001:db8::1"),
        ("2001:db8::1", "2001:db8::1"), ("203.0.113.7:0", "203.0.113.7"),
    ])
    func `ports and brackets are dropped`(element: String, expected: String) throws {
        #expect(try client("10.0.0.1:4711", ["198.51.100.1, \(element)"]) == expected)
    }

    @Test(arguments: [
        "unknown", "_hidden", "", "203.0.113", "203.0.113.256", "203.0.113.07", "203.0.113.7:", "203.0.113.7:x",
        "203.0.113.7:65536", "[203.0.113.7]", "[2001:db8::1", "2001:db8::1]", "[2001:db8::1]80", "[]", "[]:80",
        "for=203.0.113.7", "\"203.0.113.7\"", "203.0.113.7 x", "fe80::1%eth0", "unix:/run/x", "203.0.113.7\u{0}",
    ])
    func `an element that is no address ends the walk before it`(element: String) throws {
        #expect(try client("10.0.0.1:4711", ["198.51.100.1, \(element)"]) == "10.0.0.1")
        #expect(try client("10.0.0.1:4711", ["198.51.100.1, \(element), 10.0.0.2"]) == "10.0.0.2")
        #expect(try client("10.0.0.1:4711", ["198.51.100.1", element, "10.0.0.2"]) == "10.0.0.2")
    }

    @Test func `what an untrusted peer says is not looked at`() throws {
        #expect(try client("203.0.113.7:4711", ["198.51.100.1"]) == "203.0.113.7")
        #expect(try client("203.0.113.7:4711", ["10.0.0.1"]) == "203.0.113.7")
        #expect(try client("10.0.0.1:4711", ["198.51.100.1"], of: TrustedProxies()) == "10.0.0.1")
    }

    @Test func `a unix-domain peer is trusted only when that is said`() throws {
        let trusting = TrustedProxies([], trustsUnixPeers: true)
        #expect(try client("unix:/run/api.sock", ["198.51.100.1, 203.0.113.7"], of: trusting) == "203.0.113.7")
        #expect(try client("unix:/run/api.sock", [], of: trusting) == nil)
        #expect(try client("unix:/run/api.sock", ["203.0.113.7, unknown"], of: trusting) == nil)
        #expect(try client("unix:/run/api.sock", ["203.0.113.7"]) == nil)
        #expect(trusting.isTrusted(.unix(path: "")))
        #expect(!proxies.isTrusted(.unix(path: "")))
    }

    @Test(arguments: [
        ("10.255.0.1:1", true), ("[fd12::1]:1", true), ("11.0.0.1:1", false), ("[fe80::1]:1", false),
        ("[::ffff:10.0.0.1]:1", true),
    ])
    func `a peer is trusted when it lies in a network`(peer: String, expected: Bool) throws {
        #expect(proxies.isTrusted(try #require(SocketAddress(peer))) == expected)
    }

    @Test(arguments: [
        (["https"], TrustedProxies.Scheme.https), (["HTTP"], .http), (["http, https"], .https),
        (["https", " http "], .http),
        (["https, "], nil), (["ftp"], nil), ([], nil), ([""], nil), (["https x"], nil),
    ])
    func `the scheme is what the nearest proxy says`(lines: [String], expected: TrustedProxies.Scheme?) throws {
        let trusted = try #require(SocketAddress("10.0.0.1:1"))
        let untrusted = try #require(SocketAddress("203.0.113.7:1"))
        #expect(proxies.scheme(peer: trusted, forwardedProto: lines) == expected)
        #expect(proxies.scheme(peer: untrusted, forwardedProto: lines) == nil)
    }

    @Test func `hostile input never reaches what stands left of it`() throws {
        let peer = try #require(SocketAddress("10.0.0.1:1"))
        // A change in the right-most element must not make the forged one on the left believed, unless the element
        // became a proxy's own address.
        forEachHostileVariant(of: "203.0.113.7:80") { input in
            guard !input.utf8.contains(UInt8(ascii: ",")) else { return }
            let address = proxies.clientAddress(peer: peer, forwardedFor: ["198.51.100.66, \(input)"])
            if address?.description == "198.51.100.66" { Issue.record("\(input) was walked past") }
        }
    }
}
