/// A template that is ready to be rendered. A value that costs nothing to pass around; any number of threads may render it
/// at once.
public struct Template: Sendable {
    /// How deep a partial may include itself while it is rendered.
    public static let deepestRecursion = 256

    public let name: String
    private let program: Program

    init(name: String, program: Program) {
        self.name = name
        self.program = program
    }

    /// Fills the template with data. It fails only on a recursion without end, or, where the options are strict, on names
    /// that the data does not have.
    public func render(_ data: MustacheValue) throws(MustacheError) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(program.texts.count + 4_096)
        try render(data, into: &output)
        return output
    }

    /// Appends the filled template. When it fails, a beginning may have been appended.
    public func render(_ data: MustacheValue, into output: inout [UInt8]) throws(MustacheError) {
        var renderer = Renderer(program, data: data)
        try renderer.run(into: &output)
    }
}
