import HTTPEngine
import Linux
import Testing

/// The directory has `root`, which is served, and beside it `outside/secret.txt`, which never is.
@Suite struct StaticFilesTests {
    private let directory: TemporaryDirectory
    private let files: StaticFiles
    private static let secret = "the content of a file outside"
    private static let css = "body { color: green }"
    private let acceptEncoding = HTTPFieldName("Accept-Encoding")
    private let contentEncoding = HTTPFieldName("Content-Encoding")
    private let large = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }

    init() throws {
        directory = try TemporaryDirectory()
        try directory.directory("root")
        try directory.directory("root/css")
        try directory.directory("outside")
        try directory.directory("root-other")
        try directory.file("outside/secret.txt", [UInt8](Self.secret.utf8))
        try directory.file("root-other/secret.txt", [UInt8](Self.secret.utf8))
        try directory.file("root/css/site.css", [UInt8](Self.css.utf8))
        try directory.file("root/empty.txt", [])
        try directory.file("root/large.png", large)
        try directory.file("root/.env", [UInt8](Self.secret.utf8))
        files = try StaticFiles(root: "\(directory.path)/root")
    }

    private func respond(
        _ path: String,
        _ method: HTTPMethod = .get,
        _ fields: HTTPFields = [:],
        of files: StaticFiles? = nil
    ) -> HTTPResponse? {
        (files ?? self.files).respond(to: HTTPRequest(method: method, target: "/", fields: fields), path: path)
    }

    private func content(_ response: HTTPResponse) async throws -> [UInt8] {
        try await response.body.collect(limit: 1_000_000)
    }

    @Test func `a file is answered with its type, its validators and its bytes`() async throws {
        let response = try #require(respond("css/site.css"))
        #expect(response.status == .ok)
        #expect(response.fields[.contentType] == "text/css; charset=utf-8")
        #expect(response.fields[.cacheControl] == "no-cache")
        #expect(response.fields[.acceptRanges] == "bytes")
        #expect(response.fields[.lastModified] == "Sun, 06 Nov 1994 08:49:37 GMT")
        #expect(response.fields[.vary] == nil)
        #expect(response.fields[.eTag].flatMap { EntityTag($0) }?.isWeak == false)
        #expect(try await content(response) == [UInt8](Self.css.utf8))
    }

    @Test func `an empty file is an empty answer`() async throws {
        let response = try #require(respond("empty.txt"))
        #expect(response.status == .ok && response.body.length == 0)
        #expect(try await content(response).isEmpty)
    }

    @Test func `a large file is read in pieces of its exact length`() async throws {
        let response = try #require(respond("large.png"))
        guard case .stream(let stream) = response.body else {
            Issue.record("read at once")
            return
        }
        #expect(stream.length == large.count)
        var bytes: [UInt8] = []
        while let piece = try await stream.next() {
            #expect(piece.count <= 65_536 && !piece.isEmpty)
            bytes += piece
        }
        #expect(bytes == large)
    }

    @Test func `HEAD has the fields and the length of GET`() throws {
        for path in ["css/site.css", "large.png", "empty.txt"] {
            let get = try #require(respond(path))
            let head = try #require(respond(path, .head))
            #expect(head.status == get.status && head.fields == get.fields && head.body.length == get.body.length)
        }
    }

    @Test func `another method is refused with those that are allowed`() throws {
        for method in [HTTPMethod.post, .put, .delete, .options] {
            let response = try #require(respond("css/site.css", method))
            #expect(response.status == .methodNotAllowed)
            #expect(response.fields[.allow] == "GET, HEAD")
            #expect(response.body.length == 0)
            #expect(respond("missing", method) == nil)
        }
    }

    @Test(arguments: [
        "", "/", ".", "..", "missing", "css", "css/", "css/missing.css", "/css/site.css", "css//site.css",
        "css/./site.css", "css/../css/site.css", "./css/site.css", "css/site.css/", "css/site.css/x", "CSS/site.css",
        "css\\site.css", "css/site.css\u{0}", "css/site.css\u{0}.png", ".env", "css/../.env",
        "../outside/secret.txt", "css/../../outside/secret.txt", "..\\outside\\secret.txt", "../root-other/secret.txt",
        "/etc/passwd", "//etc/passwd", "../../../../../../../../etc/passwd", "%2e%2e/outside/secret.txt",
        "/\u{301}../outside/secret.txt",
    ])
    func `a path that is not a file's below the root is not there`(path: String) {
        #expect(respond(path) == nil)
        #expect(respond(path, .head) == nil)
    }

    @Test func `a path too long for the system is not there`() {
        #expect(respond(String(repeating: "a", count: 300)) == nil)
        #expect(respond([String](repeating: "a", count: 5_000).joined(separator: "/")) == nil)
    }

    @Test func `a link out of the root is not followed`() throws {
        try directory.link("root/absolute.txt", to: "\(directory.path)/outside/secret.txt")
        try directory.link("root/relative.txt", to: "../outside/secret.txt")
        try directory.link("root/away", to: "../outside")
        // Its path begins with the root's, and is not below it.
        try directory.link("root/sibling", to: "../root-other")
        try directory.link("root/hidden.txt", to: ".env")
        try directory.link("root/loop.txt", to: "loop.txt")
        try directory.link("root/dangling.txt", to: "nowhere")
        let paths = [
            "absolute.txt", "relative.txt", "away/secret.txt", "sibling/secret.txt", "hidden.txt", "loop.txt",
            "dangling.txt",
        ]
        for path in paths { #expect(respond(path) == nil) }
    }

    @Test func `a link within the root is followed`() async throws {
        try directory.link("root/main.css", to: "css/site.css")
        let response = try #require(respond("main.css"))
        #expect(try await content(response) == [UInt8](Self.css.utf8))
    }

    @Test func `only regular files are served and a pipe holds nobody up`() throws {
        try directory.pipe("root/pipe.txt")
        #expect(respond("pipe.txt") == nil)
        #expect(respond("css") == nil)
    }

    @Test func `nothing from outside is in any answer to a changed path`() async throws {
        try directory.link("root/a", to: "../outside")
        var answers = 0
        for sample in ["css/../../outside/secret.txt", "a/secret.txt", "css/site.css"] {
            var responses: [HTTPResponse] = []
            forEachHostileVariant(of: sample) { path in
                if let response = respond(path) { responses.append(response) }
            }
            for response in responses {
                answers += 1
                let bytes = try await content(response)
                if bytes != [UInt8](Self.css.utf8) { Issue.record("an answer that is not the file's") }
            }
        }
        // The one path that is right must be among them, or nothing was tested.
        #expect(answers > 0)
    }

    @Test func `a root that is not there is an error`() {
        #expect(throws: SystemError.self) { try StaticFiles(root: "\(directory.path)/nowhere") }
    }

    @Test func `the root may be a link`() async throws {
        try directory.link("current", to: "root")
        let files = try StaticFiles(root: "\(directory.path)/current")
        let response = try #require(respond("css/site.css", of: files))
        #expect(try await content(response) == [UInt8](Self.css.utf8))
        #expect(respond("../outside/secret.txt", of: files) == nil)
    }
}

