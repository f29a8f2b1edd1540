/// Puts partials, parents and blocks in their places: makes programs of templates that know each other.
struct Linker {
    /// Templates in templates.
    static let deepestInclusion = 100
    /// What is reported of all templates together.
    static let mostMistakes = 200

    /// A template in a scope: what a routine is made of, and how one is known that includes itself.
    private struct Inclusion: Hashable {
        let template: Int
        let scope: Int
    }

    /// Where tokens are put.
    private struct Site {
        let template: Int
        let scope: Int
        let margin: Margin
    }

    private let templates: [ParsedTemplate]
    private let sources: [TemplateSource]
    private let numbers: [String: Int]
    private let options: TemplateOptions
    private var blocks: BlockNames
    private(set) var mistakes: Set<MustacheError.Mistake> = []

    // Of the program that is being made:
    private var builder = ProgramBuilder()
    private var scopes = BlockScopes()
    private var inclusions: [Inclusion] = []
    private var routines: [Inclusion] = []

    init(_ templates: [ParsedTemplate], options: TemplateOptions) {
        self.templates = templates
        self.options = options
        sources = templates.map(\.source)
        numbers = Dictionary(templates.enumerated().map { ($1.source.name, $0) }) { first, _ in first }
        blocks = BlockNames(templates, numbers: numbers)
    }

    /// The program of one template. What is wrong is added to `mistakes`.
    mutating func link(_ template: Int) -> Program {
        builder = ProgramBuilder()
        scopes = BlockScopes()
        routines = []
        put(Inclusion(template: template, scope: BlockScopes.outermost), Margin())
        var places: [Int] = []
        // A routine may call for others.
        while places.count < routines.count {
            places.append(builder.endRoutine())
            put(routines[places.count - 1], Margin(isDynamic: true))
        }
        _ = builder.endRoutine()
        builder.setRoutines(places)
        if builder.isFull {
            let message = "with all that it includes this template is too large: does it include itself more than once?"
            report(.tooLarge, at: 0, of: template, message)
        }
        return Program(builder, sources: sources, refusesMissingNames: options.refusesMissingNames)
    }

    private mutating func put(_ inclusion: Inclusion, _ margin: Margin) {
        inclusions.append(inclusion)
        let tokens = templates[inclusion.template].tokens
        put(tokens.indices, at: Site(template: inclusion.template, scope: inclusion.scope, margin: margin))
        inclusions.removeLast()
    }

    private mutating func put(_ range: Range<Int>, at site: Site) {
        let bytes = templates[site.template].source.bytes
        let tokens = templates[site.template].tokens
        var index = range.lowerBound
        while index < range.upperBound, !builder.isFull {
            let token = tokens[index]
            builder.begin(Program.Origin(source: UInt32(site.template), offset: UInt32(token.offset)))
            index += 1
            switch token.kind {
            case .line(let whiteSpace):
                // Lines that replace a block at the beginning of this one have margins of their own.
                if index < range.upperBound, case .block(let block) = tokens[index].kind,
                    replacement(of: block, in: site.scope)?.beginsLine == true
                {
                    continue
                }
                builder.beginLine(site.margin.followed(by: bytes[whiteSpace]))
            case .text(let text):
                builder.show(bytes[text])
            case .value(let name, let isEscaped):
                builder.showValue(name, isEscaped: isEscaped)
            case .section(let name, let isInverted):
                builder.beginSection(name, isInverted: isInverted)
            case .sectionEnd:
                builder.endSection()
            case .partial(let name, let whiteSpace):
                include(name, given: [:], token, at: site, whiteSpace)
            case .parent(let name, let whiteSpace, let end):
                include(name, given: arguments(in: index..<end, of: name, at: site), token, at: site, whiteSpace)
                index = end
            case .block(let block):
                if replace(block, at: site) { index = block.content.upperBound }
            }
        }
    }

    // MARK: - Partials and parents

