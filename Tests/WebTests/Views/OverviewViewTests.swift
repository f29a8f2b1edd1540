import Contract
import Testing

@testable import Web

@Suite struct OverviewViewTests {
    private func page(_ days: [(signUps: Int, signIns: Int, failed: Int)], _ stores: [StoreHealth] = []) throws
        -> ReadPage
    {
        let statistics = StatisticsBody(
            users: .init(total: 48, active: 45, inactive: 3, administrators: 2),
            liveSessions: 61,
            days: days.map {
                StatisticsDay(
                    date: "2026-01-15",
                    signUps: $0.signUps,
                    signIns: $0.signIns,
                    failedSignIns: $0.failed,
                    tokenRefreshes: 0
                )
            },
            stores: stores
        )
        let frame = PageFrame(viewer: nil, csrfToken: "token", flash: nil, requestID: "1", now: Samples.now)
        return try ReadPage(try TestPages.html(OverviewView(statistics: statistics, entries: []), in: frame))
    }

    @Test func `each figure stands beside what has changed since yesterday`() throws {
        let texts = try page([(4, 1_000, 9), (2, 1_031, 9)]).texts
        for words in ["2 signed up since yesterday", "1,031 begun since yesterday", "31 more than yesterday"] {
            #expect(texts.contains(words))
        }
        #expect(texts.contains("as many as yesterday"))
        let quiet = try page([(4, 5, 9), (0, 0, 2)]).texts
        for words in ["none signed up since yesterday", "none begun since yesterday", "5 fewer than yesterday"] {
            #expect(quiet.contains(words))
        }
        #expect(try page([]).texts.count { $0 == "nothing to compare with" } == 4)
    }

    @Test func `the stores are called what they are, where that is told`() throws {
        let named = [
            StoreHealth(name: "database", condition: .good, latencyMicroseconds: 184, product: "PostgreSQL"),
            StoreHealth(name: "ephemeral", condition: .down, latencyMicroseconds: nil, product: "Redis"),
        ]
        let texts = try page([], named).texts
        #expect(texts.contains("PostgreSQL answers in 0.18 ms") && texts.contains("Redis does not answer"))
        let unnamed = StoreHealth(name: "database", condition: .good, latencyMicroseconds: 184)
        #expect(try page([], [unnamed]).texts.contains("Database answers in 0.18 ms"))
    }
}
