import JSON
import Passwords

@testable import HTTPEngine

/// What can be fuzzed. Every target checks more than the absence of a crash: reading the same bytes in other portions, or
/// writing what was read, must lead to the same.
enum FuzzTarget: String, CaseIterable {
    case request
    case response
    case chunked
    case form
    case cookie
    case percent
    case json
    case jwt
    case hash
    case mustache

    /// FUZZ_TARGET names it.
    static let chosen: FuzzTarget = {
        let name = FuzzEnvironment.targetName
        guard let target = FuzzTarget(rawValue: name) else {
            preconditionFailure("FUZZ_TARGET is not one of \(allCases.map(\.rawValue)): \(name)")
        }
        return target
    }()

    func run(_ bytes: [UInt8]) {
        switch self {
        case .request: compare(bytes) { RequestRun($0) }
        case .response:
            // Of the method the framing depends: an answer to HEAD says how long it would be, and is not.
            for method in [HTTPMethod.get, .head] { compare(bytes) { ResponseRun($0, to: method) } }
        case .chunked: compare(bytes) { ContentRun($0) }
        case .form: checkForm(bytes)
        case .cookie: checkCookies(bytes)
        case .percent: PercentCheck(bytes).run()
        case .json: JSONCheck(bytes).run()
        case .jwt: JWTRun.check(bytes)
        case .hash: checkStoredHash(bytes)
        case .mustache: MustacheRun.check(bytes)
        }
    }

    /// Whole, byte by byte, and cut at a place that the input itself chooses.
    private func compare<Run: Equatable>(_ bytes: [UInt8], _ read: ([[UInt8]]) -> Run) {
        let whole = read([bytes])
        precondition(whole == read(bytes.map { [$0] }), "byte by byte it reads differently")
        if let last = bytes.last {
            let cut = Int(last) * bytes.count / 256
            precondition(
                whole == read([Array(bytes[..<cut]), Array(bytes[cut...])]),
                "cut at \(cut) it reads differently"
            )
        }
    }

    private func checkForm(_ bytes: [UInt8]) {
        guard let form = try? URLEncodedForm(parsing: bytes) else { return }
        guard let again = try? URLEncodedForm(parsing: [UInt8](form.serialized.utf8)) else {
            preconditionFailure("what was written can not be read")
        }
        precondition(form == again, "what was written reads differently")
    }

    private func checkCookies(_ bytes: [UInt8]) {
        let printable = bytes.filter { $0 >= 0x20 && $0 != 0x7F || $0 == 9 }
        var fields = HTTPFields()
        fields.append(.cookie, String(decoding: printable, as: UTF8.self))
        for pair in Cookies(fields).pairs {
            guard let cookie = try? SetCookie(name: pair.name, value: pair.value) else { continue }
            let parsed = SetCookie(parsing: cookie.fieldValue)
            precondition(parsed?.name == pair.name && parsed?.value == pair.value, "a cookie changed on its way")
        }
        _ = SetCookie(parsing: String(decoding: printable, as: UTF8.self))
    }

    private func checkStoredHash(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        guard let hash = try? PasswordHash(text) else { return }
        precondition(hash.text == text, "a stored hash is written otherwise than it was read")
    }
}
