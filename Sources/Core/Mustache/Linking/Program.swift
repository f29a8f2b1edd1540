/// A template with everything that it includes, ready to render: steps in one array, texts in one buffer.
///
/// Partials, parents and blocks are put in their places when the templates are read, so that a page with its layout is one
/// straight run. What includes itself is the exception: it is a routine behind the page's own steps, which calls it.
final class Program: Sendable {
    /// Where an instruction comes from.
    struct Origin: Sendable {
        let source: UInt32
        let offset: UInt32
    }

    /// A name in the data: `user.name` has a head and a tail.
    struct Path: Hashable, Sendable {
        let head: String
        let tail: [String]

        init(_ name: String) {
            let parts = name == "." ? ["."] : name.split(separator: ".").map(String.init)
            head = parts.first ?? ""
            tail = Array(parts.dropFirst())
        }

        var isCurrent: Bool { head == "." }
        var description: String { ([head] + tail).joined(separator: ".") }
    }

    let instructions: [Instruction]
    let texts: [UInt8]
    let paths: [Path]
    let refusesMissingNames: Bool
    private let origins: [Origin]
    private let sources: [TemplateSource]

    init(_ builder: consuming ProgramBuilder, sources: [TemplateSource], refusesMissingNames: Bool) {
        instructions = builder.instructions
        origins = builder.origins
        texts = builder.texts
        paths = builder.paths
        self.sources = sources
        self.refusesMissingNames = refusesMissingNames
    }

    /// Where the tag stands that an instruction comes from.
    func place(of instruction: Int) -> TemplatePlace {
        let origin = origins[instruction]
        return sources[Int(origin.source)].place(of: Int(origin.offset))
    }
}
