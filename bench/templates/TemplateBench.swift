import JSON
import Linux
import Mustache
import Operations

/// Renders one page again and again, and says in a line of JSON how often. `bench/templates.py` calls this.
///
/// `template-bench FOLDER PAGE DATA SECONDS`; without the seconds the page is printed.
@main
enum TemplateBench {
    private static let longestData = 1 << 20
    /// Looking at the clock takes as long as a good part of a page.
    private static let pagesPerLook = 16

    static func main() {
        do {
            // By a name: the optimizer of Swift 6.3 breaks on the span of what has none and may throw.
            let output = try output(Array(CommandLine.arguments.dropFirst()))
            try FileDescriptor.standardOutput.writeAll(output.span)
        } catch {
            try? FileDescriptor.standardError.writeAll("template-bench: \(error)\n")
            ProcessInfo.exit(1)
        }
    }

    private static func output(_ arguments: [String]) throws -> [UInt8] {
        guard arguments.count == 3 || arguments.count == 4 else { throw Misuse() }
        // As the pages are: compiled once, and nothing unescaped.
        let library = try TemplateLibrary(folder: arguments[0], options: TemplateOptions(allowsUnescaped: false))
        let template = try library.template(named: arguments[1])
        guard let json = try File.contents(path: arguments[2], limit: longestData) else { throw Misuse() }
        let data = MustacheValue(try JSONValue(parsing: json))
        if arguments.count == 3 { return try template.render(data) }
        guard let seconds = Double(arguments[3]), seconds > 0 else { throw Misuse() }
        return Array(try figures(template, data, for: .seconds(seconds)).utf8)
    }

    private static func figures(_ template: Template, _ data: MustacheValue, for duration: Duration) throws -> String {
        var count = 0
        var bytes = 0
        let start = MonotonicTime.now()
        let end = start + duration
        var now = start
        while now < end {
            for _ in 0..<pagesPerLook { bytes += try template.render(data).count }
            count += pagesPerLook
            now = .now()
        }
        let seconds = Double(now.nanoseconds - start.nanoseconds) / 1e9
        return #"{"pages": \#(count), "bytes": \#(bytes / count), "seconds": \#(seconds)}"# + "\n"
    }

    private struct Misuse: Error, CustomStringConvertible {
        let description = "to be called as: template-bench FOLDER PAGE DATA [SECONDS]"
    }
}
