public import JSON

/// Some of many items, and how many there are.
public struct Page<Item: PageItem>: AnswerBody {
    public let items: [Item]
    /// From one.
    public let page: Int
    public let pageSize: Int
    public let total: Int

    public init(items: [Item], page: Int, pageSize: Int, total: Int) {
        precondition(pageSize > 0, "a page holds at least one item")
        self.items = items
        self.page = page
        self.pageSize = pageSize
        self.total = total
    }

    /// How many pages there are; none when there is nothing.
    public var pages: Int { total / pageSize + (total % pageSize == 0 ? 0 : 1) }

    public init(reading answer: AnswerReader) throws(UnexpectedAnswer) {
        let pageSize = try answer.integer("page_size")
        guard pageSize > 0 else { throw UnexpectedAnswer("page_size") }
        self.init(
            items: try answer.list("items"),
            page: try answer.integer("page"),
            pageSize: pageSize,
            total: try answer.integer("total")
        )
    }

    public func write(to writer: inout JSONWriter) {
        writer.object { body in
            body.member("items", items)
            body.member("page", page)
            body.member("page_size", pageSize)
            body.member("total", total)
            body.member("pages", pages)
        }
    }

    public static var example: Page { Page(items: [.example], page: 1, pageSize: Item.pageSize, total: 1) }

    public static var schema: Component {
        .answer(
            Item.pageName,
            "Some of many, and how many there are.",
            example: example,
            [
                .init("items", .list(of: .component(Item.schema))),
                .init("page", .count, "From one."),
                .init("page_size", .count),
                .init("total", .count, Item.totalNote),
                .init("pages", .count, "As many as the total fills."),
            ]
        )
    }
}

/// What comes in pages.
public protocol PageItem: AnswerBody {
    /// The name of its pages in the documents.
    static var pageName: String { get }

    /// How many make a page when nobody says.
    static var pageSize: Int { get }

    /// How many are counted at most where counting costs as much as there are.
    static var countLimit: Int { get }

    /// What the total is when there are more.
    static var totalNote: String { get }
}

extension UserBody: PageItem {
    public static let pageName = "UserPage"
    public static let pageSize = 20
    public static let countLimit = 1_000
    public static let totalNote = "Of a search no more than \(countLimit) are counted."
}

extension AuditEntryBody: PageItem {
    public static let pageName = "AuditPage"
    public static let pageSize = 50
    public static let countLimit = 10_000
    public static let totalNote = "No more than \(countLimit) are counted."
}

public typealias UserPage = Page<UserBody>
public typealias AuditPage = Page<AuditEntryBody>
