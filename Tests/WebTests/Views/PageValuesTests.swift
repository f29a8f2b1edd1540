import JSON
import Linux
import TestKit
import Testing

@testable import Mustache
@testable import Web

@Suite struct PageValuesTests {
    private static let folder = ProcessInfo.environment["PAGE_VALUES"]

    /// Into the folder PAGE_VALUES: what its template is filled with, so that others can be filled with the same, and the
    /// page that comes of it.
    @Test(.enabled(if: folder != nil)) func `the values of the users page are written where that is asked for`() throws
    {
        let folder = try #require(PageValuesTests.folder)
        let sample = try #require(Samples().all.first { $0.name == "users" })
        let assets = try Assets(folder: TestPages.pages.get().staticFolder)
        let values = sample.view.value(in: sample.frame, assets: assets)
        try TestFiles.write(JSONFragment(WrittenValue(value: values)).bytes, to: "\(folder)/users.json")
        try TestFiles.write(try sample.html, to: "\(folder)/users.html")
    }
}

private struct WrittenValue: JSONWritable {
    let value: MustacheValue

    func write(to writer: inout JSONWriter) {
        switch value {
        case .null: writer.null()
        case .boolean(let value): writer.boolean(value)
        case .integer(let value): writer.integer(value)
        case .decimal(let value): writer.number(value)
        case .string(let text): writer.string(text)
        case .markup(let markup): writer.string(markup.text)
        case .list(let elements):
            writer.array { writer in
                for element in elements { WrittenValue(value: element).write(to: &writer) }
            }
        case .object(let object):
            writer.object { writer in
                for (name, value) in object.members.sorted(by: { $0.key < $1.key }) {
                    writer.member(name, WrittenValue(value: value))
                }
            }
        }
    }
}
