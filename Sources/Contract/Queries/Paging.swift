// What every list that comes in pages takes.

enum Paging {
    static let pages = 1...1_000_000
    static let sizes = 1...100

    static func parameters(size: Int) -> [Parameter] {
        [
            Parameter("page", .integer(in: pages), "Which page, from one."),
            Parameter("page_size", .integer(in: sizes), "How many on a page; \(size) when left out."),
        ]
    }
}
