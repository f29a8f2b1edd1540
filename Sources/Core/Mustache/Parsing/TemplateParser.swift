/// Reads a template into tokens, and finds what is wrong with it by itself.
///
/// White space is where Mustache is subtle. A tag alone on its line shows nothing and takes the line with it, so the
/// parser keeps the white space that a line begins with to itself (`margin`) until it knows what the line holds.
struct TemplateParser {
    /// Sections, parents and blocks within each other.
    static let deepestNesting = 64
    /// What is reported of one template. Behind so many mistakes nothing is read.
    static let mostMistakes = 20

    /// A tag that waits for its end.
    struct OpenTag {
        let kind: Tag.Kind
        let name: String
        /// Where its token is.
        let token: Int
        let offset: Int
        /// The white space before a parent that began its line.
        let margin: Range<Int>?
    }

    let source: TemplateSource
    let options: TemplateOptions
    var bytes: [UInt8] { source.bytes }
    var tokens: [Token] = []
    var open: [OpenTag] = []
    var mistakes: [MustacheError.Mistake] = []
    private(set) var delimiters = Delimiters.standard
    private var position = 0
    /// The white space that the present line begins with, for as long as nothing else has come in it.
    private var margin: Range<Int>? = 0..<0

    static func parse(_ source: TemplateSource, options: TemplateOptions) -> ParsedTemplate {
        var parser = TemplateParser(source: source, options: options)
        parser.checkEncoding()
        parser.readAll()
        parser.reportUnclosed()
        let isGood = parser.mistakes.isEmpty
        return ParsedTemplate(source: source, tokens: isGood ? parser.tokens : [], mistakes: parser.mistakes)
    }

    private init(source: TemplateSource, options: TemplateOptions) {
        self.source = source
        self.options = options
    }

    private mutating func readAll() {
        while position < bytes.count, mistakes.count < TemplateParser.mostMistakes {
            let start = bytes.firstIndex(of: delimiters.open, from: position)
            readText(position..<(start ?? bytes.count))
            guard let start else { break }
            guard let tag = Tag(in: bytes, at: start, delimiters) else {
                return report(.syntax, at: start, "this tag is never closed")
            }
            position = tag.range.upperBound
            read(tag)
        }
        beginLine()
    }

    // MARK: - Text

    private mutating func readText(_ range: Range<Int>) {
        var place = range.lowerBound
        while place < range.upperBound {
            if let begun = margin {
                while place < range.upperBound, bytes[place].isBlank { place += 1 }
                margin = begun.lowerBound..<place
                if place == range.upperBound { return }
                beginLine()
            }
            let lineEnd = bytes[place..<range.upperBound].firstIndex(of: .newline).map { $0 + 1 }
            append(.text(place..<(lineEnd ?? range.upperBound)), at: place)
            place = lineEnd ?? range.upperBound
            if lineEnd != nil { margin = place..<place }
        }
    }

    /// The line shows: it holds something. Of an empty rest at the end of the file nothing shows.
    private mutating func beginLine() {
        if let margin, !margin.isEmpty || margin.upperBound < bytes.count {
            append(.line(margin), at: margin.lowerBound)
        }
        margin = nil
    }

    // MARK: - Tags

    private mutating func read(_ tag: Tag) {
        let name = String(decoding: bytes[tag.content], as: UTF8.self)
        switch tag.kind {
        case .comment:
            if takeLine() == nil { beginLine() }
        case .delimiters:
            if let delimiters = Delimiters(parsing: bytes[tag.content]) {
                self.delimiters = delimiters
            } else {
                report(.syntax, tag, "delimiters are two marks with a space between them and no = in them")
            }
            if takeLine() == nil { beginLine() }
        case .value, .unescaped:
            readValue(tag, name)
        case .section, .inverted:
            guard check(name, of: tag, isPath: true) else { return }
            if takeLine() == nil { beginLine() }
            begin(tag, name, .section(name: name, isInverted: tag.kind == .inverted))
        case .partial:
            guard check(name, of: tag, isPath: false) else { return }
            let indentation = takeLine()
            if indentation == nil { beginLine() }
            append(.partial(name: name, indentation: indentation), at: tag.range.lowerBound)
        case .parent:
            guard check(name, of: tag, isPath: false) else { return }
            // Whether it has its lines to itself shows at its end. Then this beginning of a line is taken back.
            let margin = self.margin
            beginLine()
            begin(tag, name, .parent(name: name, indentation: nil, end: 0), margin: margin)
        case .block:
            guard check(name, of: tag, isPath: false) else { return }
            beginBlock(tag, name)
        case .end:
            readEnd(tag, name)
        }
    }

