import Operations
import Testing

@testable import Redis

@Suite struct RedisAddressTests {
    private static func host(
        _ name: String,
        _ port: UInt16 = 6379,
        user: String? = nil,
        password: String? = nil,
        database: Int = 0
    ) -> RedisAddress {
        RedisAddress(
            endpoint: .host(name, port: port),
            user: user,
            password: password.map { Secret($0) },
            database: database
        )
    }

    private static func unix(_ path: String, password: String? = nil, database: Int = 0) -> RedisAddress {
        RedisAddress(endpoint: .unix(path: path), password: password.map { Secret($0) }, database: database)
    }

    @Test(arguments: [
        ("redis://localhost", host("localhost")),
        ("redis://127.0.0.1:7000", host("127.0.0.1", 7_000)),
        ("redis://localhost/", host("localhost")),
        ("redis://cache.internal:6380/15", host("cache.internal", 6_380, database: 15)),
        ("redis://localhost?db=3", host("localhost", database: 3)),
        ("redis://[::1]/2", host("::1", database: 2)),
        ("redis://[::1]:7000", host("::1", 7_000)),
        ("redis://:pass@h", host("h", password: "pass")),
        ("redis://me:p%40ss%3A%2F%25w@h:1/1", host("h", 1, user: "me", password: "p@ss:/%w", database: 1)),
        ("redis://me:a@b@h", host("h", user: "me", password: "a@b")),
        ("redis://:a:b@h", host("h", password: "a:b")),
        ("unix:/run/redis.sock", unix("/run/redis.sock")),
        ("unix:/run/redis.sock?db=4", unix("/run/redis.sock", database: 4)),
        ("unix:///run/redis.sock", unix("/run/redis.sock")),
        ("redis+unix:///run/a%20b.sock?db=1", unix("/run/a b.sock", database: 1)),
        ("redis+unix://:pass@/run/redis.sock", unix("/run/redis.sock", password: "pass")),
    ])
    func `an address is read`(text: String, address: RedisAddress) throws {
        #expect(try RedisAddress(text) == address)
        // What is printed is read again as the same, but for the password.
        if address.password == nil, !"\(address)".contains(" ") {
            #expect(try RedisAddress("\(address)") == address)
        }
    }

    @Test(arguments: [
        "", "localhost", "localhost:6379", "http://localhost", "rediss://h", "redis:/h", "redis://", "redis://:6379",
        "redis://h:", "redis://h:0", "redis://h:65536", "redis://h:+1", "redis://h:6379x", "redis://h/x",
        "redis://h/-1",
        "redis://h/1/2", "redis://h/70000", "redis://h?db=1&x=2", "redis://h/1?db=1", "redis://h?timeout=1",
        "redis://a b",
        "redis://h\n", "redis://h/\u{0}", "redis://::1", "redis://[h]", "redis://[::1", "redis://[127.0.0.1]",
        "redis://pass@h", "redis://:@h", "redis://me:@h", "redis://:p%4@h", "redis://:p%zz@h", "redis://:%ff@h",
        "redis://hö",
        "unix:", "unix:redis.sock", "unix:/", "unix://host/path", "unix:/a%00b", "unix:/a?db=x", "unix:/a?db=",
        "unix:/" + String(repeating: "a", count: 107),
    ])
    func `what is no address is refused in words that do not quote it`(text: String) {
        let error = #expect(throws: RedisAddressError.self) { try RedisAddress(text) }
        #expect(error?.description.contains("p%") == false)
    }

    @Test func `the password is never printed`() throws {
        for text in ["redis://me:hunter2@h:1/2", "redis+unix://:hunter2@/run/r.sock"] {
            let address = try RedisAddress(text)
            var dumped = ""
            dump(address, to: &dumped)
            for shown in ["\(address)", String(reflecting: address), dumped, "\(RedisSettings(address: address))"] {
                #expect(!shown.contains("hunter2"))
            }
        }
        #expect("\(try RedisAddress("redis://me:x@h:1/2"))" == "redis://me:****@h:1/2")
    }
}
