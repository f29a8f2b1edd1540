import Linux
import Testing

@Suite struct AddressTests {
    @Test(arguments: [
        ("127.0.0.1:5000", "127.0.0.1:5000"), ("0.0.0.0:0", "0.0.0.0:0"), ("[::1]:80", "[::1]:80"),
        ("[2001:DB8:0:0::1]:65535", "[2001:db8::1]:65535"), ("unix:/run/api.sock", "unix:/run/api.sock"),
        ("[::ffff:10.0.0.1]:1", "10.0.0.1:1"),
    ])
    func `an address is read and written`(_ text: String, _ written: String) throws {
        #expect(try #require(SocketAddress(text)).description == written)
    }

    @Test(arguments: [
        "", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1:+1", "127.0.0.1:1x", "::1:80",
        "[::1]", "[127.0.0.1]:80", "[::1:80", "localhost:80", "127.0.0.01:80", "127.1:80", ":80", "unix:",
        "unix:relative",
        "unix:/" + String(repeating: "a", count: 107), "1.2.3.4\0:80", "unix:/a\0b",
    ])
    func `what is no address is refused`(_ text: String) {
        #expect(SocketAddress(text) == nil)
    }

    @Test(arguments: [
        ("10.0.0.0/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.1", false), ("192.168.1.7", "192.168.1.7", true),
        ("192.168.1.7", "192.168.1.8", false), ("192.168.1.128/25", "192.168.1.127", false),
        ("0.0.0.0/0", "8.8.8.8", true),
        ("0.0.0.0/0", "::1", false), ("fd00::/8", "fdff::1", true), ("fd00::/8", "fe00::1", false),
        ("10.0.0.0/8", "::ffff:10.1.2.3", true), ("2001:db8::/33", "2001:db8:8000::1", false),
    ])
    func `a network holds its addresses and no other`(_ network: String, _ address: String, _ holds: Bool) throws {
        #expect(try #require(IPNetwork(network)).contains(try #require(IPAddress(address))) == holds)
    }

    @Test(arguments: ["10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/", "10.0.0/8", "::/129", "a/8", "", "/8"])
    func `what is no network is refused`(_ text: String) {
        #expect(IPNetwork(text) == nil)
    }
}
