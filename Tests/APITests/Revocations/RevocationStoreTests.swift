import Database
import Ephemeral
import Linux
import Networking
import Operations
import Postgres
import Redis
import TestKit
import Testing

@testable import API

@Suite struct RevocationStoreTests {
    typealias CopyKind = RevocationBench.CopyKind

    @Test(arguments: TestDatabase.allCases, CopyKind.allCases)
    func `what was revoked is refused, whoever is asked and wherever they look`(
        _ kind: TestDatabase,
        _ copy: CopyKind
    ) async throws {
        try await RevocationBench.with(kind, copy) { bench in
            let (first, second) = (try await bench.instance(), try await bench.instance())
            // Always in the database.
            let slow = RevocationStore(
                database: bench.database,
                copy: nil,
                on: bench.loop,
                logger: Logger(sink: bench.log)
            )
            for store in [first, second] { try await bench.waitUntilFast(store) }
            let (ended, other) = (TokenIdentity.any, TokenIdentity.any)
            let left = TokenIdentity.any
            let stranger = TokenIdentity.any
            let again = TokenIdentity(session: other.session, user: left.user, issuedAt: .now() + .seconds(1))
            try await bench.revoke([ended.endOfSession, left.endOfAll], by: first)
            for (number, store) in [first, second, slow].enumerated() {
                #expect(try await store.isRevoked(ended), "\(number)")
                #expect(try await store.isRevoked(left), "\(number)")
                #expect(try await !store.isRevoked(again), "\(number): issued after all others were ended")
                #expect(try await !store.isRevoked(stranger), "\(number)")
            }
        }
    }

    @Test(arguments: CopyKind.allCases)
    func `a token that was issued at the very time still counts, one microsecond before not`(_ copy: CopyKind)
        async throws
    {
        try await RevocationBench.with(.sqlite, copy) { bench in
            let store = try await bench.instance()
            try await bench.waitUntilFast(store)
            let slow = RevocationStore(
                database: bench.database,
                copy: nil,
                on: bench.loop,
                logger: Logger(sink: bench.log)
            )
            let token = TokenIdentity.any
            let limit = WallTime(microseconds: WallTime.now().microseconds)
            let end = Revocation(subject: .user(token.user), validAfter: limit, expiresAt: limit + .seconds(60))
            let earlier = Revocation(
                subject: end.subject,
                validAfter: limit - .seconds(5),
                expiresAt: limit - .seconds(1)
            )
            // The weaker one comes last and changes nothing.
            try await bench.revoke([end], by: store)
            try await bench.revoke([earlier], by: store)
            for store in [store, slow] {
                for (offset, isRevoked) in [(-1_000_000, true), (-1, true), (0, false), (1, false)] {
                    let issued = WallTime(microseconds: limit.microseconds + Int64(offset))
                    let token = TokenIdentity(session: token.session, user: token.user, issuedAt: issued)
                    #expect(try await store.isRevoked(token) == isRevoked, "\(offset)")
                }
            }
        }
    }

