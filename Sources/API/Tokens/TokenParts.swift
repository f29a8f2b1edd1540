internal import Cryptography

/// What one loop makes and checks tokens with.
struct TokenParts {
    let settings: TokenSettings
    let keys: SigningKeys
    let access: AccessTokens
    let refresh: RefreshTokens
    /// Authenticates the tokens by which devices are known again.
    let deviceKey: HMACSHA256

    init(_ settings: TokenSettings, secret: TokenSecret, keys: SigningKeys) {
        self.settings = settings
        self.keys = keys
        access = AccessTokens(settings, keys: keys)
        refresh = RefreshTokens(secret)
        deviceKey = secret.devices
    }
}
