import Ephemeral
import Operations
import Testing

@testable import API

@Suite struct LimitSettingsTests {
    static func read(_ environment: [String: String]) throws -> LimitSettings {
        let reader = ConfigurationReader(ConfigurationSource(environment: environment))
        let settings = LimitSettings(reader)
        try reader.finish()
        return settings
    }

    private static func windows(_ perMinute: Int, _ perHour: Int, _ perDay: Int) -> [SlidingWindow] {
        [
            SlidingWindow(length: .seconds(60), limit: perMinute),
            SlidingWindow(length: .seconds(3_600), limit: perHour),
            SlidingWindow(length: .seconds(86_400), limit: perDay),
        ]
    }

    @Test func `limits are on unless somebody says otherwise`() throws {
        let settings = try LimitSettingsTests.read([:])
        #expect(settings.isEnabled)
        #expect(settings.general == LimitSettingsTests.windows(60, 1_000, 10_000))
        #expect(settings.user == LimitSettingsTests.windows(600, 10_000, 100_000))
        for tighter in [settings.login, settings.signUp, settings.refresh] {
            #expect(tighter.count == 3)
            #expect(zip(tighter, settings.general).allSatisfy { $0.length == $1.length && $0.limit < $1.limit })
        }
        #expect(settings.backoff == LoginBackoff())
    }

    @Test func `what is configured is what counts`() throws {
        let settings = try LimitSettingsTests.read([
            "RATE_LIMIT_ENABLED": "false", "RATE_LIMIT_PER_MINUTE": "1", "RATE_LIMIT_PER_HOUR": "2",
            "RATE_LIMIT_PER_DAY": "3", "RATE_LIMIT_USER_FACTOR": "7", "RATE_LIMIT_LOGIN": "4/hour",
            "RATE_LIMIT_SIGNUP": "9/day, 8/minute", "RATE_LIMIT_REFRESH": "1000000/minute", "LOGIN_ATTEMPTS": "0",
            "LOGIN_BACKOFF_FIRST": "500ms", "LOGIN_BACKOFF_FACTOR": "3", "LOGIN_BACKOFF_LONGEST": "1m",
            "LOGIN_BACKOFF_FORGET": "1h",
        ])
        #expect(!settings.isEnabled)
        #expect(settings.general == LimitSettingsTests.windows(1, 2, 3))
        #expect(settings.user == LimitSettingsTests.windows(7, 14, 21))
        #expect(settings.login == [SlidingWindow(length: .seconds(3_600), limit: 4)])
        #expect(
            settings.signUp
                == [SlidingWindow(length: .seconds(86_400), limit: 9), SlidingWindow(length: .seconds(60), limit: 8)]
        )
        #expect(settings.refresh == [SlidingWindow(length: .seconds(60), limit: 1_000_000)])
        var backoff = LoginBackoff()
        (backoff.attempts, backoff.first, backoff.factor) = (0, .milliseconds(500), 3)
        (backoff.longest, backoff.forgetting) = (.seconds(60), .seconds(3_600))
        #expect(settings.backoff == backoff)
    }

    @Test(arguments: [
        ("RATE_LIMIT_ENABLED", "perhaps"), ("RATE_LIMIT_PER_MINUTE", "0"), ("RATE_LIMIT_PER_HOUR", "-1"),
        ("RATE_LIMIT_PER_DAY", "many"), ("RATE_LIMIT_USER_FACTOR", "0"), ("RATE_LIMIT_LOGIN", "0/minute"),
        ("RATE_LIMIT_LOGIN", "5"), ("RATE_LIMIT_LOGIN", "5/second"), ("RATE_LIMIT_LOGIN", "+5/minute"),
        ("RATE_LIMIT_LOGIN", "5/minute/hour"), ("RATE_LIMIT_LOGIN", "1000001/minute"), ("RATE_LIMIT_LOGIN", ","),
        ("RATE_LIMIT_SIGNUP", "5/minute,6/minute"), ("RATE_LIMIT_REFRESH", "/day"), ("LOGIN_ATTEMPTS", "-1"),
        ("LOGIN_BACKOFF_FIRST", "0"), ("LOGIN_BACKOFF_FIRST", "1h"), ("LOGIN_BACKOFF_FACTOR", "0"),
        ("LOGIN_BACKOFF_LONGEST", "2d"), ("LOGIN_BACKOFF_FORGET", "1m"),
    ])
    func `what makes no sense is a mistake`(_ name: String, _ value: String) throws {
        #expect(throws: ConfigurationError.self) { _ = try LimitSettingsTests.read([name: value]) }
    }
}
