extension ParsedTemplate {
    /// The white space that all lines of a block have: that of the tag's line when its content begins there, or when it
    /// has none, else the least of its lines.
    func indentation(of block: Token.Block) -> ArraySlice<UInt8> {
        let own = source.bytes[block.indentation]
        guard block.beginsLine else { return own }
        var least: Range<Int>?
        var index = block.content.lowerBound
        while index < block.content.upperBound {
            let token = tokens[index]
            index += 1
            var found: Range<Int>?
            switch token.kind {
            case .line(let whiteSpace):
                if !isBlankLine(whiteSpace) { found = whiteSpace }
            case .partial(_, let whiteSpace):
                found = whiteSpace
            case .parent(_, let whiteSpace, let end):
                found = whiteSpace
                index = end
            case .block(let inner):
                if inner.beginsLine { found = inner.indentation }
            case .text, .value, .section, .sectionEnd:
                break
            }
            if let found, found.count < least?.count ?? .max { least = found }
        }
        return least.map { source.bytes[$0] } ?? own
    }

    private func isBlankLine(_ whiteSpace: Range<Int>) -> Bool {
        let rest = source.bytes[whiteSpace.upperBound...]
        return rest.first == .newline || rest.starts(with: [.carriageReturn, .newline])
    }
}
