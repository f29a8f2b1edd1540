import Glibc
import Linux

/// A file of its own for a test, gone when the test is.
final class ScratchFile {
    let path: String

    init(_ bytes: [UInt8]) throws {
        var template = Array("/tmp/gatehouse-operations-XXXXXX".utf8CString)
        let descriptor = FileDescriptor(number: mkstemp(&template))
        guard descriptor.number >= 0 else { throw SystemError(code: errno, call: "mkstemp") }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer { descriptor.close() }
        try descriptor.writeAll(bytes.span)
    }

    convenience init(_ text: String) throws { try self.init(Array(text.utf8)) }

    deinit { unlink(path) }
}