    @Test func `an emptied store is not trusted, and filled again`() async throws {
        try await RevocationBench.with(.sqlite, .redis) { bench in
            let stores = [try await bench.instance(), try await bench.instance()]
            for store in stores { try await bench.waitUntilFast(store) }
            let tokens = (0..<1_200).map { _ in TokenIdentity.any }
            try await bench.revoke(tokens.map(\.endOfSession), by: stores[0])
            for round in 0..<5 {
                try await bench.emptyRedis()
                for store in stores {
                    #expect(try await store.isRevoked(tokens[round]))
                    #expect(try await store.isRevoked(tokens[1_199 - round]))
                }
                for store in stores { try await bench.waitUntilFast(store) }
                let before = bench.database.count
                for token in tokens { #expect(try await stores[round % 2].isRevoked(token)) }
                #expect(bench.database.count == before, "all of it is in the copy again")
            }
        }
    }

    @Test func `a store that comes back with what it had saved is not trusted before it was filled`() async throws {
        try await RevocationBench.with(.sqlite, .redis, isPersistent: true) { bench in
            let store = try await bench.instance()
            try await bench.waitUntilFast(store)
            let redis = try #require(bench.redis)
            redis.kill()
            let token = TokenIdentity.any
            // Nobody can copy it.
            try await RevocationRepository(executor: bench.database).add([token.endOfSession])
            #expect(try await store.isRevoked(token))
            try await redis.start()
            for _ in 0..<200 {
                #expect(try await store.isRevoked(token))
                await bench.loop.sleep(for: .milliseconds(2))
            }
            try await bench.waitUntilFast(store)
            #expect(try await store.isRevoked(token))
        }
    }

    @Test func `what one could not copy the others learn from the database before it is acknowledged`() async throws {
        try await RevocationBench.with(.sqlite, .redis) { bench in
            let other = try await bench.instance()
            try await bench.waitUntilFast(other)
            let lonely = try bench.lonelyInstance()
            for _ in 0..<3 {
                let token = TokenIdentity.any
                #expect(try await !other.isRevoked(token))
                try await bench.revoke([token.endOfSession], by: lonely)
                let before = bench.database.count
                #expect(try await other.isRevoked(token))
                #expect(bench.database.count == before, "it was copied")
            }
        }
    }

    @Test func `who was emptied while it was filled does not count as full`() async throws {
        try await RevocationBench.with(.sqlite, .redis) { bench in
            let store = try bench.makeCopy()
            let copy = RevocationCopy(store: store, trust: .seconds(10))
            try await bench.loop.wait(for: "Redis") { store.generation != nil }
            guard case .begun(var loading) = try await copy.beginLoading(displacing: nil, nonce: 1) else {
                Issue.record("it was empty")
                return
            }
            #expect(try await copy.prolong(&loading, copied: 500))
            try await bench.emptyRedis()
            #expect(try await !copy.prolong(&loading, copied: 1_000))
            #expect(try await !copy.finish(loading))
            #expect(await !copy.isComplete)
            #expect(await copy.verdict(on: .any) == .unknown)
            await store.close()
        }
    }

    @Test(arguments: CopyKind.allCases)
    func `one fills it and the others wait, unless the one is gone`(_ kind: CopyKind) async throws {
        try await RevocationBench.with(.sqlite, kind) { bench in
            let store = try bench.makeCopy()
            let copy = RevocationCopy(store: store, trust: .seconds(10))
            try await bench.loop.wait(for: "the store") { store.generation != nil }
            guard case .begun(let first) = try await copy.beginLoading(displacing: nil, nonce: 1) else {
                Issue.record("nobody else was there")
                return
            }
            guard case .underWay(let mark) = try await copy.beginLoading(displacing: nil, nonce: 2) else {
                Issue.record("the first one was at it")
                return
            }
            guard case .underWay = try await copy.beginLoading(displacing: Array("loading 7".utf8), nonce: 3) else {
                Issue.record("another mark was displaced")
                return
            }
            guard case .begun(let second) = try await copy.beginLoading(displacing: mark, nonce: 4) else {
                Issue.record("a stale mark was kept")
                return
            }
            #expect(try await !copy.finish(first))
            #expect(await !copy.isComplete)
            #expect(try await copy.finish(second))
            #expect(await copy.isComplete)
            guard case .complete = try await copy.beginLoading(displacing: nil, nonce: 5) else {
                Issue.record("it is complete")
                return
            }
            await store.close()
        }
    }

    @Test func `a loader that died is replaced`() async throws {
        try await RevocationBench.with(.sqlite, .redis) { bench in
            let dead = try bench.makeCopy()
            try await bench.loop.wait(for: "Redis") { dead.generation != nil }
            let copy = RevocationCopy(store: dead, trust: .seconds(10))
            guard case .begun = try await copy.beginLoading(displacing: nil, nonce: 1) else {
                Issue.record("nobody else was there")
                return
            }
            await dead.close()
            var timing = RevocationStore.Timing.quick
            timing.loadingPatience = .milliseconds(100)
            let store = try await bench.instance(timing: timing)
            try await bench.waitUntilFast(store)
        }
    }

    /// A million revocations take longer than anybody's patience with one page of them.
    @Test func `a loader that takes long and goes on is let finish`() async throws {
        try await RevocationBench.with(.sqlite, .redis) { bench in
            let slow = try bench.makeCopy()
            try await bench.loop.wait(for: "Redis") { slow.generation != nil }
            let copy = RevocationCopy(store: slow, trust: .seconds(10))
            guard case .begun(var loading) = try await copy.beginLoading(displacing: nil, nonce: 1) else {
                Issue.record("nobody else was there")
                return
            }
            var timing = RevocationStore.Timing.quick
            timing.loadingPatience = .milliseconds(500)
            let store = try await bench.instance(timing: timing)
            // In all four times the patience, and each page in a tenth of it.
            for page in 1...40 {
                await bench.loop.sleep(for: .milliseconds(50))
                #expect(try await copy.prolong(&loading, copied: page * 500), "page \(page)")
            }
            #expect(try await copy.finish(loading))
            try await bench.waitUntilFast(store)
            await slow.close()
        }
    }

    @Test(arguments: CopyKind.allCases)
    func `without the database the copy answers alone, and without both nobody does`(_ kind: CopyKind) async throws {
        try await RevocationBench.with(.sqlite, kind) { bench in
            let store = try await bench.instance()
            try await bench.waitUntilFast(store)
            let token = TokenIdentity.any
            try await bench.revoke([token.endOfSession], by: store)
            await bench.database.close()
            // Longer than the copy may be trusted without a look.
            try await bench.loop.wait(for: "the silence to be noticed") {
                bench.log.contains("the database does not answer")
            }
            await bench.loop.sleep(for: RevocationStore.Timing.quick.horizon)
            #expect(try await store.isRevoked(token))
            #expect(try await !store.isRevoked(.any))
            guard let redis = bench.redis else { return }
            redis.kill()
            let error = await #expect(throws: DatabaseError.self) { try await store.isRevoked(token) }
            #expect(error?.isUnavailability == true)
        }
    }

    @Test func `what neither store can tell is not acknowledged, refused here, and told as soon as one can`()
        async throws
    {
        try await RevocationBench.with(.sqlite, .redis) { bench in
            let (store, other) = (try await bench.instance(), try await bench.instance())
            for store in [store, other] { try await bench.waitUntilFast(store) }
            let redis = try #require(bench.redis)
            let (token, stranger) = (TokenIdentity.any, TokenIdentity.any)
            redis.pause()
            try await RevocationRepository(executor: bench.database).add([token.endOfSession])
            // Before anybody has looked.
            await bench.database.close()
            let error = await #expect(throws: DatabaseError.self) { try await store.spread([token.endOfSession]) }
            #expect(error?.isUnavailability == true)
            // It comes back with all that it had, which is not all there is.
            redis.resume()
            #expect(try await store.isRevoked(token))
            try await bench.loop.wait(for: "the other one to be told") {
                (try? await other.isRevoked(token)) == true
            }
            try await bench.loop.wait(for: "an answer of the copy") { (try? await other.isRevoked(stranger)) == false }
            #expect(try await store.isRevoked(token))
        }
    }

    @Test func `what everybody has looked up stays refused when the copy lacks it and the database goes`() async throws
    {
        try await RevocationBench.with(.sqlite, .redis) { bench in
            let (store, other) = (try await bench.instance(), try await bench.instance())
            for store in [store, other] { try await bench.waitUntilFast(store) }
            // It answers, and takes nothing.
            try await bench.command(RedisCommand("CONFIG", ["SET", "maxmemory", "1"]))
            let token = TokenIdentity.any
            try await bench.revoke([token.endOfSession], by: store)
            await bench.database.close()
            try await bench.loop.wait(for: "both to notice") {
                bench.log.lines.count { $0.contains("the database does not answer") } == 2
            }
            for store in [store, other] { #expect(try await store.isRevoked(token)) }
            try await bench.command(RedisCommand("CONFIG", ["SET", "maxmemory", "0"]))
            try await bench.loop.wait(for: "the copy to have it") { store.held.isEmpty && other.held.isEmpty }
        }
    }

    @Test func `a database that others keep busy is not away: the copy alone is not believed`() async throws {
        try await RevocationBench.withPools { bench, makePool in
            // Nothing but this one connection, which somebody has.
            let (pool, watch) = (try makePool(), try makePool())
            let blind = try await bench.instance(database: pool)
            let watching = try await bench.instance(database: pool, watch: watch)
            for store in [blind, watching] { try await bench.waitUntilTrusted(store) }
            let lonely = try bench.lonelyInstance()
            let token = TokenIdentity.any
            try await pool.transaction { _ in
                try await bench.revoke([token.endOfSession], by: lonely)
                #expect(try await watching.isRevoked(token))
                let error = await #expect(throws: DatabaseError.self) { try await blind.isRevoked(token) }
                #expect(error?.code == .poolExhausted)
                #expect(!bench.log.contains("the database does not answer"))
            }
        }
    }

    @Test func `a look finds all there is, however much that is`() async throws {
        try await RevocationBench.with(.sqlite, .memory) { bench in
            let store = try await bench.instance()
            try await bench.waitUntilFast(store)
            let tokens = (0..<RevocationStore.pageSize * 3 + 1).map { _ in TokenIdentity.any }
            // By somebody who can not copy.
            try await RevocationRepository(executor: bench.database).add(tokens.map(\.endOfSession))
            let copy = RevocationCopy(store: try bench.makeCopy(), trust: .seconds(10))
            for token in tokens {
                try await bench.loop.wait(for: "the copy") { await copy.verdict(on: token) == .revoked }
            }
        }
    }

    @Test func `a store without room is not trusted by who comes later`() async throws {
        try await RevocationBench.with(.sqlite, .redis) { bench in
            var timing = RevocationStore.Timing.quick
            let store = try await bench.instance()
            try await bench.waitUntilFast(store)
            try await bench.command(RedisCommand("CONFIG", ["SET", "maxmemory", "1"]))
            let token = TokenIdentity.any
            try await bench.revoke([token.endOfSession], by: store)
            #expect(try await store.isRevoked(token))
            // Who finds nothing of it by looking.
            timing.overlap = .zero
            let late = try await bench.instance(timing: timing)
            for _ in 0..<100 {
                #expect(try await late.isRevoked(token))
                await bench.loop.sleep(for: .milliseconds(2))
            }
            try await bench.command(RedisCommand("CONFIG", ["SET", "maxmemory", "0"]))
            try await bench.waitUntilFast(late)
            #expect(try await late.isRevoked(token))
        }
    }

    /// Somebody who could not copy it and is gone, as it is when a process starts again while Redis stands still.
    @Test(arguments: CopyKind.allCases)
    func `a copy that was left alone for a while is not believed by who comes later`(_ kind: CopyKind) async throws {
        try await RevocationBench.with(.sqlite, kind) { bench in
            var timing = RevocationStore.Timing.quick
            timing.trust = .milliseconds(300)
            // Who comes later finds nothing of it by looking.
            timing.overlap = .zero
            let first = try await bench.instance(timing: timing)
            try await bench.waitUntilFast(first)
            // As long as somebody is there it is believed.
            for _ in 0..<10 {
                await bench.loop.sleep(for: .milliseconds(60))
                #expect(await first.isCopyBelieved)
            }
            await first.stop()
            let token = TokenIdentity.any
            try await RevocationRepository(executor: bench.database).add([token.endOfSession])
            await bench.loop.sleep(for: timing.trust + .milliseconds(100))
            let late = try await bench.instance(timing: timing)
            for _ in 0..<100 {
                #expect(try await late.isRevoked(token))
                await bench.loop.sleep(for: .milliseconds(2))
            }
            try await bench.waitUntilFast(late)
            #expect(try await late.isRevoked(token))
        }
    }

    @Test func `a copy that nobody has compared with the database for too long is not trusted`() async throws {
        try await RevocationBench.with(.sqlite, .memory) { bench in
            let store = try await bench.instance()
            try await bench.waitUntilFast(store)
            await store.stop()
            let before = bench.database.count
            try await bench.loop.wait(for: "the look to grow old") {
                _ = try await store.isRevoked(.any)
                return bench.database.count > before
            }
        }
    }
}
