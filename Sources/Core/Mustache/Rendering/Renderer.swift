/// Carries out a program. One for each rendering.
struct Renderer {
    /// A section that is being shown, once for each of some elements.
    private struct OpenSection {
        let elements: [MustacheValue]
        var next: Int
        let body: Int
    }

    /// A routine that is being carried out.
    private struct Call {
        let returnPlace: Int
        /// What its lines begin with.
        let margin: [UInt8]
    }

    private let program: Program
    private var contexts: Contexts
    private var sections: [OpenSection] = []
    private var calls: [Call] = []

    init(_ program: Program, data: MustacheValue) {
        self.program = program
        contexts = Contexts(data)
    }

    mutating func run(into output: inout [UInt8]) throws(MustacheError) {
        let instructions = program.instructions
        let texts = program.texts
        var place = 0
        while true {
            let current = place
            place += 1
            switch instructions[current] {
            case .text(let start, let end):
                output.append(copying: texts.span.extracting(Int(start)..<Int(end)))
            case .value(let path):
                guard let value = try value(at: path, current) else { continue }
                switch value {
                case .string(let text): output.appendEscaped(text.utf8.span)
                default: try show(value, current, into: &output)
                }
            case .unescaped(let path):
                guard let value = try value(at: path, current) else { continue }
                try show(value, current, into: &output)
            case .section(let path, let behind):
                if !open(try value(at: path, current), body: place) { place = Int(behind) }
            case .sectionEnd:
                place = goOn() ?? place
            case .inverted(let path, let behind):
                if try value(at: path, current)?.isTruthy == true { place = Int(behind) }
            case .call(let routine, let margin, let isDeeper):
                guard calls.count < Template.deepestRecursion else { throw endless(current) }
                let outer = isDeeper ? calls.last?.margin ?? [] : []
                let inner = texts[Int(margin.lowerBound)..<Int(margin.upperBound)]
                calls.append(Call(returnPlace: place, margin: outer + inner))
                place = Int(routine)
            case .margin:
                if let margin = calls.last?.margin { output += margin }
            case .return:
                guard let call = calls.popLast() else { return }
                place = call.returnPlace
            }
        }
    }

    // MARK: - Values

    private func value(at path: UInt32, _ instruction: Int) throws(MustacheError) -> MustacheValue? {
        let value = contexts.value(at: program.paths[Int(path)])
        if value == nil, program.refusesMissingNames {
            let message = "nothing in the data is named \(program.paths[Int(path)].description)"
            throw MustacheError(.missingName, at: program.place(of: instruction), message)
        }
        return value
    }

    /// Shows a value as it is.
    private func show(_ value: MustacheValue, _ instruction: Int, into output: inout [UInt8]) throws(MustacheError) {
        switch value {
        case .null: break
        case .string(let text): output.append(copying: text.utf8.span)
        case .markup(let markup): output.append(copying: markup.text.utf8.span)
        case .integer(let number): output.append(copying: number.description.utf8.span)
        case .decimal(let number): output.append(copying: number.description.utf8.span)
        case .boolean(let value): output += value ? "true".utf8 : "false".utf8
        case .list, .object:
            guard program.refusesMissingNames else { return }
            let place = program.place(of: instruction)
            throw MustacheError(.notText, at: place, "a list or an object can not be shown as text")
        }
    }

    // MARK: - Sections

    /// False when there is nothing to show it with.
    private mutating func open(_ value: MustacheValue?, body: Int) -> Bool {
        guard let value, value.isTruthy else { return false }
        if case .list(let elements) = value {
            contexts.push(elements[0])
            sections.append(OpenSection(elements: elements, next: 1, body: body))
        } else {
            contexts.push(value)
            sections.append(OpenSection(elements: [], next: 0, body: body))
        }
        return true
    }

    /// Where the next element is to be shown. nil when that was the last one.
    private mutating func goOn() -> Int? {
        let innermost = sections.count - 1
        let next = sections[innermost].next
        guard next < sections[innermost].elements.count else {
            sections.removeLast()
            contexts.pop()
            return nil
        }
        contexts.replaceTop(sections[innermost].elements[next])
        sections[innermost].next += 1
        return sections[innermost].body
    }

    private func endless(_ instruction: Int) -> MustacheError {
        let message = "this includes itself more than \(Template.deepestRecursion) deep"
        return MustacheError(.endlessRecursion, at: program.place(of: instruction), message)
    }
}
