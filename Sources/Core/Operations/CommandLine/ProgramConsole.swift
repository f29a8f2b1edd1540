internal import Linux

/// Where a command prints: the two standard streams of the process, or what a test gives instead.
public struct ProgramConsole: Sendable {
    private let output: @Sendable (String) -> Void
    private let errors: @Sendable (String) -> Void

    /// The closures get text as it is to be written, with its line ends.
    public init(output: @escaping @Sendable (String) -> Void, errors: @escaping @Sendable (String) -> Void) {
        self.output = output
        self.errors = errors
    }

    /// The standard output and standard error of this process. A failure to write them is let go: there is nobody left
    /// to tell.
    public static let process = ProgramConsole(
        output: { try? FileDescriptor.standardOutput.writeAll($0) },
        errors: { try? FileDescriptor.standardError.writeAll($0) }
    )

    /// Writes a line of the result.
    public func print(_ line: String) { output(line + "\n") }

    /// Writes text of the result as it is.
    public func write(_ text: String) { output(text) }

    /// Writes a line about what went wrong or is odd.
    public func complain(_ line: String) { errors(line + "\n") }
}
