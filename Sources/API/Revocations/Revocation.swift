internal import Database
internal import Linux

/// Something that tokens, though signed and running, no longer stand for.
struct Revocation: Equatable, Sendable {
    enum Subject: Hashable, Sendable {
        /// Every token of the session, whenever it was issued.
        case session(UUID)
        /// Every token of the user that was issued before `validAfter`.
        case user(UUID)
    }

    let subject: Subject
    let validAfter: WallTime
    /// When the last token it concerns has expired, and it is of no use any more.
    let expiresAt: WallTime
}

/// What a token says of itself that a revocation can be about.
struct TokenIdentity: Equatable, Sendable {
    let session: UUID
    let user: UUID
    /// To the millisecond at least: a second is long enough to log out and in again.
    let issuedAt: WallTime
}
