public import HTTPEngine

/// One thing the API can be asked to do: the API serves it and the web front end calls it by the same value, and the
/// documents are made from it.
public struct Operation: Sendable {
    /// Names it among all others: `operationId` in the documents.
    public let id: String
    public let group: Group
    public let method: HTTPMethod
    /// Written `/users/{id}`.
    public let path: String
    /// Where the same is served too.
    public let aliases: [String]
    /// Who may ask. There is no default: whoever adds an operation has to decide it.
    public let caller: Caller
    /// One line, for listings.
    public let summary: String
    /// What else there is to know; may be empty.
    public let notes: String
    /// Those of the query.
    public let parameters: [Parameter]
    /// What the head of the request may say that means something to this operation alone.
    let fields: [Parameter]
    public let content: Content?
    public let answers: [Answer]
    public let failures: [Failure]
    /// Whether requests are counted; then every answer says what is left.
    public let isLimited: Bool

    init(
        _ id: String,
        _ group: Group,
        _ method: HTTPMethod,
        _ path: String,
        aliases: [String] = [],
        caller: Caller,
        summary: String,
        notes: String = "",
        parameters: [Parameter] = [],
        fields: [Parameter] = [],
        content: Content? = nil,
        isLimited: Bool = true,
        answers: Answer...,
        failures own: [Failure] = []
    ) {
        self.id = id
        self.group = group
        self.method = method
        self.path = path
        self.aliases = aliases
        self.caller = caller
        self.summary = summary
        self.notes = notes
        self.parameters = parameters
        self.fields = fields
        self.content = content
        self.answers = answers
        self.isLimited = isLimited
        failures = Failure.merged(
            own + Failure.implied(by: caller) + Failure.implied(by: content)
                + (parameters.isEmpty ? [] : Failure.ofQueries)
                + (path.contains("{") ? Failure.ofPaths : [])
                + (isLimited ? Failure.ofLimits : [])
                + (group == .health ? [] : Failure.ofStores)
                + Failure.ofAll
        )
    }

    public var paths: [String] { [path] + aliases }

    /// Where to send a request that concerns one thing: the path with an identifier in it. Nil for what no encoding can
    /// make one segment of a path: it would lead to another operation.
    public func target(id: String) -> String? {
        if ["", ".", ".."].contains(id) { return nil }
        let segment = PercentEncoding.encodePathSegment(id)
        return path.split(separator: "/").map { "/" + ($0 == "{id}" ? segment : String($0)) }.joined()
    }

    /// The names in the braces of the path.
    var pathParameters: [String] { (try? PathPattern(path))?.parameterNames ?? [] }
}

extension Operation {
    public enum Caller: String, CaseIterable, Sendable {
        case anyone
        /// Who has a refresh token, or an access token where that is what ends.
        case holder
        /// Who has an access token: a service that asks on behalf of somebody.
        case bearer
        case user
        /// A user may ask about themself.
        case administratorOrSelf = "administrator or self"
        case administrator
    }

    /// Under which heading the documents tell it.
    public enum Group: String, CaseIterable, Sendable {
        case authentication = "Authentication"
        case account = "Own account"
        case users = "Users"
        case administration = "Administration"
        case service = "Service"
        /// Asked often by machines that watch: never limited.
        case health = "Health"
    }

    /// What is sent with the request.
    public struct Content: Sendable {
        public let schema: Component
        public let isOptional: Bool

        init<Body: RequestBody>(_ body: Body.Type) {
            schema = Body.schema
            isOptional = Body.absent != nil
        }
    }

    /// What comes back when all is well.
    public struct Answer: Sendable {
        public let status: HTTPStatus
        let summary: String
        public let content: Component?
        let mediaType: String
        let fields: [Field]

        /// A field of the answer's head.
        struct Field: Sendable {
            let name: String
            let note: String
        }

        init(
            _ status: HTTPStatus,
            _ summary: String,
            _ content: Component,
            as mediaType: String = "application/json",
            fields: [Field] = []
        ) {
            self.status = status
            self.summary = summary
            self.content = content
            self.mediaType = mediaType
            self.fields = fields
        }

        /// Without content, or with one that has no shape to tell.
        init(_ status: HTTPStatus, _ summary: String, as mediaType: String = "", fields: [Field] = []) {
            self.status = status
            self.summary = summary
            content = nil
            self.mediaType = mediaType
            self.fields = fields
        }
    }
}
