import Contract
import Ephemeral
import HTTPEngine
import JSON
import Linux
import Networking
import TestKit
import Testing

@testable import Web

/// The exchange of tokens when something goes wrong in the middle of it.
@Suite struct RenewalTests {
    /// An API that knows nothing but the exchange, and a session that needs it.
    private final class Bench {
        let loop: EventLoop
        let memory: any EphemeralStore
        let store: SessionStore
        let client: HTTPClient
        let api: APIClient
        let life = SessionLife(idle: .seconds(600), longest: .seconds(6_000))

        init(_ origin: HTTPOrigin, on loop: EventLoop) {
            self.loop = loop
            memory = MemoryStore()
            store = SessionStore(memory)
            client = HTTPClient(loop: loop)
            api = APIClient(client: client, origin: origin, timeout: .seconds(5))
        }

        deinit { client.close() }

        func renewal(_ timing: SessionRenewal.Timing = SessionRenewal.Timing()) -> SessionRenewal {
            SessionRenewal(store: store, api: api, life: life, on: loop, timing: timing, now: WallTime.now)
        }

        func begin() async throws -> Session {
            let record = SessionRecord(RenewalTests.tokens(0), isKept: false, at: WallTime.now())
            return try await store.add(record, .random(), for: .seconds(600))
        }
    }

    private static func tokens(_ number: Int) -> TokensBody {
        TokensBody(accessToken: "access-\(number)", refreshToken: "refresh-\(number)", expiresIn: 900, user: .example)
    }

    /// The API's side: takes each refresh token once.
    private final class Exchanges: Sendable {
        private let next = Lock(0)
        let calls = Lock(0)
        /// What the next calls are answered instead, and whether the exchange is made all the same.
        let failures = Lock([(status: HTTPStatus, isMade: Bool)]())
        /// Whether the token that was used last is answered with the same tokens again.
        let replays = Lock(false)

        func answer(_ request: HTTPRequest) async throws -> HTTPResponse {
            let content = String(decoding: try await request.body.collect(limit: 10_000), as: UTF8.self)
            calls.withLock { $0 += 1 }
            let failure = failures.withLock { $0.isEmpty ? nil : $0.removeFirst() }
            if let failure, !failure.isMade { return .failure(.serviceUnavailable, status: failure.status) }
            let answer = exchange(content)
            return failure.map { .text("", status: $0.status) } ?? answer
        }

        private func exchange(_ content: String) -> HTTPResponse {
            let last = next.withLock { $0 }
            if replays.withLock({ $0 }), last > 0, content.contains("\"refresh-\(last - 1)\"") {
                return .json(RenewalTests.tokens(last).json)
            }
            let number = next.withLock { next -> Int? in
                guard content.contains("\"refresh-\(next)\"") else { return nil }
                next += 1
                return next
            }
            guard let number else {
                let envelope = ErrorEnvelope(code: .invalidToken, message: "not valid", requestID: "")
                return .json(envelope.json, status: .unauthorized)
            }
            return .json(RenewalTests.tokens(number).json)
        }
    }

    private static func withBench(_ body: @escaping @Sendable (Bench, Exchanges) async throws -> Void) async throws {
        let exchanges = Exchanges()
        try await withServer(answering: { try await exchanges.answer($0) }) { server, loop in
            try await body(Bench(HTTPOrigin(server.addresses[0]), on: loop), exchanges)
        }
    }

    @Test func `who waited gets what another one got, and who comes late with an old session as well`() async throws {
        try await RenewalTests.withBench { bench, exchanges in
            let session = try await bench.begin()
            let (first, second) = (bench.renewal(), bench.renewal())
            let renewed = try await first.renew(session, for: .program)
            #expect(renewed.record.accessToken == "access-1")
            #expect(try await second.renew(session, for: .program).record == renewed.record)
            #expect(try await bench.store.find(session.id)?.record == renewed.record)
            #expect(exchanges.calls.withLock { $0 } == 1)
            #expect(try await second.renew(renewed, for: .program).record.accessToken == "access-2")
        }
    }

    @Test func `a turn that its holder never gives back ends by itself`() async throws {
        try await RenewalTests.withBench { bench, exchanges in
            let session = try await bench.begin()
            #expect(try await bench.store.takeTurn(session.id, for: .milliseconds(200)) != nil)
            #expect(try await bench.store.takeTurn(session.id, for: .milliseconds(200)) == nil)
            #expect(try await bench.renewal().renew(session, for: .program).record.accessToken == "access-1")
            #expect(exchanges.calls.withLock { $0 } == 1)
        }
    }

    @Test func `nobody waits for ever, and nothing is lost by that`() async throws {
        try await RenewalTests.withBench { bench, exchanges in
            let session = try await bench.begin()
            let turn = try #require(try await bench.store.takeTurn(session.id, for: .seconds(60)))
            var timing = SessionRenewal.Timing()
            timing.patience = .milliseconds(50)
            let renewal = bench.renewal(timing)
            await #expect(throws: SessionError.busy) { _ = try await renewal.renew(session, for: .program) }
            #expect(exchanges.calls.withLock { $0 } == 0)
            await bench.store.giveBack(turn)
            #expect(try await renewal.renew(session, for: .program).record.accessToken == "access-1")
        }
    }