    private mutating func readValue(_ tag: Tag, _ name: String) {
        beginLine()
        guard check(name, of: tag, isPath: true) else { return }
        if tag.kind == .unescaped, !options.allowsUnescaped {
            let text = String(decoding: bytes[tag.range], as: UTF8.self)
            return report(.unescaped, tag, "unescaped values are refused here: write {{\(name)}} for \(text)")
        }
        append(.value(name: name, isEscaped: tag.kind == .value), at: tag.range.lowerBound)
    }

    private mutating func beginBlock(_ tag: Tag, _ name: String) {
        let margin = self.margin
        // What stands around the blocks of a parent does not show, so that each of them begins a line when nothing
        // follows it on its own.
        let isGiven = open.last?.kind == .parent
        let beginsLine = (isGiven || margin != nil) && skipLineEnd()
        if !beginsLine { beginLine() }
        let block = Token.Block(
            name: name,
            indentation: margin ?? tag.range.lowerBound..<tag.range.lowerBound,
            isFirst: margin != nil,
            beginsLine: beginsLine,
            content: 0..<0
        )
        begin(tag, name, .block(block))
    }

    private mutating func readEnd(_ tag: Tag, _ name: String) {
        guard check(name, of: tag, isPath: false), let opened = close(tag, name) else { return }
        switch opened.kind {
        case .parent:
            endParent(opened)
        case .block where open.last?.kind == .parent:
            // The end of what a parent is given needs no line of its own to leave its white space out.
            margin = nil
            endBlock(opened)
        default:
            if takeLine() == nil { beginLine() }
            if opened.kind == .block {
                endBlock(opened)
            } else {
                append(.sectionEnd, at: tag.range.lowerBound)
            }
        }
    }

    /// A parent has its lines to itself when nothing stands before its beginning and nothing behind its end.
    private mutating func endParent(_ opened: OpenTag) {
        guard case .parent(let name, _, _) = tokens[opened.token].kind else {
            preconditionFailure("a parent tag has a parent token")
        }
        var indentation: Range<Int>?
        margin = nil
        if let before = opened.margin, skipLineEnd() {
            indentation = before
            if opened.token > 0, case .line = tokens[opened.token - 1].kind {
                tokens[opened.token - 1].kind = .text(before.lowerBound..<before.lowerBound)
            }
        }
        tokens[opened.token].kind = .parent(name: name, indentation: indentation, end: tokens.count)
    }

    private mutating func endBlock(_ opened: OpenTag) {
        guard case .block(var block) = tokens[opened.token].kind else {
            preconditionFailure("a block tag has a block token")
        }
        block.content = opened.token + 1..<tokens.count
        tokens[opened.token].kind = .block(block)
    }

    // MARK: - Lines of tags

    /// When the tag that was just read is alone on its line: the white space before it, after moving on to the next
    /// line. Otherwise nil.
    private mutating func takeLine() -> Range<Int>? {
        guard let before = margin, skipLineEnd() else { return nil }
        return before
    }

    /// Moves on to the next line, when nothing but white space is left of this one.
    private mutating func skipLineEnd() -> Bool {
        var place = position
        while place < bytes.count, bytes[place].isBlank { place += 1 }
        if place < bytes.count {
            if bytes[place] == .carriageReturn, place + 1 < bytes.count { place += 1 }
            guard bytes[place] == .newline else { return false }
            place += 1
        }
        position = place
        margin = place..<place
        return true
    }
}
