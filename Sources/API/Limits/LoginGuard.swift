internal import Cryptography
internal import Ephemeral
internal import Linux
internal import Networking

/// Makes guessing passwords slow: who fails too often waits, longer each time. Lives on one loop.
///
/// Strangers are counted by account and by address. A device that signed in to the account before is counted by itself
/// and by nothing else: strangers who fail, from wherever, do not make its owner wait.
///
/// While the shared store is away each process counts for itself, from nothing, and knows devices by their tokens alone.
struct LoginGuard {
    enum Verdict {
        /// To be answered by exactly one of `failed`, `succeeded` and `withdrawn`; what is not becomes a failure.
        case yes(LoginReservation)
        /// Nothing may be tried before that has passed. News for the first one of each wait, so that whoever writes that down
        /// writes no more than one entry for each failure, however many ask.
        case wait(Duration, isNews: Bool)
    }

    private let backoff: LoginBackoff
    private let tokens: DeviceTokens
    private let store: any EphemeralStore
    /// Shared by the loops of this process.
    private let fallback: MemoryStore
    private let loop: EventLoop
    private let wallTime: @Sendable () -> WallTime
    /// How long a try waits for those that are under way when they may yet use up all that are left.
    private let patience: Duration

    private static let pause = Duration.milliseconds(10)
    /// Told to whom nobody could count, and to whom others left no place for all our patience.
    private static let refusal = Duration.seconds(1)

    /// - Parameter deviceKey: authenticates the tokens of devices.
    init(
        _ backoff: LoginBackoff,
        deviceKey: HMACSHA256,
        store: any EphemeralStore,
        fallback: MemoryStore,
        on loop: EventLoop,
        patience: Duration = .seconds(5),
        wallTime: @escaping @Sendable () -> WallTime = WallTime.now
    ) {
        self.backoff = backoff
        tokens = DeviceTokens(key: deviceKey)
        self.store = store
        self.fallback = fallback
        self.loop = loop
        self.patience = patience
        self.wallTime = wallTime
    }

    /// Takes one of the tries that are left, before anything is verified: parallel ones can not share it.
    func mayTry(
        _ account: LoginAccount,
        from address: IPAddress?,
        device token: String? = nil
    ) async -> Verdict {
        loop.assertCurrent()
        let signs = LoginDevices.Signs(token: token, address: address)
        let end = loop.now + patience
        while true {
            let (standing, reservation) = await reserve(account, signs)
            switch standing {
            case .open: return .yes(reservation)
            case .waiting(let duration, let isNews): return .wait(duration, isNews: isNews)
            case .busy:
                guard loop.now < end, !Task.isCancelled else { return .wait(LoginGuard.refusal, isNews: false) }
                await loop.sleep(for: LoginGuard.pause)
            }
        }
    }

    /// The password was wrong, or there is no such account.
    func failed(_ reservation: LoginReservation) async { await conclude(reservation) { $0.fail(at: $1) } }

    /// Nothing was verified.
    func withdrawn(_ reservation: LoginReservation) async {
        await conclude(reservation) { record, _ in record.leavePlace() }
    }

    /// Forgets the failures of the account, or of the device if it was known, and remembers the device. Answers the token
    /// it is to be known by.
    ///
    /// To the address only one failure is forgiven: else who guesses could wash it clean with an account of their own.
    func succeeded(_ reservation: LoginReservation) async -> String {
        let (store, now) = (reservation.store, wallTime())
        if let own = reservation.own { _ = try? await store.remove([own.key]) }
        if let address = reservation.address {
            try? await LoginLedger(store: store).update(address, at: now) { $0.succeed() }
        }
        return await devices(in: store).remember(
            reservation.device,
            at: reservation.signs.address,
            of: reservation.account,
            at: now
        )
    }

    private func devices(in store: any EphemeralStore) -> LoginDevices { LoginDevices(store: store, tokens: tokens) }
}

// MARK: - Taking a place

/// A try that was taken and not answered yet, with whom it counts against.
struct LoginReservation {
    fileprivate let account: LoginAccount
    fileprivate let signs: LoginDevices.Signs
    fileprivate let store: any EphemeralStore
    fileprivate var device: LoginDevices.Device?
    /// The device if it is known, else the account. Nil when nobody ever waits.
    fileprivate var own: LoginLedger.Entry?
    /// Of a stranger.
    fileprivate var address: LoginLedger.Entry?

    fileprivate var entries: [LoginLedger.Entry] { [address, own].compactMap(\.self) }
}

extension LoginGuard {
    private func reserve(
        _ account: LoginAccount,
        _ signs: LoginDevices.Signs
    ) async -> (LoginRecord.Standing, LoginReservation) {
        var reservation = LoginReservation(account: account, signs: signs, store: store)
        do throws(EphemeralStoreError) {
            return (try await reserve(&reservation), reservation)
        } catch {
            reservation = LoginReservation(account: account, signs: signs, store: fallback)
        }
        do throws(EphemeralStoreError) {
            return (try await reserve(&reservation), reservation)
        } catch {
            return (.waiting(LoginGuard.refusal, isNews: false), reservation)
        }
    }

    private func reserve(_ reservation: inout LoginReservation) async throws(EphemeralStoreError)
        -> LoginRecord.Standing
    {
        let (account, signs, now) = (reservation.account, reservation.signs, wallTime())
        reservation.device = try await devices(in: reservation.store).find(signs, of: account, at: now)
        guard backoff.attempts > 0 else { return .open }
        if let device = reservation.device {
            reservation.own = .init(key: "login:device:\(account.key):\(device.key)", backoff: backoff)
        } else {
            reservation.own = .init(key: "login:account:\(account.key)", backoff: backoff)
            reservation.address = signs.address.map { address in
                .init(key: "login:address:\(address.networkName)", backoff: backoff.forAddress)
            }
        }
        return try await LoginLedger(store: reservation.store).takePlaces(reservation.entries, at: now)
    }

    /// When that fails the place is left to its time, and becomes a failure.
    private func conclude(_ reservation: LoginReservation, _ change: (inout LoginRecord, WallTime) -> Void) async {
        let (ledger, now) = (LoginLedger(store: reservation.store), wallTime())
        for entry in reservation.entries { try? await ledger.update(entry, at: now) { change(&$0, now) } }
    }
}
