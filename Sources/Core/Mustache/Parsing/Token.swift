/// A piece of a template as it was written. Texts and white space are ranges of the source.
struct Token: Sendable {
    enum Kind: Sendable {
        /// A line that shows begins here, with this white space. Its content follows as other tokens.
        case line(Range<Int>)
        /// At most one line, or what of it stands between tags.
        case text(Range<Int>)
        case value(name: String, isEscaped: Bool)
        case section(name: String, isInverted: Bool)
        case sectionEnd
        /// The white space is that of a tag alone on its line, nil for one among other things.
        case partial(name: String, indentation: Range<Int>?)
        /// The tokens up to `end` are the blocks that it is given, one behind the other.
        case parent(name: String, indentation: Range<Int>?, end: Int)
        case block(Block)
    }

    /// A part of a template that can be replaced from outside, or what replaces one.
    struct Block: Sendable {
        let name: String
        /// White space before the tag, where nothing else stands before it on its line.
        let indentation: Range<Int>
        /// Whether there is nothing but white space before the tag on its line.
        let isFirst: Bool
        /// Whether the content begins on the line below the tag.
        let beginsLine: Bool
        /// The tokens within it.
        var content: Range<Int>
    }

    var kind: Kind
    /// Where its tag begins, for messages.
    let offset: Int
}

/// A template that has been read for itself, knowing of no other.
struct ParsedTemplate: Sendable {
    let source: TemplateSource
    /// Empty when there are mistakes.
    let tokens: [Token]
    let mistakes: [MustacheError.Mistake]
}

extension ParsedTemplate {
    /// The partials and parents that it names.
    var includedNames: [String] {
        tokens.compactMap { token in
            switch token.kind {
            case .partial(let name, _), .parent(let name, _, _): name
            default: nil
            }
        }
    }
}
