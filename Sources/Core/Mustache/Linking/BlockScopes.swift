/// What blocks are replaced with, for every place where templates are put.
///
/// A block is a parameter of the template that it is written in. What replaces it belongs to the template that gave it, so
/// that blocks in there are looked up where that one was put. What came from further out wins: a page fills in what the
/// layouts between it and the outermost one only suggest.
struct BlockScopes {
    /// What a block is replaced with: another block.
    struct Argument: Hashable {
        let template: Int
        let token: Int
        /// The scope of the template that gave it.
        let scope: Int
    }

    static let outermost = 0

    private var scopes: [[String: Argument]] = [[:]]
    private var numbers: [[String: Argument]: Int] = [[:]: outermost]

    func argument(for block: String, in scope: Int) -> Argument? { scopes[scope][block] }

    /// The scope of a template that is given something, by one in `scope`. Equal ones have one number, which is how a
    /// template that includes itself is known.
    mutating func scope(within scope: Int, given arguments: [String: Argument]) -> Int {
        let merged = scopes[scope].merging(arguments) { outer, _ in outer }
        if let number = numbers[merged] { return number }
        scopes.append(merged)
        numbers[merged] = scopes.count - 1
        return scopes.count - 1
    }
}
