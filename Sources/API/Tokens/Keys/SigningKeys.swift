internal import Cryptography
internal import Database
internal import Linux
internal import Networking
internal import Operations
internal import Tokens

/// The keys that a loop signs and verifies tokens with: the secret, the key of the configuration, or those in the database.
/// Lives on one loop.
///
/// Those in the database are looked at again and again, so that a rotation reaches every instance without a restart. While
/// the database is away, what was seen last stays in force.
final class SigningKeys {
    struct Timing: Sendable {
        /// From one look into the database to the next: until then a change may be unknown somewhere.
        var interval = Duration.seconds(15)
        /// After a look that failed, while there are no keys at all.
        var retry = Duration.seconds(1)
        /// Tokens with unknown keys, which anybody can write, cause no more than one look in that time.
        var leastInterval = Duration.seconds(2)

        init() {}
    }

    /// What is in force; nil while the database was never reached.
    private(set) var keySet: KeySet? {
        didSet { verified.removeAll() }
    }
    /// Under `keySet`.
    private var verified = VerifiedTokens()

    private let settings: TokenSettings
    private let repository: SigningKeyRepository
    /// Nil when the keys are not in the database.
    private let maker: SigningKeyMaker?
    private let loop: EventLoop
    private let logger: Logger
    private let timing: Timing
    private let wallTime: @Sendable () -> WallTime

    /// What `keySet` was made of.
    private var loaded: [SigningKey] = []
    /// Before that, a token with an unknown key causes no look.
    private var nextLookForToken = MonotonicTime(nanoseconds: 0)
    private var look: Task<Bool, any Error>?
    private var keeper: Task<Void, Never>?
    private var isStopped = false

    init(
        _ settings: TokenSettings,
        secret: TokenSecret,
        database: any Database,
        on loop: EventLoop,
        pool: BlockingPool,
        logger: Logger,
        timing: Timing = Timing(),
        wallTime: @escaping @Sendable () -> WallTime = WallTime.now
    ) {
        self.settings = settings
        repository = SigningKeyRepository(executor: database)
        self.loop = loop
        self.logger = logger
        self.timing = timing
        self.wallTime = wallTime
        if let key = settings.privateKey {
            maker = nil
            keySet = KeySet(JWTSigner(key, keyID: key.publicKey.webKey.thumbprint), settings)
        } else if settings.algorithm == .hs256 {
            maker = nil
            keySet = KeySet(JWTSigner(secret: secret.signing, keyID: secret.keyID), settings)
        } else {
            maker = SigningKeyMaker(settings.algorithm, secret, pool: pool)
        }
    }

    /// Loads the keys, and makes the first one. Loops start one after the other, or each would make one for nothing.
    ///
    /// A database that is away is no reason not to start; keys that can not be used are.
    func start() async throws {
        loop.assertCurrent()
        guard maker != nil else { return }
        do {
            try await reload()
        } catch let error as DatabaseError {
            guard error.isUnavailability else { throw error }
            logger.warning("the database is away: the signing keys could not be loaded", ["error": .error(error)])
        }
        let confined = LoopBound(self, on: loop)
        keeper = loop.spawn { await confined.value.keepLooking() }
    }

    func stop() async {
        loop.assertCurrent()
        isStopped = true
        keeper?.cancel()
        await keeper?.value
        _ = await look?.result
    }

    /// What a token says that a key in force has signed, if it was read before.
    func verifiedToken(_ text: String) -> AccessToken? {
        loop.assertCurrent()
        return verified[text]
    }

    /// Only for what `keySet`, as it is now, has verified: nothing may be awaited in between.
    func keepVerified(_ token: AccessToken, _ text: String) {
        loop.assertCurrent()
        verified.insert(token, text)
    }

    /// Looks into the database for a key that a token names and nobody here knows, unless that was done just now. Answers
    /// whether there are others than before.
    func lookForNewKeys() async -> Bool {
        loop.assertCurrent()
        guard maker != nil, !isStopped else { return false }
        if look == nil {
            guard loop.now >= nextLookForToken else { return false }
            nextLookForToken = loop.now + timing.leastInterval
        }
        return await (try? reload()) ?? false
    }

    /// Brings `keySet` up to date; of several at once one asks the database. Answers whether anything changed.
    @discardableResult
    func reload() async throws -> Bool {
        loop.assertCurrent()
        if let look { return try await look.value }
        guard let maker else { return false }
        let confined = LoopBound((self, maker), on: loop)
        let task = Task(executorPreference: loop) { () async throws -> Bool in
            let (keys, maker) = confined.value
            defer { keys.look = nil }
            return try await keys.load(maker)
        }
        look = task
        return try await task.value
    }

    private func keepLooking() async {
        while !isStopped {
            await loop.sleep(for: keySet == nil ? timing.retry : timing.interval)
            if isStopped { return }
            do {
                try await reload()
            } catch let error as DatabaseError {
                logger.debug("could not look for signing keys", ["error": .error(error)])
            } catch {
                logger.error("the signing keys can not be used", ["error": .error(error)])
            }
        }
    }
}

// MARK: - Making the set

extension SigningKeys {
    private func load(_ maker: SigningKeyMaker) async throws -> Bool {
        var stored = try await repository.keys(for: settings.algorithm)
        if !stored.contains(where: { $0.state == .active }) {
            let key = try await maker.make(.active, at: wallTime())
            // Whoever is first: everybody then uses that one.
            if try await repository.add(key) { logger.notice("made a signing key", ["key": .string(key.id)]) }
            stored = try await repository.keys(for: settings.algorithm)
        }
        let end = wallTime() - overlap
        let usable = stored.filter { key in key.retiredAt.map { $0 > end } ?? true }
        guard usable != loaded || keySet == nil else { return false }
        keySet = try makeKeySet(of: usable, maker.sealing)
        loaded = usable
        return true
    }

    private func makeKeySet(of keys: [SigningKey], _ sealing: SealingKey) throws(SigningKeysError) -> KeySet {
        var signer: JWTSigner?
        var others: [JWTVerificationKey] = []
        for key in keys {
            let opened: SigningKey.Opened
            do throws(CryptographyError) {
                opened = try key.open(sealing)
            } catch {
                if key.state == .active { throw .sealedUnderAnotherSecret(key.id) }
                logger.warning("a stored key was passed over", ["key": .string(key.id), "error": .error(error)])
                continue
            }
            if key.state == .active, case .pair(let pair) = opened {
                signer = JWTSigner(pair, keyID: key.id)
            } else {
                others.append(JWTVerificationKey(opened.verificationKey, keyID: key.id))
            }
        }
        guard let signer else { throw .unavailable }
        return KeySet(signer, others: others, settings)
    }

    /// How long a retired key verifies: the life of a token that was signed with it by the last instance to hear of it,
    /// and what clocks may differ.
    private var overlap: Duration { KeyRotation.overlap(settings.accessLifetime) }
}
