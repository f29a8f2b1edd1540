/// How a line is laid out: for a person at a terminal, or as one JSON object for a machine.
public enum LogFormat: String, CaseIterable, Sendable {
    case text, json
}
