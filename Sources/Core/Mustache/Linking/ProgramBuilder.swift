/// Puts a program together, step by step.
struct ProgramBuilder {
    /// Pages have hundreds of tokens. Templates that include each other twice at each level double them each time.
    static let mostTokens = 100_000
    static let mostText = 16 << 20

    private(set) var instructions: [Instruction] = []
    private(set) var origins: [Program.Origin] = []
    private(set) var texts: [UInt8] = []
    private(set) var paths: [Program.Path] = []
    /// Where the tag stands that the next steps come from.
    private var origin = Program.Origin(source: 0, offset: 0)
    private var tokenCount = 0
    private var pathNumbers: [String: UInt32] = [:]
    /// The sections that wait for their end.
    private var openSections: [Int] = []
    /// Where the text begins that has no instruction yet.
    private var textStart = 0
    private var calls: [(instruction: Int, routine: Int)] = []
    /// When something was put into the middle of a line: how much of its first line's margin is there already.
    private var marginThere: Int?

    var isFull: Bool {
        tokenCount > ProgramBuilder.mostTokens || texts.count > ProgramBuilder.mostText
    }

    /// What is added next comes from a token there.
    mutating func begin(_ origin: Program.Origin) {
        self.origin = origin
        tokenCount += 1
    }

    // MARK: - Text

    mutating func show(_ bytes: ArraySlice<UInt8>) { texts += bytes }

    /// The margin of a line, with the white space of its own.
    mutating func beginLine(_ margin: Margin) {
        let there = marginThere
        marginThere = nil
        if margin.isDynamic, there == nil { append(.margin) }
        texts += margin.text.dropFirst(there ?? 0)
    }

    /// What comes now begins in the middle of a line, behind a margin.
    mutating func beginMiddle(of margin: Margin) { marginThere = margin.text.count }

    mutating func endMiddle() { marginThere = nil }

    private mutating func endText() {
        if texts.count > textStart {
            instructions.append(.text(start: UInt32(textStart), end: UInt32(texts.count)))
            origins.append(origin)
        }
        textStart = texts.count
    }

    // MARK: - Steps

    mutating func showValue(_ name: String, isEscaped: Bool) {
        let number = number(of: name)
        append(isEscaped ? .value(name: number) : .unescaped(name: number))
    }

    mutating func beginSection(_ name: String, isInverted: Bool) {
        let number = number(of: name)
        append(isInverted ? .inverted(name: number, behind: 0) : .section(name: number, behind: 0))
        openSections.append(instructions.count - 1)
    }

    mutating func endSection() {
        guard let start = openSections.popLast() else { preconditionFailure("the parser pairs sections") }
        switch instructions[start] {
        case .section(let name, _):
            append(.sectionEnd)
            instructions[start] = .section(name: name, behind: UInt32(instructions.count))
        case .inverted(let name, _):
            endText()
            instructions[start] = .inverted(name: name, behind: UInt32(instructions.count))
        default:
            preconditionFailure("a section begins with an instruction of its own")
        }
    }

    /// The routine's place is not known before all are there: `setRoutines`.
    mutating func call(_ routine: Int, _ margin: Margin) {
        endText()
        texts += margin.text
        let range = UInt32(textStart)..<UInt32(texts.count)
        textStart = texts.count
        append(.call(routine: 0, margin: range, isDeeper: margin.isDynamic))
        calls.append((instructions.count - 1, routine))
    }

    /// Ends a routine, and answers where the next one begins.
    mutating func endRoutine() -> Int {
        append(.return)
        return instructions.count
    }

    mutating func setRoutines(_ places: [Int]) {
        for (instruction, routine) in calls {
            guard case .call(_, let margin, let isDeeper) = instructions[instruction] else {
                preconditionFailure("a call is where it was put")
            }
            instructions[instruction] = .call(routine: UInt32(places[routine]), margin: margin, isDeeper: isDeeper)
        }
    }

    private mutating func append(_ instruction: Instruction) {
        endText()
        marginThere = nil
        instructions.append(instruction)
        origins.append(origin)
    }

    private mutating func number(of name: String) -> UInt32 {
        if let number = pathNumbers[name] { return number }
        let number = UInt32(paths.count)
        paths.append(Program.Path(name))
        pathNumbers[name] = number
        return number
    }
}
