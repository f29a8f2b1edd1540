import Linux
import Operations

/// Keeps what a program prints.
final class ConsoleRecorder: Sendable {
    private struct Printed {
        var output = ""
        var errors = ""
    }

    private let printed = Monitor(Printed())

    var console: ProgramConsole {
        ProgramConsole(
            output: { text in self.printed.update { $0.output += text } },
            errors: { text in self.printed.update { $0.errors += text } }
        )
    }

    var output: String { printed.update { $0.output } }
    var errors: String { printed.update { $0.errors } }
}
