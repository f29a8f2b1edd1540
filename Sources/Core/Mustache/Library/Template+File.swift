internal import Linux

extension Template {
    private static let longestFile = 16 << 20
    private static let mostFiles = 1_000

    /// Reads one file and the templates that it includes, which are looked for beside it: `{{>head}}` in `page.html` is
    /// `head.html`, or `head.mustache`, or `head`.
    public init(file: String, options: TemplateOptions = TemplateOptions()) throws(MustacheError) {
        let fileName = file.split(separator: "/").last.map(String.init) ?? file
        let folder = String(file.dropLast(fileName.count))
        let ending = fileName.lastIndex(of: ".").map { String(fileName[$0...]) } ?? ""
        guard let bytes = try Template.contents(of: file) else {
            throw MustacheError(.unreadable, "there is no template \(file)")
        }
        var sources = [TemplateSource(name: fileName, file: file, bytes)]
        var known: Set<String> = [fileName]
        var index = 0
        while index < sources.count, sources.count < Template.mostFiles {
            for name in TemplateParser.parse(sources[index], options: options).includedNames
            where known.insert(name).inserted && Template.staysBelow(name) {
                for candidate in [name + ending, name + TemplateFiles.ending, name] {
                    guard let bytes = try Template.contents(of: folder + candidate) else { continue }
                    sources.append(TemplateSource(name: name, file: folder + candidate, bytes))
                    break
                }
            }
            index += 1
        }
        self = try TemplateLibrary(sources, options: options).template(named: fileName)
    }

    /// A template is looked for in the folder and in those within.
    private static func staysBelow(_ name: String) -> Bool {
        !name.hasPrefix("/") && !name.utf8.contains(0) && !name.split(separator: "/").contains("..")
    }

    /// nil when there is no such file.
    private static func contents(of path: String) throws(MustacheError) -> [UInt8]? {
        do throws(SystemError) {
            guard try File.status(path: path).isRegular else { return nil }
            if let bytes = try File.contents(path: path, limit: longestFile) { return bytes }
        } catch {
            if error.isNotFound { return nil }
            throw MustacheError(.unreadable, "\(path) can not be read: \(error)")
        }
        throw MustacheError(.unreadable, "\(path) is longer than \(longestFile) bytes")
    }
}
