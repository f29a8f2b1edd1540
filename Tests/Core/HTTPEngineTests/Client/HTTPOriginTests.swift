import HTTPEngine
import Linux
import Testing

@Suite struct HTTPOriginTests {
    @Test(arguments: [
        ("http://127.0.0.1:5000", "127.0.0.1:5000", "127.0.0.1:5000"),
        ("http://127.0.0.1", "127.0.0.1:80", "127.0.0.1"),
        ("http://127.0.0.1/", "127.0.0.1:80", "127.0.0.1"), ("HTTP://127.0.0.1:1/", "127.0.0.1:1", "127.0.0.1:1"),
        ("http://[::1]:5000", "[::1]:5000", "[::1]:5000"), ("http://[::1]", "[::1]:80", "[::1]"),
        ("unix:/run/api.sock", "unix:/run/api.sock", "localhost"),
    ])
    func `an address is known at once`(_ text: String, _ address: String, _ authority: String) throws {
        let origin = try #require(HTTPOrigin(text))
        #expect(origin.location == .address(try #require(SocketAddress(address))))
        #expect(origin.authority == authority)
    }

    @Test(
        arguments: [
            ("http://localhost", "localhost", 80, "localhost"),
            ("http://localhost:5000/", "localhost", 5_000, "localhost:5000"),
            ("http://api.example.com", "api.example.com", 80, "api.example.com"),
            ("http://api_1:65535", "api_1", 65_535, "api_1:65535"),
            ("http://API-1.internal", "API-1.internal", 80, "API-1.internal"),
        ] as [(String, String, UInt16, String)]
    )
    func `a name is looked up later`(_ text: String, _ host: String, _ port: UInt16, _ authority: String) throws {
        let origin = try #require(HTTPOrigin(text))
        #expect(origin.location == .name(host, port: port))
        #expect(origin.authority == authority)
    }

    @Test(arguments: [
        "", "localhost", "localhost:5000", "https://localhost", "ftp://localhost", "http:", "http:/localhost",
        "http://",
        "http:///", "http://:80", "http://localhost:", "http://localhost:x", "http://localhost:+80",
        "http://localhost:65536",
        "http://localhost:80:80", "http://localhost//", "http://localhost/path", "http://localhost?query",
        "http://localhost#fragment", "http://user@localhost", "http://user:word@localhost", "http://local host",
        "http://local\r\nhost", "http://localhost ", " http://localhost", "http://lo\\calhost", "http://lo%63alhost",
        "http://löcalhost", "http://[::1", "http://::1", "http://[localhost]", "http://[127.0.0.1]:80", "unix:",
        "unix:api.sock",
        "unix:/" + String(repeating: "a", count: 107),
    ])
    func `what is no origin is refused`(_ text: String) {
        #expect(HTTPOrigin(text) == nil)
    }

    @Test(arguments: ["http://127.0.0.1:5000", "http://[::1]:80", "http://localhost", "unix:/run/api.sock"])
    func `a description reads back`(_ text: String) throws {
        let origin = try #require(HTTPOrigin(text))
        #expect(origin.description == text)
        #expect(HTTPOrigin(origin.description) == origin)
    }
}