/// Conditions, ranges and caching.
extension StaticFilesTests {
    @Test func `a client that has the file is told so without it`() throws {
        let tag = try #require(respond("css/site.css")?.fields[.eTag])
        let conditions: [HTTPFields] = [
            [.ifNoneMatch: tag], [.ifNoneMatch: "\"other\", W/\(tag)"], [.ifNoneMatch: "*"],
            [.ifModifiedSince: "Sun, 06 Nov 1994 08:49:37 GMT"],
        ]
        for fields in conditions {
            for method in [HTTPMethod.get, .head] {
                let response = try #require(respond("css/site.css", method, fields))
                #expect(response.status == .notModified)
                #expect(response.body.length == 0)
                #expect(response.fields[.eTag] == tag)
                #expect(response.fields[.cacheControl] == "no-cache")
                #expect(response.fields[.contentType] == nil)
            }
        }
    }

    @Test func `a client that expects another file gets none`() throws {
        let conditions: [HTTPFields] = [
            [.ifMatch: "\"other\""], [.ifUnmodifiedSince: "Sun, 06 Nov 1994 08:49:36 GMT"],
        ]
        for fields in conditions {
            let response = try #require(respond("css/site.css", .get, fields))
            #expect(response.status == .preconditionFailed)
            #expect(response.body.length == 0)
        }
    }

    @Test func `a changed file has another tag`() throws {
        let old = try #require(respond("css/site.css")?.fields[.eTag])
        try directory.file("root/css/site.css", [UInt8](Self.css.utf8), modified: 784_111_778)
        let newTime = try #require(respond("css/site.css")?.fields[.eTag])
        try directory.file("root/css/site.css", [UInt8]("longer: \(Self.css)".utf8), modified: 784_111_778)
        let newSize = try #require(respond("css/site.css", .get, [.ifNoneMatch: old]))
        #expect(Set([old, newTime, newSize.fields[.eTag] ?? ""]).count == 3)
        #expect(newSize.status == .ok)
    }

    @Test(arguments: [
        ("bytes=0-3", "bytes 0-3/21", "body"), ("bytes=-2", "bytes 19-20/21", " }"),
        ("bytes=19-", "bytes 19-20/21", " }"),
        ("bytes=0-999", "bytes 0-20/21", css),
    ])
    func `a part is answered with which part it is`(range: String, contentRange: String, text: String) async throws {
        let response = try #require(respond("css/site.css", .get, [.range: range]))
        #expect(response.status == .partialContent)
        #expect(response.fields[.contentRange] == contentRange)
        #expect(response.fields[.eTag] != nil)
        #expect(try await content(response) == [UInt8](text.utf8))
    }

    @Test func `a part of a large file is streamed from its place`() async throws {
        let response = try #require(respond("large.png", .get, [.range: "bytes=70000-169999"]))
        #expect(response.status == .partialContent && response.body.length == 100_000)
        #expect(try await content(response) == Array(large[70_000..<170_000]))
    }

