internal import JSON
internal import Linux
internal import Mustache
internal import Operations

/// `gatehouse-web render TEMPLATE --data FILE`: any Mustache file filled with any JSON, for people who write templates.
enum RenderCommand {
    private static let longestData = 16 << 20

    static let command = ProgramCommand(
        "render",
        help: "Fill a Mustache template with JSON and print it",
        options: [
            .value("data", "FILE", help: "the JSON to fill it with; left out, there is nothing"),
            .flag("strict", help: "refuse names that are not in the data"),
        ],
        arguments: [.required("TEMPLATE", help: "the file; what it includes is looked for beside it")],
        body: run
    )

    private static func run(_ invocation: ProgramInvocation) async throws -> ProgramStatus {
        let data = try invocation.option("data").map(value(ofFile:)) ?? MustacheValue.null
        let options = TemplateOptions(refusesMissingNames: invocation.isOn("strict"))
        let template = try Template(file: invocation.argument("TEMPLATE"), options: options)
        invocation.console.write(String(decoding: try template.render(data), as: UTF8.self))
        return .good
    }

    private static func value(ofFile path: String) throws(DataError) -> MustacheValue {
        let bytes: [UInt8]?
        do throws(SystemError) {
            bytes = try File.contents(path: path, limit: longestData)
        } catch {
            throw DataError(description: "\(path) can not be read: \(error)")
        }
        guard let bytes else { throw DataError(description: "\(path) is longer than \(longestData) bytes") }
        do throws(JSONError) {
            return MustacheValue(try JSONValue(parsing: bytes, limits: JSONLimits(depth: 64, values: 1_000_000)))
        } catch {
            let place = error.location(in: bytes.span)
            throw DataError(description: "\(path):\(place.line):\(place.column): \(error.message)")
        }
    }

    struct DataError: Error, Equatable, CustomStringConvertible {
        let description: String
    }
}
