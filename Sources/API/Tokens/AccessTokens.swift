internal import Database
internal import JSON
internal import Linux
internal import Tokens

/// An access token that was just made.
struct IssuedToken: Sendable {
    let text: String
    let token: AccessToken
    /// Seconds.
    let expiresIn: Int
}

/// Issues access tokens and checks them. Lives on one loop, as its keys do.
struct AccessTokens {
    let keys: SigningKeys
    private let issuer: String
    private let audience: String
    private let lifetime: Duration

    init(_ settings: TokenSettings, keys: SigningKeys) {
        self.keys = keys
        issuer = settings.issuer
        audience = settings.audience
        lifetime = settings.accessLifetime
    }

    /// To be asked before anything is done that ends in a token. Keys that are there stay.
    func checkKeys() throws(SigningKeysError) {
        if keys.keySet == nil { throw .unavailable }
    }

    /// A token for the user as they were read from the database. `now` was asked for before that, so that a revocation in
    /// between concerns this token too. It ends with its session at the latest: what ends sessions finds no other.
    func issue(
        for user: User,
        session: UUID,
        endingAt sessionEnd: WallTime? = nil,
        at now: WallTime,
        identifiers: Identifiers = .random
    ) throws(SigningKeysError) -> IssuedToken {
        guard let signer = keys.keySet?.signer else { throw .unavailable }
        let issuedAt = AccessTokens.issueTime(now, validAfter: user.validAfter)
        let token = AccessToken(
            identity: TokenIdentity(session: session, user: user.id, issuedAt: issuedAt),
            id: identifiers.next(at: issuedAt),
            username: user.username,
            email: user.email,
            isAdmin: user.isAdmin,
            expiresAt: min(end(of: issuedAt), sessionEnd.map { WallTime(seconds: $0.seconds) } ?? end(of: issuedAt))
        )
        let text = try sign(Claims(token: token, issuer: issuer, audience: audience), with: signer)
        let expiresIn = Int(max(0, token.expiresAt.seconds - issuedAt.seconds))
        return IssuedToken(text: text, token: token, expiresIn: expiresIn)
    }

    /// What a token says that is good at that time; whether it was revoked is another question. Only a token of a key that
    /// is not known here yet makes it wait for the database.
    func verify(_ text: String, at now: WallTime) async throws(AccessTokenError) -> AccessToken {
        if let token = keys.verifiedToken(text), token.identity.issuedAt <= now, now < end(of: token) { return token }
        guard let keySet = keys.keySet else { throw .unavailable }
        do throws(JWTError) {
            return try read(text, at: now, keySet.verifier)
        } catch {
            guard error == .unknownKey, await keys.lookForNewKeys(), let keySet = keys.keySet else {
                throw AccessTokenError(error)
            }
            do throws(JWTError) {
                return try read(text, at: now, keySet.verifier)
            } catch {
                throw AccessTokenError(error)
            }
        }
    }

    private func read(_ text: String, at now: WallTime, _ verifier: JWTVerifier) throws(JWTError) -> AccessToken {
        guard let token = AccessToken(try verifier.verify(text, at: now)) else { throw .malformedClaims }
        // It was issued when tokens lived longer. What it says of its end is not believed: a revocation is kept no longer
        // than a token of today may run, and this one would come back.
        guard now < end(of: token) else { throw .expired }
        keys.keepVerified(token, text)
        return token
    }

    private func end(of token: AccessToken) -> WallTime { min(token.expiresAt, end(of: token.identity.issuedAt)) }

    /// When a token that was issued then expires. Tokens tell it in whole seconds.
    private func end(of issueTime: WallTime) -> WallTime { WallTime(seconds: issueTime.seconds) + lifetime }

    private func sign(_ claims: Claims, with signer: JWTSigner) throws(SigningKeysError) -> String {
        do {
            return try signer.sign(claims)
        } catch {
            throw .failed(error)
        }
    }

    /// To the millisecond, which is what a token can tell. Rounded down, unless the token would then seem older than the
    /// user's last revocation: that one it is not to fall under, having been asked for after it.
    private static func issueTime(_ now: WallTime, validAfter: WallTime) -> WallTime {
        let milliseconds = now.microseconds / 1_000
        let least = (validAfter.microseconds + 999) / 1_000
        return WallTime(microseconds: max(milliseconds, least) * 1_000)
    }
}

private struct Claims: JSONWritable {
    let token: AccessToken
    let issuer: String
    let audience: String

    func write(to writer: inout JSONWriter) {
        let registered = RegisteredClaims(
            issuer: issuer,
            subject: token.identity.user.description,
            audience: [audience],
            expiry: token.expiresAt,
            issueTime: token.identity.issuedAt,
            tokenID: token.id.description
        )
        writer.object { object in
            registered.writeMembers(to: &object)
            token.writeMembers(to: &object)
        }
    }
}

extension AccessTokenError {
    fileprivate init(_ error: JWTError) { self = error == .expired ? .expired : .invalid(error) }
}
