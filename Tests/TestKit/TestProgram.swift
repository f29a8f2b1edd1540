internal import Glibc
public import Linux
public import Networking

/// One of the built programs, running in a folder of its own.
public final class TestProgram {
    public let process: ChildProcess
    public let directory: TestDirectory

    /// Starts it with nothing in its environment but these variables.
    ///
    /// - Parameters:
    ///   - input: what it reads, if it reads.
    ///   - terminal: what it sits at instead.
    public init(
        _ name: String,
        _ words: [String] = [],
        _ environment: [String: String] = [:],
        dotEnv: String? = nil,
        input: [UInt8]? = nil,
        terminal: PseudoTerminal? = nil,
        in directory: TestDirectory? = nil
    ) throws {
        let directory = try directory ?? TestDirectory()
        if let input { try TestFiles.write(input, to: directory.path("input")) }
        if let dotEnv { try TestFiles.write(dotEnv, to: directory.path(".env")) }
        // What sanitizers and the runtime's own loader want to know, and nothing else of ours.
        let kept = ProcessInfo.environment.filter { name, _ in
            name == "LD_LIBRARY_PATH" || name.hasSuffix("SAN_OPTIONS") || name == "SWIFT_BACKTRACE"
        }
        let program = try TestProgram.path(of: name)
        process = try ChildProcess.start(
            path: terminal == nil ? program : "/usr/bin/setsid",
            // The keys that send signals send them to whom the terminal belongs to.
            arguments: terminal == nil ? words : ["--ctty", program] + words,
            environment: kept.merging(environment) { _, given in given },
            directory: directory.path,
            input: terminal?.path ?? input.map { _ in directory.path("input") },
            output: directory.path("output"),
            errors: directory.path("errors")
        )
        self.directory = directory
    }

    deinit {
        process.send(.kill)
        // It has no choice, and the kernel keeps it until somebody has asked.
        while process.endIfAny() == nil { sched_yield() }
    }

    /// The programs lie beside the bundle of tests that is running.
    private static func path(of name: String) throws -> String {
        let tests = try File.resolvedPath("/proc/self/exe")
        return tests[...(tests.lastIndex(of: "/") ?? tests.startIndex)] + name
    }

    /// What it has written so far.
    public var output: String { contents("output") }
    public var errors: String { contents("errors") }

    private func contents(_ name: String) -> String {
        let bytes = try? File.contents(path: directory.path(name), limit: 10_000_000)
        return String(decoding: bytes.flatMap(\.self) ?? [], as: UTF8.self)
    }

    /// Waits until it has said something on its standard error.
    public func waitForErrors(_ text: String, on loop: EventLoop) async throws {
        try await loop.wait(for: "\(text), in: \(errors)") {
            if errors.contains(text) { return true }
            if let ending = process.endIfAny() { throw NeverHappened(what: "\(text), but \(ending): \(errors)") }
            return false
        }
    }

    /// Waits until it serves, and answers where.
    public func address(of part: String = "server", on loop: EventLoop) async throws -> SocketAddress {
        try await waitForErrors(" ready ", on: loop)
        let line = errors.split(separator: "\n").first { $0.contains("listening") && $0.contains("part=\(part) ") }
        guard let text = line?.split(separator: "address=").last, let address = SocketAddress(String(text)) else {
            throw NeverHappened(what: "the address of \(part), in: \(errors)")
        }
        return address
    }

    /// Waits for its end.
    public func ending(on loop: EventLoop) async throws -> ChildProcess.End {
        var ending: ChildProcess.End?
        try await loop.wait(for: "the end of the program") {
            ending = process.endIfAny()
            return ending != nil
        }
        guard let ending else { preconditionFailure("it has ended") }
        return ending
    }
}
