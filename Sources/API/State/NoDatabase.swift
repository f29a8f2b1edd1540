internal import Linux
internal import SQLite

/// There is no database that a command could work on.
struct NoDatabase: Error, CustomStringConvertible {
    let problem: String
    var description: String { problem }

    /// Opening what is not there would make it, in whichever folder somebody happens to be.
    static func check(_ location: StateSettings.DatabaseLocation) throws(NoDatabase) {
        switch location {
        case .postgres: return
        case .sqlite(.memory): throw NoDatabase(problem: "a database in memory is only seen by the process that serves")
        case .sqlite(.file(let path)):
            if (try? File.status(path: path)) == nil { throw NoDatabase(problem: "there is no database at \(path)") }
        }
    }
}
