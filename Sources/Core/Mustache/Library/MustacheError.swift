/// What is wrong with templates, or with the data they were given: at least one mistake, each with its place.
public struct MustacheError: Error, Equatable, Sendable {
    public enum Code: Hashable, Sendable {
        /// A tag that can not be read, or does not fit the ones around it.
        case syntax
        /// An unescaped tag where the options refuse them.
        case unescaped
        case unknownTemplate
        /// A parent is given a block that it does not have.
        case unknownBlock
        /// Templates that include each other without end, or too much of each other.
        case tooLarge
        /// A name that is not in the data; only where the options refuse that.
        case missingName
        /// A list or an object where text is to be shown; only where the options refuse that.
        case notText
        /// A template includes itself deeper than `Template.deepestRecursion`.
        case endlessRecursion
        /// A file or folder that can not be read, or must not be.
        case unreadable
    }

    public struct Mistake: Hashable, Sendable {
        public let code: Code
        /// nil for what concerns no place in a file.
        public let place: TemplatePlace?
        /// A sentence. It holds names and tags of the template, never a value.
        public let message: String
    }

    public let mistakes: [Mistake]

    init(_ mistakes: [Mistake]) {
        precondition(!mistakes.isEmpty, "an error says what is wrong")
        self.mistakes = mistakes
    }

    init(_ code: Code, at place: TemplatePlace? = nil, _ message: String) {
        self.init([Mistake(code: code, place: place, message: message)])
    }
}

extension MustacheError.Mistake: CustomStringConvertible {
    public var description: String { place.map { "\($0): \(message)" } ?? message }
}

extension MustacheError: CustomStringConvertible {
    /// A line for each mistake.
    public var description: String { mistakes.map(\.description).joined(separator: "\n") }
}
