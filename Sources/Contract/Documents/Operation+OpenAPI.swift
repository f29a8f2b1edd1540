internal import HTTPEngine
internal import JSON

/// An operation object of OpenAPI 3.1 (§4.8.10).
extension Operation {
    func write(at path: String, to writer: inout JSONWriter) {
        writer.object { operation in
            operation.member("operationId", identifier(at: path))
            operation.key("tags")
            operation.array { $0.string(group.rawValue) }
            operation.member("summary", summary)
            operation.member("description", description(at: path))
            if !pathParameters.isEmpty || !parameters.isEmpty || !fields.isEmpty {
                operation.key("parameters")
                operation.array { writeParameters(to: &$0) }
            }
            if let content {
                operation.key("requestBody")
                operation.object { content.write(to: &$0) }
            }
            operation.key("responses")
            operation.object { writeResponses(to: &$0) }
            operation.key("security")
            operation.array { writeSecurity(to: &$0) }
        }
    }

    /// An alias is an operation of its own there, and so needs a name of its own.
    private func identifier(at path: String) -> String {
        guard let place = aliases.firstIndex(of: path) else { return id }
        return id + "Alias" + (place == 0 ? "" : String(place + 1))
    }

    private func description(at path: String) -> String {
        let sentences = [
            "Who may ask: \(caller.rawValue).", notes, path == self.path ? "" : "The same as \(self.path).",
        ]
        return sentences.filter { !$0.isEmpty }.joined(separator: " ")
    }

    private func writeParameters(to writer: inout JSONWriter) {
        for name in pathParameters {
            writer.object { parameter in
                parameter.member("name", name)
                parameter.member("in", "path")
                parameter.member("required", true)
                parameter.member("schema", Schema.identifier)
            }
        }
        for query in parameters {
            writer.object { parameter in
                parameter.member("name", query.name)
                parameter.member("in", "query")
                parameter.member("description", query.note)
                // It counts as none, as QueryReader has it.
                parameter.member("allowEmptyValue", true)
                parameter.member("schema", query.schema)
            }
        }
        for field in fields {
            writer.object { parameter in
                parameter.member("name", field.name)
                parameter.member("in", "header")
                parameter.member("description", field.note)
                parameter.member("schema", field.schema)
            }
        }
    }

    /// An empty requirement says that none is needed: where a token may be in the content instead, there are both.
    private func writeSecurity(to writer: inout JSONWriter) {
        if caller == .anyone { return }
        writer.object { requirement in
            requirement.key("bearer")
            requirement.array { _ in }
        }
        if caller == .holder { writer.object { _ in } }
    }

    private func writeResponses(to writer: inout JSONWriter) {
        for answer in answers {
            writer.key(String(answer.status.code))
            writer.object { answer.write(of: self, to: &$0) }
        }
        for failure in failures where !answers.contains(where: { $0.status == failure.status }) {
            writer.key(String(failure.status.code))
            writer.object { failure.write(of: self, to: &$0) }
        }
    }
}

extension Operation.Content {
    fileprivate func write(to body: inout JSONWriter) {
        body.member("required", !isOptional)
        body.key("content")
        body.object { content in
            content.key("application/json")
            content.object { media in
                media.member("schema", Schema.component(schema))
                media.member("example", schema.example)
            }
        }
    }
}

extension Operation.Answer {
    fileprivate func write(of operation: Operation, to response: inout JSONWriter) {
        response.member("description", summary)
        operation.writeFields(fields, to: &response)
        if mediaType.isEmpty { return }
        response.key("content")
        response.object { body in
            body.key(mediaType)
            body.object { media in
                if let content {
                    media.member("schema", Schema.component(content))
                    media.member("example", content.example)
                } else {
                    media.member("schema", mediaType == "application/json" ? Schema.anyObject : .text)
                }
            }
        }
    }
}

extension Operation {
    /// What the head of an answer says: its own fields, and those of every answer.
    fileprivate func writeFields(_ fields: [Answer.Field], to response: inout JSONWriter) {
        response.key("headers")
        response.object { headers in
            for field in Answer.Field.ofAll + (isLimited ? Answer.Field.ofLimits : []) {
                headers.key(field.name)
                headers.object { $0.member("$ref", field.reference) }
            }
            for field in fields { field.write(to: &headers) }
        }
    }
}

extension Operation.Answer.Field {
    static let ofAll = [Self(name: "X-Request-ID", note: "Names the request in the log.")]

    /// On every answer to a request that was counted: none where limits are switched off.
    static let ofLimits = [
        Self(name: "RateLimit-Policy", note: #"The windows in which requests are counted: "minute";q=60;w=60, …"#),
        Self(
            name: "RateLimit",
            note: #"The window that leaves least, and how much: "minute";r=12. With ;t=30 there is more after so long."#
        ),
    ]

    fileprivate var reference: String { "#/components/headers/\(name)" }

    /// The field and what it is, as a member of an object that has been opened.
    func write(to headers: inout JSONWriter) {
        headers.key(name)
        headers.object { header in
            header.member("description", note)
            header.member("schema", Schema.text)
        }
    }
}

extension Failure {
    /// What the head of the answer says besides.
    private var fields: [Operation.Answer.Field] {
        switch status {
        case .unauthorized: [.init(name: "WWW-Authenticate", note: "Bearer.")]
        case .tooManyRequests, .serviceUnavailable:
            [.init(name: "Retry-After", note: "After how many seconds trying again may help.")]
        default: []
        }
    }

    fileprivate func write(of operation: Operation, to response: inout JSONWriter) {
        let names = codes.map(\.rawValue).joined(separator: ", ")
        response.member("description", "\(names): \(reasons.joined(separator: " "))")
        operation.writeFields(fields, to: &response)
        response.key("content")
        response.object { body in
            body.key("application/json")
            body.object { media in
                media.member("schema", Schema.component(ErrorEnvelope.schema))
                media.member("example", example)
            }
        }
    }

    private var example: ErrorEnvelope {
        let code = codes.first ?? ErrorCode(status)
        if status == .unprocessableContent { return .example }
        return ErrorEnvelope(code: code, message: reasons.first ?? "", requestID: Examples.requestID)
    }
}
