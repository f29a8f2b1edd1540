/// What is wrong with something a person typed, in words for that person. The words never repeat what was typed.
protocol FieldProblem: Error, Equatable, Sendable {
    /// A sentence that goes beside the field.
    var message: String { get }
}
