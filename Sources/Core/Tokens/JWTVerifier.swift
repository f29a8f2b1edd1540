internal import Cryptography
internal import JSON
public import Linux
internal import Text

/// Tells whether tokens (RFC 7519, in the compact form of RFC 7515) are genuine and meant for us. It never changes, so all
/// threads may share it; when keys change, there is a new one.
///
/// Accepted are exactly the keys it was made with, each with its own algorithm. What a token says about itself only chooses
/// among them.
public struct JWTVerifier: Sendable {
    /// More than a header field of a request may hold.
    public static let maximumLength = 8_192

    private struct Candidate: Sendable {
        let key: JWTVerificationKey
        /// The first part of tokens that JWTSigner makes for it: when the bytes are the same, nothing needs to be parsed.
        let segment: [UInt8]
    }

    private let candidates: [Candidate]
    private let expectations: JWTExpectations

    /// Several keys need identifiers, and no two the same.
    public init(keys: [JWTVerificationKey], expecting expectations: JWTExpectations) {
        let names = Set(keys.map(\.keyID))
        precondition(names.count == keys.count, "two keys for tokens have the same identifier")
        precondition(keys.count < 2 || !names.contains(nil), "one of several keys for tokens has no identifier")
        self.expectations = expectations
        candidates = keys.map { key in
            let header = JWTHeader(algorithm: key.algorithm, keyID: key.keyID, type: expectations.type ?? "JWT")
            return Candidate(key: key, segment: header.segment)
        }
    }

    public func verify(_ token: String, at time: WallTime) throws(JWTError) -> JWTClaims {
        try verify(token.utf8Span.span, at: time)
    }

    /// The claims of a token that is good at that time. They are not looked at before the signature was found right.
    public func verify(_ token: Span<UInt8>, at time: WallTime) throws(JWTError) -> JWTClaims {
        guard token.count <= JWTVerifier.maximumLength else { throw .tooLong }
        // The first dot and the last. Another one between them is no character of base64url.
        guard let last = token.indices.last(where: { token[$0] == JWTSyntax.dot }) else { throw .malformed }
        let (key, first) = try key(for: token)
        guard first < last, let signature = Base64URL.decode(token.extracting((last + 1)...)) else { throw .malformed }
        guard key.isValid(signature.span, for: token.extracting(..<last)) else { throw .wrongSignature }
        guard let payload = Base64URL.decode(token.extracting((first + 1)..<last)) else { throw .malformed }
        let object: JSONObject
        do throws(JSONError) {
            object = try JSONObject(parsing: payload.span)
        } catch {
            throw .malformed
        }
        let claims = JWTClaims(registered: try RegisteredClaims(reading: object), object: object)
        try check(claims.registered, at: time)
        return claims
    }

    /// The key a token names, and where its first dot is.
    private func key(for token: Span<UInt8>) throws(JWTError) -> (JWTVerificationKey, Int) {
        for candidate in candidates where token.begins(with: candidate.segment) {
            let end = candidate.segment.count
            if end < token.count, token[end] == JWTSyntax.dot { return (candidate.key, end) }
        }
        guard let end = token.indices.first(where: { token[$0] == JWTSyntax.dot }) else { throw .malformed }
        let header = try JWTHeader(parsing: token.extracting(..<end))
        guard isExpected(header.type) else { throw .wrongType }
        for candidate in candidates where candidate.key.algorithm.rawValue.hasSameBytes(as: header.algorithm) {
            if isNamed(candidate.key, by: header) { return (candidate.key, end) }
        }
        throw .unknownKey
    }

    private func isNamed(_ key: JWTVerificationKey, by header: JWTHeader) -> Bool {
        // Who has only one key needs no name for it.
        guard let keyID = header.keyID else { return candidates.count == 1 }
        return key.keyID?.hasSameBytes(as: keyID) ?? false
    }

    private func isExpected(_ type: String?) -> Bool {
        guard let type else { return expectations.type == nil }
        return type.hasSameBytes(as: expectations.type ?? "JWT")
    }

    /// > StringOrURI values are compared as case-sensitive strings with no transformations or canonicalizations applied.
    /// (RFC 7519 §2)
    ///
    /// The time of expiry comes last: `expired` tells people to sign in again, which helps only when all else is right.
    private func check(_ claims: RegisteredClaims, at time: WallTime) throws(JWTError) {
        if let issuer = expectations.issuer {
            guard let claimed = claims.issuer, claimed.hasSameBytes(as: issuer) else { throw .wrongIssuer }
        }
        if let audience = expectations.audience {
            guard claims.audience.contains(where: audience.hasSameBytes) else { throw .wrongAudience }
        } else if !claims.audience.isEmpty {
            throw .wrongAudience
        }
        let latestStart = time.seconds + expectations.startLeeway
        for start in [claims.issueTime, claims.notBefore] {
            if let start, start.seconds > latestStart { throw .notYetValid }
        }
        // > The "exp" claim identifies the expiration time on or after which the JWT MUST NOT be accepted for processing.
        guard time.seconds - expectations.expiryLeeway < claims.expiry.seconds else { throw .expired }
    }
}

extension Span<UInt8> {
    fileprivate func begins(with bytes: [UInt8]) -> Bool {
        guard count >= bytes.count else { return false }
        let bytes = bytes.span
        for index in bytes.indices where self[index] != bytes[index] { return false }
        return true
    }
}
