// Which tag belongs to which, and what is said when it does not work out.

extension TemplateParser {
    /// Of what stands directly in a parent its blocks alone mean something: text there is left out, and any other tag is a
    /// mistake, since it would never show.
    mutating func append(_ kind: Token.Kind, at offset: Int) {
        if let parent = open.last, parent.kind == .parent {
            switch kind {
            case .line, .text: return
            case .block, .sectionEnd: break
            case .value, .section, .partial, .parent:
                report(.syntax, at: offset, "this never shows: only blocks count between \(parent.text) and its end")
            }
        }
        tokens.append(Token(kind: kind, offset: offset))
    }

    mutating func begin(_ tag: Tag, _ name: String, _ kind: Token.Kind, margin: Range<Int>? = nil) {
        let offset = tag.range.lowerBound
        if open.count == TemplateParser.deepestNesting {
            report(.tooLarge, tag, "tags are nested more than \(TemplateParser.deepestNesting) deep here")
        }
        append(kind, at: offset)
        open.append(OpenTag(kind: tag.kind, name: name, token: tokens.count - 1, offset: offset, margin: margin))
    }

    /// Finds what an end tag ends. nil when there is nothing, which is then reported.
    mutating func close(_ tag: Tag, _ name: String) -> OpenTag? {
        guard let innermost = open.last else {
            report(.syntax, tag, "{{/\(name)}} closes nothing: no tag is open here")
            return nil
        }
        if innermost.name == name { return open.removeLast() }
        let place = source.place(of: innermost.offset)
        let opening = "\(innermost.text), opened at line \(place.line), column \(place.column)"
        report(.syntax, tag, "{{/\(name)}} does not close \(opening)")
        // A tag further out with that name is most likely the one that was meant.
        if let match = open.lastIndex(where: { $0.name == name }) { open.removeSubrange(match + 1..<open.count) }
        return open.removeLast()
    }

    mutating func reportUnclosed() {
        for tag in open { report(.syntax, at: tag.offset, "\(tag.text) is never closed") }
    }

    mutating func checkEncoding() {
        do throws(UTF8.ValidationError) {
            _ = try UTF8Span(validating: bytes.span)
        } catch {
            report(.syntax, at: error.byteOffsets.lowerBound, "the bytes from here on are not UTF-8")
        }
    }

    /// Whether a name can be one. A path names a value, and may have dots between its parts.
    mutating func check(_ name: String, of tag: Tag, isPath: Bool) -> Bool {
        guard let problem = problem(of: name, of: tag, isPath: isPath) else { return true }
        report(.syntax, tag, problem)
        return false
    }

    private func problem(of name: String, of tag: Tag, isPath: Bool) -> String? {
        if name.isEmpty { return "this tag names nothing" }
        let bytes = [UInt8](name.utf8)
        let shown = name.prefix(60).split(whereSeparator: \.isWhitespace).joined(separator: " ")
        if [delimiters.open, delimiters.close].contains(where: { bytes.firstIndex(of: $0, from: 0) != nil }) {
            return "this tag is not closed before the next one begins"
        }
        if bytes.contains(where: \.isTagSpace) { return "a name has no white space in it: \(shown)" }
        if tag.kind == .partial || tag.kind == .parent, name.hasPrefix("*") {
            return "the name of a template can not come from the data: \(shown)"
        }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        if isPath, name != ".", parts.contains("") {
            return "a dot stands between two names: \(shown)"
        }
        return nil
    }

    mutating func report(_ code: MustacheError.Code, _ tag: Tag, _ message: String) {
        report(code, at: tag.range.lowerBound, message)
    }

    mutating func report(_ code: MustacheError.Code, at offset: Int, _ message: String) {
        guard mistakes.count < TemplateParser.mostMistakes else { return }
        mistakes.append(MustacheError.Mistake(code: code, place: source.place(of: offset), message: message))
    }
}

extension TemplateParser.OpenTag {
    fileprivate var text: String {
        let sign =
            switch kind {
            case .inverted: "^"
            case .parent: "<"
            case .block: "$"
            default: "#"
            }
        return "{{\(sign)\(name)}}"
    }
}
