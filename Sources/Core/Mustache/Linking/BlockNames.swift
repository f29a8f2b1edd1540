/// Which blocks a parent can be given: those of the template, and of all that it includes.
struct BlockNames {
    private let templates: [ParsedTemplate]
    private let numbers: [String: Int]
    private var known: [Int: Set<String>] = [:]

    init(_ templates: [ParsedTemplate], numbers: [String: Int]) {
        self.templates = templates
        self.numbers = numbers
    }

    /// nil when it can not be said, because one of the templates has mistakes.
    mutating func known(to template: Int) -> Set<String>? {
        if let names = known[template] { return names }
        var names: Set<String> = []
        var reached: Set<Int> = [template]
        var waiting = [template]
        while let next = waiting.popLast() {
            guard templates[next].mistakes.isEmpty else { return nil }
            for token in templates[next].tokens {
                if case .block(let block) = token.kind { names.insert(block.name) }
            }
            for number in templates[next].includedNames.compactMap({ numbers[$0] })
            where reached.insert(number).inserted {
                waiting.append(number)
            }
        }
        known[template] = names
        return names
    }
}
