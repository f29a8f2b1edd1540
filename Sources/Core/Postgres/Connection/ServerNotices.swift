internal import Operations

/// What the server says unasked, on its way to the log. A notice may quote data, so only its codes and names are logged.
final class ServerNotices {
    private let logger: Logger

    init(logger: Logger) { self.logger = logger }

    fileprivate func log(_ notice: OpaquePointer) {
        let severity = ErrorField.severity.text(in: notice) ?? "NOTICE"
        let level: LogLevel =
            switch severity {
            case "WARNING", "ERROR", "FATAL", "PANIC": .warning
            case "DEBUG": .debug
            default: .notice
            }
        guard logger.isEnabled(level) else { return }
        var fields: LogFields = ["severity": .string(severity)]
        let named: [(String, ErrorField)] = [
            ("sql_state", .sqlState), ("table", .table), ("constraint", .constraint),
            ("routine", .routine),
        ]
        for (name, field) in named {
            if let value = field.text(in: notice) { fields.append(name, .string(value)) }
        }
        logger.log(level, "the database sent a notice", fields)
    }
}

/// A PQnoticeReceiver. The result stays libpq's:
///
/// > The notice receiver is passed a PGRES_NONFATAL_ERROR PGresult.
func receiveNotice(_ context: UnsafeMutableRawPointer?, _ notice: OpaquePointer?) {
    guard let context, let notice else { return }
    Unmanaged<ServerNotices>.fromOpaque(context).takeUnretainedValue().log(notice)
}
