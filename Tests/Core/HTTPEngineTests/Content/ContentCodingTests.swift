import Testing

@testable import HTTPEngine

@Suite struct ContentCodingTests {
    @Test(arguments: [
        ("gzip", true), ("compress, gzip", true), ("GZIP", true), ("gzip;q=0.5", true), ("gzip ; q=1.000", true),
        ("*", true), ("gzip;q=1.0, identity; q=0.5, *;q=0", true), ("gzip;Q=0.001", true), ("*;q=0, gzip", true),
        ("", false), ("identity", false), ("gzip;q=0", false), ("gzip;q=0.000", false), ("gzip;q=0, *", false),
        ("*, gzip;q=0", false), ("*;q=0", false), ("br, deflate", false), ("x-gzip", false), ("gzip;q=x", false),
        ("gzip;q=-1", false), ("gzip;q", false), ("gzip;q=1;x", false), ("gzip x", false), ("gzip;q=1.0.0", false),
    ])
    func `a coding is sent to those who take it`(value: String, expected: Bool) {
        #expect(ContentCoding.isAccepted("gzip", in: [ContentCoding.acceptEncoding: value]) == expected)
    }

    @Test func `who does not ask gets none`() {
        #expect(!ContentCoding.isAccepted("gzip", in: HTTPFields()))
    }
}
