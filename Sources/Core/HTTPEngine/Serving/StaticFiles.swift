public import Linux

/// Answers GET and HEAD with the files below one directory, and with nothing from anywhere else.
///
/// A path may not name its way out (`..`), and a link may not lead out: what a path stands for is resolved, and must
/// lie below the resolved root. Hidden files, directories and devices are not served. This guards against what clients
/// send; who can write below the root decides what is served, and could exchange a directory between the check and the
/// open.
public struct StaticFiles: Sendable {
    /// What Cache-Control says about a file, by its path below the root.
    public struct CachePolicy: Sendable {
        let fieldValue: @Sendable (_ path: String) -> String

        public init(_ fieldValue: @escaping @Sendable (_ path: String) -> String) { self.fieldValue = fieldValue }

        /// To be asked for again each time, which costs a 304.
        public static let revalidate = CachePolicy { _ in "no-cache" }

        /// A year without asking for names with a fingerprint of their content in them, `site.3f2a9c01.css` or
        /// `site-3f2a9c01.css`: other content has another name. Others are revalidated.
        public static let fingerprinted = CachePolicy { path in
            hasFingerprint(path) ? "public, max-age=31536000, immutable" : "no-cache"
        }
    }

    private let root: String
    private let cachePolicy: CachePolicy
    private let usesPrecompressed: Bool

    /// The root must be there; links on the way to it are followed now and not again.
    ///
    /// With `usesPrecompressed`, a file `x.gz` beside `x`, not older than it, is sent to clients that take gzip.
    public init(
        root: String,
        cachePolicy: CachePolicy = .revalidate,
        usesPrecompressed: Bool = false
    ) throws(SystemError) {
        self.root = try File.resolvedPath(root)
        self.cachePolicy = cachePolicy
        self.usesPrecompressed = usesPrecompressed
    }

    /// The answer for a decoded path below the root, such as `css/site.css`. Nil when there is no such file, and when
    /// there is one that is not served: a client can not tell these apart.
    ///
    /// The answer to HEAD has the body of GET, for its length, and leaves it to the engine not to send it.
    public func respond(to request: HTTPRequest, path: String) -> HTTPResponse? {
        do {
            guard let plain = try open(path) else { return nil }
            guard request.method == .get || request.method == .head else {
                return HTTPResponse(status: .methodNotAllowed, fields: [.allow: "GET, HEAD"])
            }
            var fields: HTTPFields = [
                .contentType: MediaType.ofFile(named: path).description,
                .cacheControl: cachePolicy.fieldValue(path),
                .acceptRanges: "bytes",
            ]
            var chosen = plain
            if usesPrecompressed, let compressed = try open(path + ".gz"), compressed.modified >= plain.modified {
                fields.append(.vary, "Accept-Encoding")
                if ContentCoding.isAccepted("gzip", in: request.fields) {
                    fields.append(ContentCoding.contentEncoding, "gzip")
                    chosen = compressed
                }
            }
            return try StaticFiles.respond(to: request, with: chosen, fields)
        } catch {
            // No descriptor left, a failing disk, or a file that shrank while it was read: none says it is not there.
            return HTTPResponse(status: .serviceUnavailable)
        }
    }
}

/// From a path to a file.
extension StaticFiles {
    private func open(_ path: String) throws(SystemError) -> OpenFile? {
        guard StaticFiles.isServable(path) else { return nil }
        do throws(SystemError) {
            let resolved = try File.resolvedPath("\(root)/\(path)")
            // Checked again, because a link may lead to a hidden file.
            guard let inside = pathBelowRoot(resolved), StaticFiles.isServable(inside) else { return nil }
            let file = try File(path: resolved, followLinks: false)
            let status = try file.status()
            return status.isRegular ? OpenFile(file: file, status: status) : nil
        } catch {
            // Everything that depends on the path is as good as not there: missing, unreadable, too long, a loop.
            if error.isOutOfDescriptors { throw error }
            return nil
        }
    }

