public import Linux

/// A folder of templates that is being worked on: what was changed is read again, without a restart.
///
/// For development. It looks at the disk under a lock; what serves many reads the folder once, into a `TemplateLibrary`.
public final class TemplateFolder: Sendable {
    /// What a look at the folder has found.
    public enum News: Equatable, Sendable {
        case none
        case changed
        /// What is there now has mistakes; the templates stay what they were. Said once for each change.
        case broken(MustacheError)
    }

    private struct State: Sendable {
        var library: TemplateLibrary
        /// What was read last, good or not. nil when the folder could not be listed.
        var files: TemplateFiles?
        var listingError: MustacheError?
        var nextLook: MonotonicTime
    }

    private let path: String
    private let options: TemplateOptions
    private let interval: Duration
    private let state: Lock<State>

    /// Reads the folder, and throws all that is wrong with it: there has to be something good to begin with.
    public init(
        path: String,
        options: TemplateOptions = TemplateOptions(),
        lookingEvery interval: Duration = .seconds(1),
        at now: MonotonicTime
    ) throws(MustacheError) {
        self.path = path
        self.options = options
        self.interval = interval
        let files = try TemplateFiles(folder: path)
        let library = try TemplateLibrary(files.sources(), options: options)
        state = Lock(State(library: library, files: files, nextLook: now + interval))
    }

    /// The templates as they are now. Looks at the folder when the last look is long enough ago.
    public func library(at now: MonotonicTime) -> (library: TemplateLibrary, news: News) {
        state.withLock { state in
            guard now >= state.nextLook else { return (state.library, .none) }
            state.nextLook = now + interval
            let news = look(&state)
            return (state.library, news)
        }
    }

    private func look(_ state: inout State) -> News {
        let files: TemplateFiles
        do throws(MustacheError) {
            files = try TemplateFiles(folder: path)
        } catch {
            // Every look finds this again.
            if error == state.listingError { return .none }
            state.listingError = error
            state.files = nil
            return .broken(error)
        }
        state.listingError = nil
        if files == state.files { return .none }
        state.files = files
        do throws(MustacheError) {
            state.library = try TemplateLibrary(files.sources(), options: options)
            return .changed
        } catch {
            return .broken(error)
        }
    }
}

extension TemplateLibrary {
    /// Reads all templates of a folder: `*.mustache`, named by their path in it without the ending. Throws all that is
    /// wrong with any of them.
    public init(folder: String, options: TemplateOptions = TemplateOptions()) throws(MustacheError) {
        try self.init(TemplateFiles(folder: folder).sources(), options: options)
    }
}
