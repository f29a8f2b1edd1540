import Database
import Linux
import Networking
import Redis
import TestKit
import Testing

@testable import API

@Suite struct LoginGuardTests {
    typealias Kind = LimitBench.Kind

    private static let alice = LoginAccount.user(UUID(high: 1, low: 1))
    private static let bob = LoginAccount.user(UUID(high: 1, low: 2))

    private static func address(_ text: String) throws -> IPAddress { try #require(IPAddress(text)) }

    /// A distinct address for each number, all in networks of their own.
    private static func stranger(_ number: Int) throws -> IPAddress { try address("2001:db8:0:\(number)::1") }

    @Test(arguments: Kind.allCases)
    func `failures wait longer each time, and the right password ends that`(_ kind: Kind) async throws {
        try await LimitBench.with(kind) { bench in
            let logins = try bench.loginGuard()
            let home = try LoginGuardTests.address("192.0.2.1")
            for account in [LoginGuardTests.alice, .unknown("nobody")] {
                for _ in 0..<5 { #expect(await logins.fail(account, from: home) == nil) }
                for seconds in [1, 2, 4, 8] {
                    #expect(await logins.fail(account, from: home) == .seconds(seconds))
                    bench.advance(by: .seconds(seconds) - .microseconds(1))
                    #expect(await logins.fail(account, from: home) == .microseconds(1))
                    bench.advance(by: .microseconds(1))
                    #expect(await logins.fail(account, from: home) == nil)
                }
                #expect(await logins.fail(account, from: home) == .seconds(16))
            }
            #expect(await logins.fail(LoginGuardTests.bob, from: home) == nil, "another account")
            bench.advance(by: .seconds(16))
            #expect(await logins.signIn(LoginGuardTests.alice, from: home) != nil)
            for _ in 0..<5 { #expect(await logins.fail(LoginGuardTests.alice, from: home) == nil) }
            #expect(await logins.fail(LoginGuardTests.alice, from: home) == .seconds(1))
        }
    }

    @Test func `who has to wait does so too while the store can be read and not written to`() async throws {
        try await LimitBench.with(.redis) { bench in
            let logins = try bench.loginGuard()
            let home = try LoginGuardTests.address("192.0.2.1")
            for _ in 0..<5 { #expect(await logins.fail(LoginGuardTests.alice, from: home) == nil) }
            try await bench.command("CONFIG", ["SET", "maxmemory", "1"])
            for _ in 0..<3 { #expect(await logins.fail(LoginGuardTests.alice, from: home) == .seconds(1)) }
        }
    }

    @Test(arguments: Kind.allCases)
    func `64 parallel wrong passwords on two instances get the five tries that are left`(_ kind: Kind) async throws {
        try await LimitBench.with(kind) { bench in
            let instances = [try bench.loginGuard(), try bench.loginGuard()]
            let confined = LoopBound(instances, on: bench.loop)
            for (account, tries) in [(LoginGuardTests.alice, 5), (.unknown("x"), 5)] {
                let tasks = (0..<64).map { number in
                    bench.loop.spawn { () async -> Bool in
                        guard let address = try? LoginGuardTests.stranger(number) else { return false }
                        let logins = confined.value[number % 2]
                        guard case .yes(let place) = await logins.mayTry(account, from: address) else { return false }
                        for _ in 0..<20 { await Task.yield() }
                        await logins.failed(place)
                        return true
                    }
                }
                var tried = 0
                for task in tasks where await task.value { tried += 1 }
                #expect(tried == tries, "\(account)")
            }
            // And one when the wait is over.
            bench.advance(by: .seconds(1))
            let tasks = (0..<64).map { number in
                bench.loop.spawn { await confined.value[number % 2].fail(LoginGuardTests.alice, from: nil) == nil }
            }
            var tried = 0
            for task in tasks where await task.value { tried += 1 }
            #expect(tried == 1)
        }
    }

    @Test(arguments: Kind.allCases)
    func `64 parallel right passwords all get in`(_ kind: Kind) async throws {
        try await LimitBench.with(kind) { bench in
            let confined = LoopBound(try bench.loginGuard(patience: .seconds(30)), on: bench.loop)
            let home = try LoginGuardTests.address("192.0.2.1")
            let tasks = (0..<64).map { _ in
                bench.loop.spawn { await confined.value.signIn(LoginGuardTests.alice, from: home) != nil }
            }
            var count = 0
            for task in tasks where await task.value { count += 1 }
            #expect(count == 64)
        }
    }

    @Test(arguments: Kind.allCases)
    func `strangers can not lock the owner out of a device that signed in before`(_ kind: Kind) async throws {
        try await LimitBench.with(kind) { bench in
            let logins = try bench.loginGuard()
            let alice = LoginGuardTests.alice
            let home = try LoginGuardTests.address("192.0.2.1")
            let elsewhere = try LoginGuardTests.address("198.51.100.7")
            let token = try #require(await logins.signIn(alice, from: home))
            for number in 0..<10 { _ = await logins.fail(alice, from: try LoginGuardTests.stranger(number)) }
            // A new device has to wait with the strangers, whatever token it makes up or has of somebody else.
            let other = try #require(await logins.signIn(LoginGuardTests.bob, from: home))
            let invented = [DeviceTokens.textLength, 1_000_000].map { String(repeating: "A", count: $0) }
            for forged in [nil, "", other] + invented {
                #expect(await logins.fail(alice, from: elsewhere, device: forged) == .seconds(1))
            }
            #expect(await logins.fail(alice, from: home) == nil, "known by its address")
            #expect(await logins.signIn(alice, from: elsewhere, device: token) == token, "known by its token")
            #expect(await logins.fail(alice, from: try LoginGuardTests.stranger(99)) == .seconds(1), "not forgotten")
            #expect(await logins.fail(alice, from: elsewhere) == nil, "an address it has been at since")
        }
    }

    @Test(arguments: Kind.allCases)
    func `a known device waits for its own failures and for no others`(_ kind: Kind) async throws {
        try await LimitBench.with(kind) { bench in
            let logins = try bench.loginGuard()
            let alice = LoginGuardTests.alice
            let home = try LoginGuardTests.address("192.0.2.1")
            let token = try #require(await logins.signIn(alice, from: home))
            // Somebody else behind the same address, without the token.
            for _ in 0..<5 { #expect(await logins.fail(alice, from: home) == nil) }
            #expect(await logins.fail(alice, from: home) == .seconds(1))
            for _ in 0..<5 { #expect(await logins.fail(alice, from: home, device: token) == nil) }
            #expect(await logins.fail(alice, from: home, device: token) == .seconds(1))
            #expect(await logins.fail(alice, from: try LoginGuardTests.stranger(1)) == nil)
        }
    }

    @Test(arguments: Kind.allCases)
    func `an address that fails at many accounts waits, and one success forgives it one failure`(_ kind: Kind)
        async throws
    {
        try await LimitBench.with(kind) { bench in
            let logins = try bench.loginGuard()
            for number in 0..<50 {
                let address = try LoginGuardTests.address("2001:db8::\(number + 1)")
                #expect(await logins.fail(.unknown("name \(number)"), from: address) == nil)
            }
            let address = try LoginGuardTests.address("2001:db8::ffff")
            #expect(await logins.fail(.unknown("another"), from: address) == .seconds(1))
            #expect(await logins.fail(.unknown("another"), from: try LoginGuardTests.stranger(1)) == nil)
            // What was refused took no try of the account.
            for _ in 0..<4 {
                #expect(await logins.fail(.unknown("another"), from: try LoginGuardTests.stranger(2)) == nil)
            }
            bench.advance(by: .seconds(1))
            #expect(await logins.signIn(LoginGuardTests.bob, from: address) != nil)
            #expect(await logins.fail(.unknown("once more"), from: address) == nil)
            #expect(await logins.fail(.unknown("once more"), from: address) == .seconds(1))
        }
    }

    @Test(arguments: Kind.allCases)
    func `a try that verified nothing is given back, one that nobody answers for is a failure`(_ kind: Kind)
        async throws
    {
        try await LimitBench.with(kind) { bench in
            let logins = try bench.loginGuard(patience: .zero)
            let alice = LoginGuardTests.alice
            for _ in 0..<20 {
                guard case .yes(let place) = await logins.mayTry(alice, from: nil) else {
                    Issue.record("it was given back")
                    return
                }
                await logins.withdrawn(place)
            }
            for _ in 0..<5 {
                guard case .yes = await logins.mayTry(alice, from: nil) else {
                    Issue.record("there are five")
                    return
                }
            }
            #expect(await logins.fail(alice, from: nil) == .seconds(1), "all are taken")
            bench.advance(by: LoginRecord.patience)
            #expect(await logins.fail(alice, from: nil) == nil, "five failures, a minute ago")
            #expect(await logins.fail(alice, from: nil) == .seconds(2))
        }
    }

    @Test(arguments: Kind.allCases)
    func `failures are forgotten after their time`(_ kind: Kind) async throws {
        try await LimitBench.with(kind) { bench in
            let logins = try bench.loginGuard()
            for _ in 0..<5 { _ = await logins.fail(LoginGuardTests.alice, from: nil) }
            bench.advance(by: .seconds(86_400))
            for _ in 0..<5 { #expect(await logins.fail(LoginGuardTests.alice, from: nil) == nil) }
            #expect(await logins.fail(LoginGuardTests.alice, from: nil) == .seconds(1))
        }
    }

    @Test(arguments: Kind.allCases)
    func `without a number of attempts nobody ever waits`(_ kind: Kind) async throws {
        try await LimitBench.with(kind) { bench in
            var backoff = LoginBackoff()
            backoff.attempts = 0
            let logins = try bench.loginGuard(backoff)
            let home = try LoginGuardTests.address("192.0.2.1")
            for _ in 0..<200 { #expect(await logins.fail(LoginGuardTests.alice, from: home) == nil) }
            #expect(await logins.signIn(LoginGuardTests.alice, from: home) != nil)
        }
    }

    @Test func `an emptied store does not forget a device that has its token`() async throws {
        try await LimitBench.with(.redis) { bench in
            let alice = LoginGuardTests.alice
            let token = try #require(await bench.loginGuard().signIn(alice, from: nil))
            try await bench.redis?.restart()
            let logins = try bench.loginGuard()
            for _ in 0..<5 { _ = await logins.fail(alice, from: nil) }
            #expect(await logins.fail(alice, from: nil) == .seconds(1))
            #expect(await logins.signIn(alice, from: nil, device: token) == token)
        }
    }

    @Test func `while the shared store is away failures still wait`() async throws {
        try await LimitBench.with(.redis) { bench in
            let logins = try bench.loginGuard()
            let alice = LoginGuardTests.alice
            guard case .yes(let place) = await logins.mayTry(alice, from: nil) else {
                Issue.record("nothing has failed")
                return
            }
            bench.redis?.kill()
            await logins.failed(place)
            for _ in 0..<5 { #expect(await logins.fail(alice, from: nil) == nil) }
            #expect(await logins.fail(alice, from: nil) == .seconds(1))
            bench.advance(by: .seconds(1))
            #expect(await logins.signIn(alice, from: nil) != nil)
        }
    }
}

extension LoginGuard {
    /// Tries a wrong password. Nil: it was verified; else how long nothing may be tried.
    fileprivate func fail(_ account: LoginAccount, from address: IPAddress?, device: String? = nil) async -> Duration? {
        switch await mayTry(account, from: address, device: device) {
        case .wait(let duration, _): return duration
        case .yes(let place):
            await failed(place)
            return nil
        }
    }

    /// Tries the right password and answers the device's token.
    fileprivate func signIn(_ account: LoginAccount, from address: IPAddress?, device: String? = nil) async -> String? {
        guard case .yes(let place) = await mayTry(account, from: address, device: device) else { return nil }
        await Task.yield()
        return await succeeded(place)
    }
}
