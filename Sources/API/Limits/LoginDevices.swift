internal import Cryptography
internal import Ephemeral
internal import Linux

/// The devices that signed in to an account before: known by a token they were given then, or else by their address.
struct LoginDevices {
    let store: any EphemeralStore
    let tokens: DeviceTokens

    /// What a device may be known by.
    struct Signs: Sendable {
        let token: String?
        let address: IPAddress?
    }

    enum Device: Sendable {
        case named([UInt8])
        case at(IPAddress)

        var key: String {
            switch self {
            case .named(let name): "t:" + Base64URL.encode(name.span)
            case .at(let address): "a:" + address.networkName
            }
        }
    }

    /// By its token rather than by its address, which others may share.
    func find(_ signs: Signs, of account: LoginAccount, at now: WallTime) async throws(EphemeralStoreError) -> Device? {
        if let token = signs.token, let name = tokens.name(in: token, of: account, at: now) { return .named(name) }
        guard let address = signs.address else { return nil }
        return try await store.get([key(address, of: account)])[0] == nil ? nil : .at(address)
    }

    /// Remembers the address, as far as somebody can, and answers the token for the next time.
    func remember(
        _ device: Device?,
        at address: IPAddress?,
        of account: LoginAccount,
        at now: WallTime
    ) async -> String {
        if let address {
            let key = key(address, of: account)
            _ = try? await store.set(key, to: [1], expiresIn: DeviceTokens.life, when: .always)
        }
        let name = if case .named(let name) = device { name } else { tokens.makeName() }
        return tokens.text(for: name, of: account, at: now)
    }

    private func key(_ address: IPAddress, of account: LoginAccount) -> String {
        "login:known:\(account.key):\(address.networkName)"
    }
}
