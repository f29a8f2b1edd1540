internal import CLinux
internal import Glibc

/// A program that this process has started. Whoever starts one waits for its end, or the kernel keeps a zombie of it.
public final class ChildProcess: Sendable {
    public enum Signal: CInt, Sendable {
        case hangUp = 1
        case interrupt = 2
        case kill = 9
        case terminate = 15
        case resume = 18
        /// Stops it as SIGSTOP does: it stays, but does nothing until `resume`.
        case pause = 19
    }

    public enum End: Equatable, Sendable {
        case exited(Int32)
        case killed(signal: Int32)
    }

    public let identifier: Int32
    /// Once the end was collected the number may be another process's: the lock keeps a signal from going there.
    private let end = Lock<End?>(nil)

    private init(identifier: Int32) { self.identifier = identifier }

    /// posix_spawn(3), with nothing to read unless told otherwise, and both outputs in a file that is made, or nowhere.
    ///
    /// - Parameters:
    ///   - environment: what it gets in place of our environment.
    ///   - directory: where it works, if not where we do.
    ///   - input: the file it reads. Opened for writing as well, as a terminal is.
    ///   - errors: the file for its standard error, if not the one for its output.
    ///
    /// The signal mask is emptied, since our threads block everything, and SIGPIPE gets back the meaning we took from it: a
    /// program inherits both.
    public static func start(
        path: String,
        arguments: [String] = [],
        environment: [String: String]? = nil,
        directory: String? = nil,
        input: String? = nil,
        output: String? = nil,
        errors: String? = nil
    ) throws(SystemError) -> ChildProcess {
        var actions = posix_spawn_file_actions_t()
        try checkReturned("posix_spawn_file_actions_init", posix_spawn_file_actions_init(&actions))
        defer { posix_spawn_file_actions_destroy(&actions) }
        let writing = O_WRONLY | O_CREAT | O_APPEND
        var files = [
            (STDIN_FILENO, input ?? "/dev/null", input == nil ? O_RDONLY : O_RDWR),
            (STDOUT_FILENO, output ?? "/dev/null", writing),
        ]
        if let errors { files.append((STDERR_FILENO, errors, writing)) }
        for (descriptor, path, flags) in files {
            let code = posix_spawn_file_actions_addopen(&actions, descriptor, path, flags, 0o600)
            try checkReturned("posix_spawn_file_actions_addopen", code)
        }
        if errors == nil {
            let code = posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO)
            try checkReturned("posix_spawn_file_actions_adddup2", code)
        }
        if let directory {
            let code = posix_spawn_file_actions_addchdir_np(&actions, directory)
            try checkReturned("posix_spawn_file_actions_addchdir_np", code)
        }

        var attributes = posix_spawnattr_t()
        try checkReturned("posix_spawnattr_init", posix_spawnattr_init(&attributes))
        defer { posix_spawnattr_destroy(&attributes) }
        var (none, pipe) = (sigset_t(), sigset_t())
        sigemptyset(&none)
        sigemptyset(&pipe)
        sigaddset(&pipe, SIGPIPE)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &pipe)
        let flags = CShort(POSIX_SPAWN_SETSIGMASK) | CShort(POSIX_SPAWN_SETSIGDEF)
        try checkReturned("posix_spawnattr_setflags", posix_spawnattr_setflags(&attributes, flags))

        let words = ([path] + arguments).map { strdup($0) }
        let variables = environment?.map { strdup("\($0.key)=\($0.value)") }
        defer { for word in words + (variables ?? []) { free(word) } }
        var identifier = pid_t()
        let code =
            if let variables {
                posix_spawn(&identifier, path, &actions, &attributes, words + [nil], variables + [nil])
            } else {
                posix_spawn(&identifier, path, &actions, &attributes, words + [nil], environ)
            }
        try checkReturned("posix_spawn", code)
        return ChildProcess(identifier: identifier)
    }

    /// kill(2); nothing when it has ended.
    public func send(_ signal: Signal) {
        end.withLock { end in
            // Until its end was collected the number is still its own, so this can not fail.
            if end == nil { _ = callOnce { kill(identifier, signal.rawValue) } }
        }
    }

    /// waitpid(2) without waiting: nil while it runs, or stands still.
    public func endIfAny() -> End? {
        end.withLock { end in
            if let end { return end }
            var status: CInt = 0
            let collected = try? systemCall("waitpid") { waitpid(identifier, &status, WNOHANG) }
            // Nobody else collects it, so the only failure would be that there is no such child.
            guard collected == identifier else { return nil }
            // WIFEXITED, WEXITSTATUS and WTERMSIG, which are macros.
            let signal = status & 0x7F
            let result = signal == 0 ? End.exited(status >> 8 & 0xFF) : .killed(signal: signal)
            end = result
            return result
        }
    }
}
