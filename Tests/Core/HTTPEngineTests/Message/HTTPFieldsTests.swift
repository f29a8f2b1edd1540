import Testing

@testable import HTTPEngine

@Suite struct HTTPFieldsTests {
    @Test func `names are found whatever their case`() {
        var fields: HTTPFields = [.contentType: "text/plain"]
        fields.append(HTTPFieldName("x-one"), "1")
        #expect(fields[HTTPFieldName("CONTENT-TYPE")] == "text/plain")
        #expect(fields[HTTPFieldName("X-One")] == "1")
        #expect(fields[.host] == nil)
    }

    @Test func `a field that stands twice is no single field`() {
        var fields: HTTPFields = [.host: "a"]
        #expect(fields.single(.host) == "a")
        fields.append(.host, "b")
        #expect(fields.single(.host) == nil)
        #expect(fields.values(.host) == ["a", "b"])
    }

    @Test func `set replaces all of a name and leaves the others in order`() {
        var fields: HTTPFields = [.host: "a", .accept: "x", .origin: "o"]
        fields.append(.accept, "y")
        fields.set(.accept, "z")
        #expect(fields.pairs.map(\.value) == ["a", "o", "z"])
        fields.remove(.origin)
        #expect(!fields.contains(.origin))
    }

    @Test func `two lists become one`() {
        var fields: HTTPFields = [.host: "a"]
        fields.append(contentsOf: [.accept: "x", .origin: "o"])
        #expect(fields == [.host: "a", .accept: "x", .origin: "o"])
    }

    @Test func `a list field is taken apart over all its lines`() {
        var fields: HTTPFields = [.vary: "a, b ,,"]
        fields.append(.vary, "\tc")
        #expect(fields.list(.vary) == ["a", "b", "c"])
    }

    @Test(arguments: [
        (0, "0"), (7, "7"), (10, "10"), (999, "999"), (1_000, "1000"), (Int.max, "\(Int.max)"), (-45, "-45"),
    ])
    func `numbers are written in decimal`(_ number: Int, _ text: String) {
        var fields = HTTPFields()
        fields.append(.contentLength, decimal: number)
        #expect(fields[.contentLength] == text)
    }

    @Test func `a value with a line break stops the program`() async {
        await #expect(processExitsWith: .failure) {
            var fields = HTTPFields()
            fields.append(.location, "/a\r\nSet-Cookie: b=c")
        }
    }

    @Test func `a token is made of what RFC 9110 lists and nothing else`() {
        let listed = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
        for byte in UInt8.min...UInt8.max {
            #expect(ASCII.isToken(byte) == listed.utf8.contains(byte))
        }
    }
}
