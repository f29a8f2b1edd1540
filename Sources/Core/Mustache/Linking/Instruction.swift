/// A step of rendering. Numbers are places in the program's tables.
enum Instruction: Sendable {
    /// Shows a part of the texts.
    case text(start: UInt32, end: UInt32)
    /// Shows a value, escaped unless it is markup.
    case value(name: UInt32)
    case unescaped(name: UInt32)
    /// Goes on with each element, or with a value that is no list; with nothing to go on with, behind its end.
    case section(name: UInt32, behind: UInt32)
    /// The next element, or out of the section.
    case sectionEnd
    /// Goes on behind its end when there is something.
    case inverted(name: UInt32, behind: UInt32)
    /// Goes on in another part of the program and comes back. Its lines begin with a part of the texts; before that, when
    /// `isDeeper`, with what the present lines begin with.
    case call(routine: UInt32, margin: Range<UInt32>, isDeeper: Bool)
    /// Shows what the lines of the present call begin with.
    case margin
    /// Back to where the call was, or the end.
    case `return`
}
