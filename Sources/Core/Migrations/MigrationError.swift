/// Why the schema can not be brought up to date. Each says what to do.
public enum MigrationError: Error, Equatable, Sendable {
    case unreadableFile(String)
    case badName(String)
    case sameNumber(String, String)
    /// The file is not the one that was applied.
    case changed(String)
    /// It was applied, and is no longer among the files.
    case missing(String)
    /// It is older than one that was applied, and was not applied itself.
    case lateComer(String, behind: String)
    case failed(String, reason: String)
}

extension MigrationError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unreadableFile(let name):
            "\(name) can not be read as UTF-8 text of a reasonable size"
        case .badName(let name):
            "\(name) is not named like 0001_words.sql"
        case .sameNumber(let first, let second):
            "\(first) and \(second) have the same number"
        case .changed(let name):
            "\(name) has been changed since it was applied; restore it, and put the change into a new file"
        case .missing(let name):
            "\(name) was applied to this database and is missing here; is this an older version of the program?"
        case .lateComer(let name, let latest):
            "\(name) was never applied, but the later \(latest) was; give it a number behind that"
        case .failed(let name, let reason):
            "\(name) could not be applied, and nothing of it was: \(reason)"
        }
    }
}
