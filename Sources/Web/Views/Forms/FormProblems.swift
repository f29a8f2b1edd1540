internal import Contract

/// What is wrong with a form: as a whole, and field by field.
struct FormProblems: Equatable, Sendable {
    static let none = FormProblems()

    var message: String?
    var fields: FieldErrors

    init(message: String? = nil, fields: FieldErrors = FieldErrors()) {
        self.message = message
        self.fields = fields
    }

    /// The message of an error with fields only says that there are some.
    init(_ envelope: ErrorEnvelope) {
        self.init(message: envelope.fields.isEmpty ? envelope.message : nil, fields: envelope.fields)
    }

    var isEmpty: Bool { message == nil && fields.isEmpty }
}