    private mutating func include(
        _ name: String,
        given arguments: [String: BlockScopes.Argument],
        _ token: Token,
        at site: Site,
        _ whiteSpace: Range<Int>?
    ) {
        guard let template = numbers[name] else {
            if !options.toleratesUnknown {
                let hint = CloseNames.hint(for: name, among: numbers.keys)
                let message = "there is no template named \(name)\(hint)"
                report(.unknownTemplate, at: token.offset, of: site.template, message)
            }
            return
        }
        let scope = scopes.scope(within: site.scope, given: arguments)
        let inclusion = Inclusion(template: template, scope: scope)
        // What stands among other things on its line is put there as it is.
        let margin = whiteSpace.map { site.margin.followed(by: templates[site.template].source.bytes[$0]) } ?? Margin()
        if inclusions.contains(inclusion) {
            let known = routines.firstIndex(of: inclusion)
            if known == nil { routines.append(inclusion) }
            builder.call(known ?? routines.count - 1, margin)
        } else if inclusions.count == Linker.deepestInclusion {
            let message = "templates include each other more than \(Linker.deepestInclusion) deep here"
            report(.tooLarge, at: token.offset, of: site.template, message)
        } else {
            put(inclusion, margin)
        }
    }

    /// The blocks that a parent is given.
    private mutating func arguments(
        in range: Range<Int>,
        of parent: String,
        at site: Site
    ) -> [String: BlockScopes.Argument] {
        var arguments: [String: BlockScopes.Argument] = [:]
        var index = range.lowerBound
        while index < range.upperBound {
            let token = templates[site.template].tokens[index]
            guard case .block(let block) = token.kind else { preconditionFailure("a parent holds blocks alone") }
            if arguments[block.name] != nil {
                let message = "the block \(block.name) is given to \(parent) twice"
                report(.syntax, at: token.offset, of: site.template, message)
            }
            if let known = numbers[parent].flatMap({ blocks.known(to: $0) }), !known.contains(block.name),
                !options.toleratesUnknown
            {
                let hint = CloseNames.hint(for: block.name, among: known)
                let message = "\(parent) has no block named \(block.name)\(hint)"
                report(.unknownBlock, at: token.offset, of: site.template, message)
            }
            arguments[block.name] = BlockScopes.Argument(template: site.template, token: index, scope: site.scope)
            index = block.content.upperBound
        }
        return arguments
    }

    // MARK: - Blocks

    private func replacement(of block: Token.Block, in scope: Int) -> Token.Block? {
        guard let argument = scopes.argument(for: block.name, in: scope) else { return nil }
        guard case .block(let content) = templates[argument.template].tokens[argument.token].kind else {
            preconditionFailure("a block is replaced with a block")
        }
        return content
    }

    /// False when nothing replaces the block: then what is written in it shows.
    private mutating func replace(_ block: Token.Block, at site: Site) -> Bool {
        guard let argument = scopes.argument(for: block.name, in: site.scope),
            let content = replacement(of: block, in: site.scope)
        else { return false }
        let giver = templates[argument.template]
        var margin = site.margin
        // Lines lose what they were indented with where they were written, and get what is usual where they are put.
        if block.isFirst { margin = margin.followed(by: templates[site.template].indentation(of: block)) }
        margin.removal = giver.indentation(of: content).count
        if content.beginsLine, !block.isFirst {
            builder.beginMiddle(of: margin)
        } else if block.beginsLine, !content.beginsLine {
            builder.beginLine(margin)
        }
        put(content.content, at: Site(template: argument.template, scope: argument.scope, margin: margin))
        builder.endMiddle()
        return true
    }

    private mutating func report(_ code: MustacheError.Code, at offset: Int, of template: Int, _ message: String) {
        guard mistakes.count < Linker.mostMistakes else { return }
        let place = templates[template].source.place(of: offset)
        mistakes.insert(MustacheError.Mistake(code: code, place: place, message: message))
    }
}
