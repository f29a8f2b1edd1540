import Contract
import Mustache
import Testing

@testable import Web

@Suite struct ChartTests {
    private func days(_ signIns: [Int], failed: Int = 0) -> [StatisticsDay] {
        signIns.enumerated().map {
            StatisticsDay(
                date: "2026-01-\($0.offset < 9 ? "0" : "")\($0.offset + 1)",
                signUps: 1,
                signIns: $0.element,
                failedSignIns: failed,
                tokenRefreshes: 0
            )
        }
    }

    private func member(_ name: String, _ value: MustacheValue) throws -> String {
        guard case .object(let object) = value else { return "" }
        switch try #require(object[name]) {
        case .string(let text): return text
        case .integer(let number): return String(number)
        default: return ""
        }
    }

    @Test(arguments: [(0, 2), (1, 2), (3, 4), (10, 10), (11, 20), (81, 100), (100, 100), (101, 200), (4_812, 6_000)])
    func `the axis ends at a round number that nothing passes`(largest: Int, top: Int) {
        let scale = ChartScale(reaching: largest, height: 100)
        #expect(scale.top == top && scale.y(0) == 100 && scale.y(top) == 0)
    }

    @Test func `the axis holds any number`() { #expect(ChartScale(reaching: .max, height: 100).top > 0) }

    @Test func `every day is a step to the right`() throws {
        let value = ActivityChart(days: days([0, 5, 10])).value
        #expect(try member("sign_ins", value) == "M0 160L1 80L2 0")
        #expect(try member("area", value) == "M0 160L0 160L1 80L2 0L2 160Z")
        #expect(try member("width", value) == "2")
        #expect(try member("summary", value) == "15 sign-ins in 3 days, most on 3 Jan (10); 3 sign-ups.")
    }

    @Test(arguments: [[0, 0], [1, 1], [1, 0], [0, 1], [9, 1], [60, 60]])
    func `the names of both lines never stand on each other`(signIns: [Int]) throws {
        let value = ActivityChart(days: days(signIns)).value
        let first = try #require(Double(member("sign_ins_label", value)))
        let second = try #require(Double(member("sign_ups_label", value)))
        #expect(abs(first - second) >= 18 && (0...160).contains(first) && (0...160).contains(second))
    }

    @Test func `nothing to show is no chart, and one day is one`() throws {
        #expect(ActivityChart(days: []).value == .null && FailureChart(days: []).value == .null)
        #expect(try member("sign_ins", ActivityChart(days: days([4])).value) == "M0 0")
        #expect(try member("summary", FailureChart(days: days([4])).value) == "No failed sign-in in 1 day.")
    }

    @Test func `one of something is one`() throws {
        let activity = ActivityChart(days: days([1])).value
        #expect(try member("sign_ins_today", activity) == "1 sign-in")
        #expect(try member("sign_ups_today", activity) == "1 sign-up")
        #expect(try member("summary", activity) == "1 sign-in in 1 day, most on 1 Jan (1); 1 sign-up.")
        let none = ActivityChart(days: days([0])).value
        #expect(try member("summary", none) == "0 sign-ins in 1 day; 1 sign-up.")
        #expect(try member("sign_ins_today", ActivityChart(days: days([1_000])).value) == "1,000 sign-ins")
        let failures = FailureChart(days: days([0], failed: 1)).value
        #expect(try member("summary", failures) == "1 failed sign-in in 1 day, most on 1 Jan (1).")
    }

    @Test func `what is no date is shown as it came`() {
        #expect(ChartDay.words("2026-12-01") == "1 Dec" && ChartDay.words("2026-13-01") == "2026-13-01")
        #expect(ChartDay.words("soon") == "soon" && ChartDay.words("") == "")
    }

    @Test func `numbers have one digit behind the point at most`() {
        #expect(ChartNumber.text(0.04) == "0" && ChartNumber.text(-0.26) == "-0.3" && ChartNumber.text(12.96) == "13")
    }
}
