internal import Contract
internal import JSON
internal import Linux

/// What is kept of somebody who is signed in.
struct SessionRecord: Equatable, Sendable {
    private(set) var accessToken: String
    private(set) var refreshToken: String
    /// From when on the access token is not used any more: a little before it expires.
    private(set) var renewal: WallTime
    /// As the API told it last, for what is shown around a page: what somebody may do is for the API to say.
    var user: UserBody
    /// "Keep me signed in": such a session does not end by idleness.
    let isKept: Bool
    let start: WallTime
    /// When it was last used, as far as was noted.
    private(set) var lastUse: WallTime

    init(_ tokens: TokensBody, isKept: Bool, at now: WallTime) {
        accessToken = tokens.accessToken
        refreshToken = tokens.refreshToken
        renewal = SessionRecord.renewal(tokens, at: now)
        user = tokens.user
        self.isKept = isKept
        start = now.wholeSeconds
        lastUse = start
    }

    /// Takes the next tokens.
    mutating func take(_ tokens: TokensBody, at now: WallTime) {
        accessToken = tokens.accessToken
        refreshToken = tokens.refreshToken
        renewal = SessionRecord.renewal(tokens, at: now)
        user = tokens.user
        noteUse(at: now)
    }

    mutating func noteUse(at now: WallTime) { lastUse = now.wholeSeconds }

    /// A token that expires on its way is a call for nothing.
    private static func renewal(_ tokens: TokensBody, at now: WallTime) -> WallTime {
        let life = max(tokens.expiresIn, 0)
        return now.wholeSeconds + .seconds(life - min(15, life / 4))
    }
}

// MARK: - As it is kept

extension SessionRecord: JSONWritable {
    private static let version = 1

    func write(to writer: inout JSONWriter) {
        writer.object { record in
            record.member("version", SessionRecord.version)
            record.member("access_token", accessToken)
            record.member("refresh_token", refreshToken)
            record.member("renewal", renewal.seconds)
            record.member("user", user)
            record.member("is_kept", isKept)
            record.member("start", start.seconds)
            record.member("last_use", lastUse.seconds)
        }
    }

    /// Nil for what another version of the program wrote.
    init?(parsing json: [UInt8]) {
        guard let object = try? JSONObject(parsing: json), object["version"]?.integer == Int64(SessionRecord.version),
            let accessToken = object["access_token"]?.string, let refreshToken = object["refresh_token"]?.string,
            let renewal = object["renewal"]?.integer,
            let user = object["user"]?.object.flatMap({ try? UserBody(parsing: $0.json) }),
            let isKept = object["is_kept"]?.boolean, let start = object["start"]?.integer,
            let lastUse = object["last_use"]?.integer
        else { return nil }
        self.accessToken = accessToken
        self.refreshToken = refreshToken
        self.renewal = WallTime(seconds: renewal)
        self.user = user
        self.isKept = isKept
        self.start = WallTime(seconds: start)
        self.lastUse = WallTime(seconds: lastUse)
    }
}

extension SessionRecord: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    var description: String { "session of \(user.id), tokens ****" }
    var debugDescription: String { description }
    var customMirror: Mirror { Mirror(self, children: ["user": user.id]) }
}

extension WallTime {
    /// As much of a time as is kept: so a record is the same before and after.
    fileprivate var wholeSeconds: WallTime { WallTime(seconds: seconds) }
}
