import HTTPEngine
import JSON
import TestKit
import Testing

@testable import API
@testable import Contract

/// What is true of every answer of an operation, whatever was asked.
enum Answers {
    /// Holds an answer against the contract: its status, its code, the shape of its content, and what its head must have.
    static func check(_ answer: TestResponse, of operation: Contract.Operation, _ note: Comment) {
        checkHead(answer, note)
        if answer.status.code >= 400, answer.status != .serviceUnavailable || operation.group != .health {
            checkFailure(answer, of: operation, note)
        } else {
            checkSuccess(answer, of: operation, note)
        }
    }

    /// On every answer, promised or not.
    static func checkHead(_ answer: TestResponse, _ note: Comment) {
        let fields = answer.fields
        #expect(fields.single(.xRequestID)?.isEmpty == false, note)
        #expect(fields.values(.xContentTypeOptions) == ["nosniff"], note)
        #expect(fields.values(.xFrameOptions) == ["DENY"], note)
        #expect(fields.values(.referrerPolicy) == ["same-origin"], note)
        #expect(fields.values(.crossOriginResourcePolicy) == ["same-origin"], note)
        #expect(fields.values(.crossOriginOpenerPolicy) == ["same-origin"], note)
        #expect(fields.count(of: .permissionsPolicy) == 1, note)
        #expect(fields.single(.contentSecurityPolicy)?.hasPrefix("default-src 'none'; ") == true, note)
        #expect(!fields.contains(.setCookie), note)
    }

    /// An error answer, promised or not, which tells what it must.
    static func checkEnvelope(_ answer: TestResponse, _ note: Comment) -> ErrorEnvelope? {
        guard let envelope = try? ErrorEnvelope(parsing: answer.body) else {
            Issue.record("no envelope: \(note)")
            return nil
        }
        #expect(answer.fields.values(.contentType) == ["application/json"], note)
        #expect(envelope.requestID == answer.fields.single(.xRequestID), note)
        #expect(!envelope.message.isEmpty, note)
        #expect(answer.fields.values(.cacheControl) == ["no-store"], note)
        let status = answer.status.code
        #expect((answer.fields.single(.wwwAuthenticate)?.hasPrefix("Bearer") == true) == (status == 401), note)
        #expect((answer.fields.single(.allow) != nil) == (status == 405), note)
        if status == 429 || status == 503 {
            #expect(answer.fields.single(.retryAfter).flatMap { Int($0) }.map { $0 >= 1 } == true, note)
        }
        return envelope
    }

    private static func checkFailure(_ answer: TestResponse, of operation: Contract.Operation, _ note: Comment) {
        guard let envelope = checkEnvelope(answer, note) else { return }
        let promised = operation.failures.first { $0.status == answer.status }
        #expect(promised?.codes.contains(envelope.code) == true, "\(operation.id) does not promise this. \(note)")
    }

    private static func checkSuccess(_ answer: TestResponse, of operation: Contract.Operation, _ note: Comment) {
        guard let promised = operation.answers.first(where: { $0.status == answer.status }) else {
            Issue.record("\(operation.id) does not promise this. \(note)")
            return
        }
        for field in promised.fields {
            #expect(answer.fields.pairs.filter { $0.name.lowercased() == field.name.lowercased() }.count == 1, note)
        }
        #expect(answer.fields.single(.contentType) ?? "" == promised.mediaType, note)
        if operation.caller != .anyone { #expect(answer.fields.values(.cacheControl) == ["no-store"], note) }
        guard let component = promised.content else { return }
        let value = try? JSONValue(parsing: answer.body)
        let problems = value.map { component.problems(of: $0, "answer") } ?? ["no JSON"]
        #expect(problems.isEmpty, "\(problems) \(note)")
    }
}

// MARK: - Shapes

extension Component {
    /// Where a value is not of this shape. A field more is one, too: the documents should tell of it.
    fileprivate func problems(of value: JSONValue, _ place: String) -> [String] {
        guard let object = value.object else { return ["\(place) is no object"] }
        var problems = object.members.map(\.name).filter { name in !fields.contains { $0.name == name } }.map {
            "\(place).\($0) is not told of"
        }
        for field in fields {
            guard let member = object[field.name] else {
                if field.isRequired { problems.append("\(place).\(field.name) is missing") }
                continue
            }
            problems += field.schema.problems(of: member, "\(place).\(field.name)")
        }
        return problems
    }
}

extension Schema {
    fileprivate func problems(of value: JSONValue, _ place: String) -> [String] {
        if isNullable, value.isNull { return [] }
        switch shape {
        case .text(let text):
            guard let string = value.string else { return ["\(place) is no text"] }
            if !text.values.isEmpty, !text.values.contains(string) { return ["\(place) is \(string)"] }
            if text.format == "date-time", !string.hasSuffix("Z") { return ["\(place) is no time in UTC"] }
            return []
        case .integer(let range):
            return value.integer.map { range.contains(Int($0)) } == true ? [] : ["\(place) is no such number"]
        case .boolean: return value.boolean == nil ? ["\(place) is no boolean"] : []
        case .list(let element):
            guard let array = value.array else { return ["\(place) is no list"] }
            return array.flatMap { element.problems(of: $0, place + "[]") }
        case .map(let element):
            guard let object = value.object else { return ["\(place) is no object"] }
            return object.members.flatMap { element.problems(of: $0.value, "\(place).\($0.name)") }
        case .anyObject: return value.object == nil ? ["\(place) is no object"] : []
        case .anything: return []
        case .component(let component): return component.problems(of: value, place)
        }
    }
}
