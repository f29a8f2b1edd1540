/// What one loop makes and checks tokens with.
struct TokenParts {
    let settings: TokenSettings
    let keys: SigningKeys
    let access: AccessTokens
    let refresh: RefreshTokens

    init(_ settings: TokenSettings, secret: TokenSecret, keys: SigningKeys) {
        self.settings = settings
        self.keys = keys
        access = AccessTokens(settings, keys: keys)
        refresh = RefreshTokens(secret)
    }
}