    @Test func `a turn is given back only by who has it`() async throws {
        try await RenewalTests.withBench { bench, _ in
            let id = BrowserSecret.random()
            let old = try #require(try await bench.store.takeTurn(id, for: .milliseconds(1)))
            var new: SessionStore.Turn?
            try await bench.loop.wait(for: "the end of a turn") {
                new = try await bench.store.takeTurn(id, for: .seconds(60))
                return new != nil
            }
            await bench.store.giveBack(old)
            #expect(try await bench.store.takeTurn(id, for: .seconds(60)) == nil)
            await bench.store.giveBack(try #require(new))
            try await bench.loop.wait(for: "a free turn") {
                try await bench.store.takeTurn(id, for: .seconds(60)) != nil
            }
        }
    }

    @Test func `a session whose tokens the API takes no more is removed`() async throws {
        try await RenewalTests.withBench { bench, exchanges in
            let session = try await bench.begin()
            let renewal = bench.renewal()
            let renewed = try await renewal.renew(session, for: .program)
            // Somebody else used the token: the API will not have it again.
            var record = renewed.record
            record.take(RenewalTests.tokens(7), at: WallTime.now())
            let stale = try #require(try await bench.store.replace(renewed, with: record, for: .seconds(60)))
            await #expect(throws: SessionError.over) { _ = try await renewal.renew(stale, for: .program) }
            #expect(try await bench.store.find(session.id) == nil)
            #expect(exchanges.calls.withLock { $0 } == 2)
            await #expect(throws: SessionError.over) { _ = try await renewal.renew(stale, for: .program) }
            #expect(exchanges.calls.withLock { $0 } == 2)
        }
    }

    @Test(arguments: [HTTPStatus.badGateway, .serviceUnavailable, .gatewayTimeout])
    func `an answer that was lost is asked for again, and an API that replays gives it`(_ status: HTTPStatus)
        async throws
    {
        try await RenewalTests.withBench { bench, exchanges in
            exchanges.replays.withLock { $0 = true }
            exchanges.failures.withLock { $0 = [(status, true), (status, true), (status, false)] }
            let session = try await bench.begin()
            let renewed = try await bench.renewal().renew(session, for: .program)
            #expect(renewed.record.accessToken == "access-1" && exchanges.calls.withLock { $0 } == 4)
            #expect(try await bench.store.find(session.id)?.record == renewed.record)
        }
    }

    @Test func `what was not carried out is carried out by asking again, whatever the API's policy`() async throws {
        try await RenewalTests.withBench { bench, exchanges in
            exchanges.failures.withLock { $0 = [(.serviceUnavailable, false), (.badGateway, false)] }
            let session = try await bench.begin()
            #expect(try await bench.renewal().renew(session, for: .program).record.accessToken == "access-1")
            #expect(exchanges.calls.withLock { $0 } == 3)
        }
    }

    @Test func `an API that gives no tokens twice ends the session, after one more question`() async throws {
        try await RenewalTests.withBench { bench, exchanges in
            exchanges.failures.withLock { $0 = [(.badGateway, true)] }
            let session = try await bench.begin()
            await #expect(throws: SessionError.over) { _ = try await bench.renewal().renew(session, for: .program) }
            #expect(try await bench.store.find(session.id) == nil && exchanges.calls.withLock { $0 } == 2)
        }
    }

    @Test func `nobody asks for ever, and the session stays for another try`() async throws {
        try await RenewalTests.withBench { bench, exchanges in
            exchanges.replays.withLock { $0 = true }
            exchanges.failures.withLock { $0 = Array(repeating: (.badGateway, true), count: 1_000) }
            let session = try await bench.begin()
            var timing = SessionRenewal.Timing()
            timing.asking = .milliseconds(100)
            let renewal = bench.renewal(timing)
            await #expect(throws: APIError.self) { _ = try await renewal.renew(session, for: .program) }
            // After 20 ms and 40 ms there is no time left for 80 ms.
            #expect((1...3).contains(exchanges.calls.withLock { $0 }))
            #expect(try await bench.store.find(session.id)?.record == session.record)
            exchanges.failures.withLock { $0 = [] }
            #expect(try await renewal.renew(session, for: .program).record.accessToken == "access-1")
        }
    }

    @Test func `a connection that ends before the answer is another reason to ask again`() async throws {
        let tokens = String(decoding: RenewalTests.tokens(1).json, as: UTF8.self)
        let answer = "HTTP/1.1 200 OK\r\nContent-Length: \(tokens.utf8.count)\r\n\r\n\(tokens)"
        let script: RawServer.Script = { connection, number in
            _ = try await connection.take(through: "\"refresh-0\"")
            if number > 0 { try await connection.send(answer) }
        }
        try await withRawServer(script: script) { server, loop in
            let bench = Bench(HTTPOrigin(server.address), on: loop)
            let session = try await bench.begin()
            #expect(try await bench.renewal().renew(session, for: .program).record.accessToken == "access-1")
            #expect(server.acceptedCount == 2)
        }
    }

    @Test func `tokens are kept though the record was changed meanwhile`() async throws {
        try await RenewalTests.withBench { bench, _ in
            let session = try await bench.begin()
            var record = session.record
            record.noteUse(at: record.lastUse + .seconds(40))
            _ = try #require(try await bench.store.replace(session, with: record, for: .seconds(600)))
            let renewed = try await bench.renewal().renew(session, for: .program)
            #expect(renewed.record.accessToken == "access-1")
            #expect(try await bench.store.find(session.id)?.record.accessToken == "access-1")
        }
    }
}
