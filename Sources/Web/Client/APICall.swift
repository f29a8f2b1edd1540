internal import Contract
internal import HTTPEngine
internal import JSON

/// One request to the API, by an operation of the contract, and how its answer is read.
struct APICall<Answer: Sendable>: Sendable {
    let operation: Contract.Operation
    let target: String
    let content: [UInt8]?
    let read: @Sendable (HTTPFields, [UInt8]) throws(UnexpectedAnswer) -> Answer

    var isChange: Bool { operation.method != .get }

    private init(
        _ operation: Contract.Operation,
        target: String,
        _ content: (any RequestBody)?,
        _ read: @escaping @Sendable (HTTPFields, [UInt8]) throws(UnexpectedAnswer) -> Answer
    ) {
        self.operation = operation
        self.target = target
        self.content = content?.json
        self.read = read
    }
}

extension APICall where Answer: AnswerBody {
    init(_ operation: Contract.Operation, query: String = "", _ content: (any RequestBody)? = nil) {
        self.init(operation, target: operation.path + query, content, APICall.body)
    }

    init(_ operation: Contract.Operation, of id: Identifier, _ content: (any RequestBody)? = nil) {
        self.init(operation, target: id.target(of: operation), content, APICall.body)
    }

    private static func body(_ fields: HTTPFields, _ content: [UInt8]) throws(UnexpectedAnswer) -> Answer {
        try Answer(parsing: content)
    }
}

extension APICall where Answer == Void {
    init(_ operation: Contract.Operation, _ content: (any RequestBody)? = nil) {
        self.init(operation, target: operation.path, content) { (_, _) throws(UnexpectedAnswer) in () }
    }

    init(_ operation: Contract.Operation, of id: Identifier, query: String = "") {
        self.init(operation, target: id.target(of: operation) + query, nil) { (_, _) throws(UnexpectedAnswer) in () }
    }
}

extension APICall where Answer == HTTPFields {
    /// For an answer whose head says all.
    init(_ operation: Contract.Operation) {
        self.init(operation, target: operation.path, nil) { (fields, _) throws(UnexpectedAnswer) in fields }
    }
}

extension APICall where Answer == SignInAnswer {
    init(_ operation: Contract.Operation, _ content: any RequestBody) {
        self.init(operation, target: operation.path, content) { (fields, content) throws(UnexpectedAnswer) in
            SignInAnswer(tokens: try TokensBody(parsing: content), device: fields.single(.xDeviceToken))
        }
    }
}

/// What a sign-in gives: the tokens, and by what the browser is known at the next one.
struct SignInAnswer: Sendable {
    let tokens: TokensBody
    let device: String?
}
