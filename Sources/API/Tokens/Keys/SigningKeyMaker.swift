internal import Cryptography
internal import Linux
internal import Networking
internal import Tokens

/// Makes key pairs for the database, away from the loop: a large RSA key takes seconds.
struct SigningKeyMaker: Sendable {
    /// What every verifier takes; a signature costs 0.2 ms.
    private static let rsaBits = 2_048

    private let kind: KeyKind
    let sealing: SealingKey
    private let pool: BlockingPool

    /// Nil for HS256, which has no key pairs.
    init?(_ algorithm: JWTAlgorithm, _ secret: TokenSecret, pool: BlockingPool) {
        switch algorithm {
        case .hs256: return nil
        case .rs256: kind = .rsa(bits: SigningKeyMaker.rsaBits)
        case .es256: kind = .p256
        case .edDSA: kind = .ed25519
        }
        sealing = secret.sealing
        self.pool = pool
    }

    func make(_ state: SigningKey.State, at time: WallTime) async throws -> SigningKey {
        let (kind, sealing) = (kind, sealing)
        return try await pool.run {
            while true {
                let key = SigningKey(try PrivateKey.generate(kind), state, sealing: sealing, at: time)
                // A name with a dash in front would be taken for an option by the command that is to retire the key.
                if !key.id.hasPrefix("-") { return key }
            }
        }
    }
}
