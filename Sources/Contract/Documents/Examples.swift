internal import Linux

/// What the documents show where a body is made of parts.
enum Examples {
    static let userID = "0198c0de-7a3b-7c11-9d2e-5f6a7b8c9d0e"
    static let sessionID = "0198c0df-1b2c-7d3e-8f40-112233445566"
    static let entryID = "0198c0df-1b2c-7d3f-9a0b-aabbccddeeff"
    static let requestID = "5f0c1d2e3a4b5c6d"
    static let accessToken = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIuLi4ifQ.c2lnbmF0dXJl"
    static let refreshToken = "cmVmcmVzaC10b2tlbi1vZi1hLXNlc3Npb24"
    /// 2026-01-15T10:30:00Z
    static let time = WallTime(seconds: 1_768_473_000)
}
