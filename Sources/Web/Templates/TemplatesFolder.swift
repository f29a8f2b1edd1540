internal import Linux

/// Where the templates are: where the configuration says, or where the program runs, or beside it.
struct TemplatesFolder: Equatable, Sendable {
    struct NotFound: Error, Equatable, CustomStringConvertible {
        let tried: [String]
        var description: String {
            "the templates were not found in \(tried.joined(separator: ", ")); TEMPLATES_PATH says where their folder is"
        }
    }

    let path: String

    static func find(configured: String?) throws(NotFound) -> TemplatesFolder {
        let places = configured.map { [$0] } ?? ["templates"] + besideProgram
        for place in places where (try? File.status(path: "\(place)/layouts/document.mustache")) != nil {
            return TemplatesFolder(path: place)
        }
        throw NotFound(tried: places)
    }

    /// `/usr/bin/gatehouse-web` finds `/usr/share/gatehouse/templates`; a build finds the repository it lies in.
    private static var besideProgram: [String] {
        guard let program = try? File.resolvedPath("/proc/self/exe") else { return [] }
        let folder = program.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" }
        let above = ["..", "../..", "../../..", "../../../.."].map { "\(folder)/\($0)/templates" }
        return ["\(folder)/../share/gatehouse/templates"] + above
    }
}
