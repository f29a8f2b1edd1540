import Glibc
import Linux

/// Another process. Its standard output and error go nowhere; it hears us on descriptor 0 and we hear it on descriptor
/// 3.
final class HelperProcess {
    private let identifier: pid_t
    private var input: FileDescriptor?
    private let output: FileDescriptor
    private var received: [UInt8] = []
    private var hasEnded = false

    init(_ path: String, _ arguments: [String], environment added: [String] = []) throws {
        // pipe2 is not in Glibc's module: without the lock a child that is spawned meanwhile would inherit the ends.
        let started = try HelperProcess.spawning.withLock { count in
            count += 1
            return try HelperProcess.spawn(path, arguments, environment: added)
        }
        (identifier, input, output) = started
    }

    /// How many were started.
    private static let spawning = Lock(0)

    private static func spawn(
        _ path: String,
        _ arguments: [String],
        environment added: [String]
    ) throws -> (pid_t, input: FileDescriptor?, output: FileDescriptor) {
        let (childInput, ownOutput) = try makePipe()
        let (ownInput, childOutput) = try makePipe()
        defer {
            childInput.close()
            childOutput.close()
        }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, childInput.number, 0)
        posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, childOutput.number, 3)
        let environment = ProcessInfo.environment.map { "\($0.key)=\($0.value)" } + added
        var pid: pid_t = 0
        let code = withCStrings([path] + arguments) { arguments in
            withCStrings(environment) { environment in
                posix_spawn(&pid, path, &actions, nil, arguments, environment)
            }
        }
        guard code == 0 else {
            ownOutput.close()
            ownInput.close()
            throw SystemError(code: code, call: "posix_spawn")
        }
        return (pid, ownOutput, ownInput)
    }

    deinit {
        kill()
        endInput()
        output.close()
    }

    /// Waits for a line of the child's; nil when it has ended.
    func readLine() throws -> String? {
        while true {
            if let end = received.firstIndex(of: UInt8(ascii: "\n")) {
                defer { received.removeFirst(end + 1) }
                return String(decoding: received[..<end], as: UTF8.self)
            }
            let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 4_096, alignment: 1)
            defer { chunk.deallocate() }
            let count = try output.read(into: chunk)
            if count == 0 { return nil }
            received += chunk[..<count]
        }
    }

    func endInput() {
        input?.close()
        input = nil
    }

    /// SIGKILL, and waits until it is dead.
    func kill() {
        if hasEnded { return }
        Glibc.kill(identifier, SIGKILL)
        _ = waitForEnd()
    }

    /// The exit status; -1 when a signal ended it.
    func waitForEnd() -> Int32 {
        var status: Int32 = 0
        while waitpid(identifier, &status, 0) < 0 {}
        hasEnded = true
        return status & 0x7F == 0 ? status >> 8 & 0xFF : -1
    }

    /// Runs a program to its end.
    static func run(_ path: String, _ arguments: [String]) -> Bool {
        guard let child = try? HelperProcess(path, arguments) else { return false }
        child.endInput()
        return child.waitForEnd() == 0
    }

    private static func makePipe() throws -> (read: FileDescriptor, write: FileDescriptor) {
        var ends: [CInt] = [0, 0]
        guard pipe(&ends) == 0 else { throw SystemError(code: errno, call: "pipe") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (FileDescriptor(number: ends[0]), FileDescriptor(number: ends[1]))
    }

    private static func withCStrings<Result>(
        _ texts: [String],
        _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
    ) -> Result {
        let pointers = texts.map { strdup($0) }
        defer { for pointer in pointers { free(pointer) } }
        return body(pointers + [nil])
    }
}
