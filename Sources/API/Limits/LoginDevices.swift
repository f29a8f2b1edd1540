internal import Cryptography
internal import Ephemeral
internal import HTTPEngine
internal import Linux

/// The devices that signed in to an account before: known by a token they were given then, or else by their address.
struct LoginDevices {
    let store: any EphemeralStore

    /// What a device may be known by.
    struct Signs: Sendable {
        let token: String?
        let address: IPAddress?

        init(token: String?, address: IPAddress?) {
            // What we never gave to anybody need not be looked for.
            self.token = token.flatMap { $0.utf8.count == LoginDevices.tokenLength ? $0 : nil }
            self.address = address
        }
    }

    /// From one sign-in to the next.
    private static let memory = Duration.seconds(90 * 86_400)
    /// 128 bits in Base64url.
    private static let tokenLength = 22

    /// A device that is known, and the token it was known by, if it was.
    struct Device: Sendable {
        let name: String
        let token: String?
    }

    /// By its token rather than by its address, which others may share.
    func find(_ signs: Signs, of account: LoginAccount) async throws(EphemeralStoreError) -> Device? {
        var devices: [Device] = []
        if let token = signs.token { devices.append(Device(name: tokenName(token), token: token)) }
        if let address = signs.address { devices.append(Device(name: addressName(address), token: nil)) }
        let found = try await store.get(devices.map { key($0.name, of: account) })
        return zip(devices, found).first { $1 != nil }?.0
    }

    /// Remembers a device, and answers its token: a new one unless it was known by one.
    func remember(
        _ device: Device?,
        at address: IPAddress?,
        of account: LoginAccount
    ) async throws(EphemeralStoreError) -> String {
        let token = device?.token ?? Base64URL.encode(SecureRandom().bytes(count: 16).span)
        let names = [tokenName(token), address.map(addressName)].compactMap { $0 }
        try await store.set(
            names.map { EphemeralEntry(key: key($0, of: account), value: [1], expiresIn: LoginDevices.memory) }
        )
        return token
    }

    /// The store holds no token, only what it becomes: who reads the store can not pass for a device.
    private func tokenName(_ token: String) -> String { "t:" + Base64URL.encode(SHA256.hash(Array(token.utf8)).span) }

    private func addressName(_ address: IPAddress) -> String { "a:" + address.networkName }

    private func key(_ name: String, of account: LoginAccount) -> String { "login:known:\(account.key):\(name)" }
}

extension HTTPFieldName {
    /// The token of a device: in the answer to a sign-in, and in the requests for the next ones.
    static let xDeviceToken = HTTPFieldName("X-Device-Token")
}
