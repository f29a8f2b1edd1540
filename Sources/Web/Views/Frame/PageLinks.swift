internal import Mustache

/// Where in a long list one is, and the way to the pages beside.
struct PageLinks {
    let page: Int
    let size: Int
    let total: Int
    /// Up to how many were counted, where there is such a limit.
    var countLimit: Int?
    /// How many of them are on this page.
    let shown: Int

    /// Null when there is nothing to be told.
    func value(address: (Int) -> String) -> MustacheValue {
        guard shown > 0 else { return .null }
        let before = (page - 1) * size
        let end = before + shown
        return [
            "first": .string(CountInWords.grouped(before + 1)),
            "last": .string(CountInWords.grouped(end)),
            "total": .string(CountInWords.grouped(total) + (total >= countLimit ?? .max ? " or more" : "")),
            "previous": page > 1 ? .string(address(page - 1)) : .null,
            "next": end < total ? .string(address(page + 1)) : .null,
        ]
    }
}