    /// What is left of a resolved path behind the root's own. By bytes, as the kernel compares: to `String` two
    /// directories may have the same name.
    private func pathBelowRoot(_ resolved: String) -> Substring? {
        let prefix = (root == "/" ? root : root + "/").utf8
        guard resolved.utf8.starts(with: prefix) else { return nil }
        return Substring(resolved.utf8.dropFirst(prefix.count))
    }

    /// No empty segment, none that begins with a dot (`.` and `..` among them), no NUL, at which C would cut the path,
    /// and no backslash, which other systems take for a separator.
    private static func isServable(_ path: some StringProtocol) -> Bool {
        path.utf8.allSatisfy { $0 != 0 && $0 != UInt8(ascii: "\\") }
            && path.split(at: UInt8(ascii: "/")).allSatisfy { !$0.isEmpty && $0.utf8.first != UInt8(ascii: ".") }
    }

    private static func hasFingerprint(_ path: String) -> Bool {
        let name = path[(path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex)...]
        // Neither the first piece, which is the name proper, nor the last, which is the extension.
        return name.split { $0 == "." || $0 == "-" }.dropFirst().dropLast().contains { piece in
            piece.utf8.count >= 8 && piece.utf8.allSatisfy { ASCII.hexValue($0) != nil }
        }
    }
}

/// From a file to an answer.
extension StaticFiles {
    private static func respond(
        to request: HTTPRequest,
        with file: OpenFile,
        _ fields: HTTPFields
    ) throws -> HTTPResponse {
        var fields = fields
        fields.append(.lastModified, HTTPDate.format(file.modified))
        if let tag = file.entityTag { fields.append(.eTag, tag.description) }
        let condition = ConditionalRequest(
            request.fields,
            method: request.method,
            entityTag: file.entityTag,
            lastModified: file.modified
        )
        switch condition.outcome {
        case .notModified:
            // RFC 9110 §15.4.5: what describes content stays out, what caches need stays in.
            for name in [.contentType, ContentCoding.contentEncoding, .acceptRanges] { fields.remove(name) }
            return HTTPResponse(status: .notModified, fields: fields)
        case .preconditionFailed:
            return HTTPResponse(status: .preconditionFailed)
        case .proceed:
            break
        }
        let range = ByteRange(condition.allowsRange ? request.fields.single(.range) : nil, length: file.size)
        if let contentRange = range.contentRange(length: file.size) { fields.append(.contentRange, contentRange) }
        switch range {
        case .unsatisfiable:
            return HTTPResponse(
                status: .rangeNotSatisfiable,
                fields: [.contentRange: fields[.contentRange] ?? "", .acceptRanges: "bytes"]
            )
        case .part(let part):
            return HTTPResponse(status: .partialContent, fields: fields, body: try file.body(part, for: request.method))
        case .whole:
            let all = 0..<file.size
            return HTTPResponse(status: .ok, fields: fields, body: try file.body(all, for: request.method))
        }
    }
}

/// A file that may be served, with what fstat(2) said of it.
private struct OpenFile {
    let file: File
    let size: Int
    let modified: WallTime
    /// Strong: another content has another inode or another time, to the nanosecond.
    let entityTag: EntityTag?

    init(file: File, status: File.Status) {
        self.file = file
        size = status.size
        modified = status.modified
        let numbers = [
            status.inode, UInt64(status.size), UInt64(bitPattern: status.modified.seconds),
            UInt64(status.modified.nanosecondPart),
        ]
        entityTag = EntityTag(opaque: numbers.map { String($0, radix: 16) }.joined(separator: "-"))
    }

    /// What is short is read at once, so that the engine can send it together with the head. HEAD reads nothing.
    func body(_ range: Range<Int>, for method: HTTPMethod) throws -> HTTPBody {
        let slice = FileSlice(file, range)
        if method == .get, range.count <= FileSlice.longestPiece { return .bytes(try slice.contents()) }
        return .stream(slice.stream())
    }
}
