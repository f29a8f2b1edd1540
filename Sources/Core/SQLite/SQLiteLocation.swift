/// Where a database is kept.
public enum SQLiteLocation: Equatable, Sendable {
    /// In memory: gone when the store is closed, and used by one thread.
    case memory
    case file(path: String)

    /// Reads `sqlite:PATH` and `sqlite::memory:`; nil for anything else.
    ///
    /// What follows the first colon is the path as it stands, without options and percent signs of its own. Three
    /// slashes in a row are an absolute path, as some write it; two are the name of a host, which there is none of.
    public init?(url: String) {
        guard url.hasPrefix("sqlite:") else { return nil }
        let path = String(url.dropFirst("sqlite:".count))
        if path == ":memory:" {
            self = .memory
            return
        }
        guard !path.isEmpty, !path.utf8.contains(0), !path.hasSuffix("/") else { return nil }
        guard !path.hasPrefix("//") || path.hasPrefix("///") else { return nil }
        self = .file(path: path)
    }

    public var url: String {
        switch self {
        case .memory: "sqlite::memory:"
        case .file(let path): "sqlite:\(path)"
        }
    }
}
