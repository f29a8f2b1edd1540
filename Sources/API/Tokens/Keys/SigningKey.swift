internal import Cryptography
internal import Database
internal import Linux
internal import Tokens

/// A key pair as the database keeps it.
struct SigningKey: Equatable, Sendable {
    enum State: String, CaseIterable, Sendable {
        /// Published, so that everybody knows it before it signs.
        case next
        /// Signs.
        case active
        /// Signs no more; what it signed is accepted until it has expired.
        case retired
    }

    /// The thumbprint of the public half: the `kid` of tokens.
    let id: String
    let algorithm: JWTAlgorithm
    var state: State
    /// SubjectPublicKeyInfo in DER.
    let publicKey: [UInt8]
    /// The private half in a sealed box. A retired key has an empty box: its private half is gone.
    var sealedPrivateKey: [UInt8]
    let createdAt: WallTime
    var activatedAt: WallTime?
    var retiredAt: WallTime?
}

// MARK: - Sealing

extension SigningKey {
    /// What `SigningKey` holds, once it was opened.
    enum Opened {
        case pair(PrivateKey)
        /// Of a retired key.
        case publicHalf(PublicKey)

        var verificationKey: PublicKey {
            switch self {
            case .pair(let key): key.publicKey
            case .publicHalf(let key): key
            }
        }
    }

    init(_ key: PrivateKey, _ state: State, sealing: SealingKey, at time: WallTime) {
        id = key.publicKey.webKey.thumbprint
        algorithm = JWTAlgorithm(key.kind)
        self.state = state
        publicKey = key.publicKey.der
        sealedPrivateKey = sealing.seal(key.pkcs8, context: SigningKey.context(id)).bytes
        createdAt = time
        activatedAt = state == .active ? time : nil
    }

    /// In place of a private half that is not needed any more. It still vouches for the public half: a row that somebody
    /// put into the database, without knowing the secret, is no key.
    func emptyBox(_ sealing: SealingKey) -> [UInt8] { sealing.seal([], context: SigningKey.context(id)).bytes }

    /// Throws when the box was sealed under another secret, or the row is not what was sealed.
    func open(_ sealing: SealingKey) throws(CryptographyError) -> Opened {
        let content = try sealing.open(SealedBox(bytes: sealedPrivateKey), context: SigningKey.context(id))
        let opened: Opened =
            content.isEmpty ? .publicHalf(try PublicKey(der: publicKey)) : .pair(try PrivateKey(pkcs8: content))
        guard opened.verificationKey.webKey.thumbprint == id, JWTAlgorithm(opened.verificationKey.kind) == algorithm
        else {
            throw CryptographyError(.inconsistentKey, "a stored key is not the one it is called")
        }
        return opened
    }

    /// Ties the box to the key it belongs to.
    private static func context(_ id: String) -> [UInt8] { Array("signing key \(id)".utf8) }
}
