import Linux
import Operations
import Testing

/// 2026-01-15T10:30:00.042Z.
private let instant = WallTime(seconds: 1_768_473_000, nanosecondPart: 42_000_000)

/// What one call writes, without the line's end.
private func line(_ format: LogFormat, _ body: (Logger) -> Void) -> String {
    let sink = CollectingLogSink()
    body(Logger(minimumLevel: .debug, format: format, sink: sink, now: { instant }))
    #expect(sink.lines.count == 1)
    return sink.lines.first ?? ""
}

private struct Failure: Error, CustomDebugStringConvertible {
    let debugDescription: String
}

@Suite struct LoggerTests {
    @Test func `a text line has time, level, message and fields in the order given`() {
        let written = line(.text) { $0.info("request", ["status": 200, "method": "GET", "cached": false]) }
        #expect(written == "2026-01-15T10:30:00.042Z INFO  request status=200 method=GET cached=false")
    }

    @Test func `a JSON line has time, level, message and fields in the order given`() {
        let written = line(.json) { $0.info("request", ["status": 200, "method": "GET", "cached": false]) }
        #expect(
            written
                == #"{"time":"2026-01-15T10:30:00.042Z","level":"info","message":"request","#
                + #""status":200,"method":"GET","cached":false}"#
        )
    }

    @Test(arguments: [
        (LogLevel.debug, "DEBUG m"), (.info, "INFO  m"), (.notice, "NOTICE m"), (.warning, "WARNING m"),
        (.error, "ERROR m"), (.critical, "CRITICAL m"),
    ])
    func `each level shows its name`(level: LogLevel, end: String) {
        #expect(line(.text) { $0.log(level, "m") } == "2026-01-15T10:30:00.042Z " + end)
        #expect(line(.json) { $0.log(level, "m") }.contains(#""level":"\#(level.rawValue)""#))
    }

    @Test func `the methods named after levels write at these levels`() {
        let sink = CollectingLogSink()
        let logger = Logger(minimumLevel: .debug, format: .json, sink: sink, now: { instant })
        logger.debug("m")
        logger.info("m")
        logger.notice("m")
        logger.warning("m")
        logger.error("m")
        logger.critical("m")
        #expect(sink.lines.count == 6)
        for (written, level) in zip(sink.lines, LogLevel.allCases) { #expect(written.contains(level.rawValue)) }
    }

    @Test(arguments: LogLevel.allCases)
    func `a level below the minimum writes nothing and computes nothing`(minimum: LogLevel) {
        let sink = CollectingLogSink()
        let logger = Logger(minimumLevel: minimum, sink: sink, now: { instant })
        var computed = 0
        func count(_ text: String) -> String {
            computed += 1
            return text
        }
        for level in LogLevel.allCases { logger.log(level, count("m"), ["k": .string(count("v"))]) }
        let enabled = LogLevel.allCases.count { $0 >= minimum }
        #expect(sink.lines.count == enabled)
        #expect(computed == 2 * enabled)
    }

    @Test func `levels are ordered as they are declared`() {
        #expect(LogLevel.allCases == LogLevel.allCases.sorted())
        #expect(!(LogLevel.error < .error))
    }

    @Test func `fixed fields stand in every line of the new logger and in none of the old one`() {
        let sink = CollectingLogSink()
        let old = Logger(sink: sink, now: { instant })
        let new = old.with("service", "api").with("loop", 3)
        old.info("m")
        new.info("m", ["a": 1])
        new.info("m")
        #expect(
            sink.lines.map { String($0.dropFirst(31)) } == ["m", "m service=api loop=3 a=1", "m service=api loop=3"]
        )
    }

    @Test func `a field can not pass for the time, the level or the message`() {
        let written = line(.json) { $0.info("real", ["message": "false", "level": "x", "time": "y"]) }
        #expect(written.hasSuffix(#""message":"real","message_":"false","level_":"x","time_":"y"}"#))
    }

    @Test(arguments: [
        (LogValue.integer(0), "0", "0"), (.integer(9), "9", "9"), (.integer(10), "10", "10"),
        (.integer(-7), "-7", "-7"),
        (.integer(.max), "9223372036854775807", "9223372036854775807"),
        (.integer(.min), "-9223372036854775808", "-9223372036854775808"), (.boolean(true), "true", "true"),
        (.number(0.5), "0.5", "0.5"), (1.25, "1.25", "1.25"), (.number(.infinity), "inf", #""inf""#),
        (.number(.nan), "nan", #""nan""#), (.duration(.microseconds(412)), "0.000412s", "0.000412"),
        (.duration(.nanoseconds(999)), "0.000000s", "0.000000"),
        (.duration(.milliseconds(61_005)), "61.005000s", "61.005000"),
        (.duration(.milliseconds(-1_500)), "-1.500000s", "-1.500000"), (.masked, "****", #""****""#),
        (.error(Failure(debugDescription: "went wrong")), #""went wrong""#, #""went wrong""#),
    ])
    func `values of each kind`(value: LogValue, text: String, json: String) {
        #expect(line(.text) { $0.info("m", ["k": value]) }.hasSuffix("m k=" + text))
        #expect(line(.json) { $0.info("m", ["k": value]) }.hasSuffix(#""m","k":"# + json + "}"))
    }
}