    @Test func `a range behind the end is answered with the length and no byte of the file`() throws {
        let response = try #require(respond("css/site.css", .get, [.range: "bytes=21-"]))
        #expect(response.status == .rangeNotSatisfiable)
        #expect(response.fields[.contentRange] == "bytes */21")
        #expect(response.fields[.contentType] == nil)
        #expect(response.body.length == 0)
    }

    @Test func `a download goes on only with the same file`() throws {
        let tag = try #require(respond("css/site.css")?.fields[.eTag])
        #expect(respond("css/site.css", .get, [.range: "bytes=0-3", .ifRange: tag])?.status == .partialContent)
        #expect(respond("css/site.css", .get, [.range: "bytes=0-3", .ifRange: "\"other\""])?.status == .ok)
        #expect(respond("css/site.css", .head, [.range: "bytes=0-3"])?.status == .ok)
        var twice: HTTPFields = [.range: "bytes=0-3"]
        twice.append(.range, "bytes=1-2")
        #expect(respond("css/site.css", .get, twice)?.status == .ok)
    }

    @Test(arguments: [
        ("site.3f2a9c01.css", true), ("site-3f2a9c01.css", true), ("site.3F2A9C01DEADBEEF.min.css", true),
        ("site.css", false), ("3f2a9c01.css", false), ("site.3f2a9c0.css", false), ("site.3f2a9c0g.css", false),
        ("site.3f2a9c01", false),
    ])
    func `a name with a fingerprint is kept for a year`(name: String, isImmutable: Bool) throws {
        try directory.file("root/\(name)", [])
        let files = try StaticFiles(root: "\(directory.path)/root", cachePolicy: .fingerprinted)
        let expected = isImmutable ? "public, max-age=31536000, immutable" : "no-cache"
        #expect(respond(name, of: files)?.fields[.cacheControl] == expected)
    }

    @Test func `a directory's fingerprint is not the file's`() throws {
        try directory.directory("root/x.3f2a9c01.y")
        try directory.file("root/x.3f2a9c01.y/site.css", [])
        let files = try StaticFiles(root: "\(directory.path)/root", cachePolicy: .fingerprinted)
        #expect(respond("x.3f2a9c01.y/site.css", of: files)?.fields[.cacheControl] == "no-cache")
    }

    @Test func `a compressed sibling goes to those who take it`() async throws {
        let accepting: HTTPFields = [acceptEncoding: "br, gzip"]
        try directory.file("root/css/site.css.gz", [1, 2, 3])
        #expect(respond("css/site.css", .get, accepting)?.fields[contentEncoding] == nil)

        let files = try StaticFiles(root: "\(directory.path)/root", usesPrecompressed: true)
        let compressed = try #require(respond("css/site.css", .get, accepting, of: files))
        #expect(compressed.fields[contentEncoding] == "gzip")
        #expect(compressed.fields[.vary] == "Accept-Encoding")
        #expect(compressed.fields[.contentType] == "text/css; charset=utf-8")
        #expect(try await content(compressed) == [1, 2, 3])

        let plain = try #require(respond("css/site.css", of: files))
        #expect(plain.fields[contentEncoding] == nil)
        #expect(plain.fields[.vary] == "Accept-Encoding")
        #expect(plain.fields[.eTag] != compressed.fields[.eTag])
        #expect(try await content(plain) == [UInt8](Self.css.utf8))

        let known = try #require(compressed.fields[.eTag])
        let again = try #require(
            respond("css/site.css", .get, [acceptEncoding: "gzip", .ifNoneMatch: known], of: files)
        )
        #expect(again.status == .notModified)
        #expect(again.fields[.vary] == "Accept-Encoding")
        #expect(again.fields[contentEncoding] == nil)
    }

    @Test func `a compressed sibling that is missing, older or elsewhere is not used`() throws {
        let files = try StaticFiles(root: "\(directory.path)/root", usesPrecompressed: true)
        let accepting: HTTPFields = [acceptEncoding: "gzip"]
        func coding() -> String? { respond("css/site.css", .get, accepting, of: files)?.fields[contentEncoding] }
        #expect(coding() == nil)
        try directory.file("root/css/site.css.gz", [1, 2, 3], modified: 784_111_776)
        #expect(coding() == nil)
        try directory.file("root/css/site.css.gz", [1, 2, 3], modified: 784_111_777)
        #expect(coding() == "gzip")
        try File.remove(path: "\(directory.path)/root/css/site.css.gz")
        try directory.link("root/css/site.css.gz", to: "../../outside/secret.txt")
        #expect(coding() == nil)
    }

    @Test func `a file that shrinks while it is sent breaks off instead of being filled up`() async throws {
        let response = try #require(respond("large.png"))
        guard case .stream(let stream) = response.body else {
            Issue.record("read at once")
            return
        }
        #expect(try await stream.next()?.count == 65_536)
        try directory.file("root/large.png", [1, 2, 3])
        await #expect(throws: HTTPBodyError.incomplete) { try await stream.next() }
        #expect(try await stream.next() == nil)
    }
}
