/// One JSON value that is written already, to be put into a document as it is: what is sent often, or was stored.
///
/// That it is one whole value is certain, because there are only two ways to get one: write it or have it read.
public struct JSONFragment: Equatable, Sendable {
    public let bytes: [UInt8]

    public init(_ value: some JSONWritable) { bytes = value.json }

    /// Writes the fragment; the body must write exactly one value.
    public init(_ body: (inout JSONWriter) -> Void) {
        var writer = JSONWriter()
        body(&writer)
        bytes = writer.bytes
    }

    /// Takes bytes that are one document.
    public init(parsing bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONError) {
        _ = try JSONValue(parsing: bytes, limits: limits)
        self.bytes = bytes
    }
}

extension JSONFragment: JSONWritable {
    public func write(to writer: inout JSONWriter) { writer.fragment(self) }
}

extension JSONFragment: CustomStringConvertible, CustomDebugStringConvertible {
    /// The size without the data: safe to show.
    public var description: String { "fragment of \(bytes.count) bytes" }

    /// The same.
    public var debugDescription: String { description }
}
