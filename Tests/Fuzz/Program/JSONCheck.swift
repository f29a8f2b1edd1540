import JSON

/// What must hold for any bytes that are given to the JSON reader.
struct JSONCheck {
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    func run() {
        do throws(JSONError) {
            let value = try JSONValue(parsing: bytes)
            checkWriting(value)
            checkCut(value)
            checkLimits(value)
        } catch {
            precondition((0...bytes.count).contains(error.offset), "refused at a place that does not exist")
            precondition(error.code != .endsEarly || error.offset == bytes.count, "ends before its end")
            _ = error.location(in: bytes.span)
        }
    }

    /// What is written reads as the same value, and is written the same again.
    private func checkWriting(_ value: JSONValue) {
        let written = value.json
        guard let again = try? JSONValue(parsing: written) else {
            preconditionFailure("what was written can not be read")
        }
        precondition(again == value && again.json == written, "what was written reads differently")
    }

    /// No beginning of an object, array or string is a document.
    private func checkCut(_ value: JSONValue) {
        guard value.object != nil || value.array != nil || value.string != nil,
            let end = bytes.lastIndex(where: { !" \t\r\n".utf8.contains($0) })
        else { return }
        let cut = Int(bytes[end / 2]) * end / 256
        do throws(JSONError) {
            _ = try JSONValue(parsing: bytes.span.extracting(..<cut))
            preconditionFailure("a part is a document")
        } catch {
            precondition(error == JSONError(.endsEarly, at: cut), "a part is refused for another reason")
        }
    }

    /// Limits refuse; they change nothing.
    private func checkLimits(_ value: JSONValue) {
        let limits = JSONLimits(depth: 3, values: 10, stringLength: 12, allowsNUL: false)
        guard let limited = try? JSONValue(parsing: bytes, limits: limits) else { return }
        precondition(limited == value, "under limits it reads differently")
        precondition(!limited.containsNUL, "U+0000 got through")
    }
}
