internal import HTTPEngine
internal import JSON

/// The one shape of every error answer: `{"error":{"code","message","details","request_id"}}`.
public struct ErrorEnvelope: Sendable {
    public let code: ErrorCode
    public let message: String
    public let requestID: String

    public init(code: ErrorCode, message: String, requestID: String) {
        self.code = code
        self.message = message
        self.requestID = requestID
    }

    public var json: [UInt8] {
        var writer = JSONWriter()
        writer.object { root in
            root.key("error")
            root.object { error in
                error.member("code", code.rawValue)
                error.member("message", message)
                error.key("details")
                error.null()
                error.member("request_id", requestID)
            }
        }
        return writer.bytes
    }
}
