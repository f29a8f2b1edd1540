import Glibc
import Linux
import Operations
import Testing

@Suite(.timeLimit(.minutes(1))) struct BackgroundLogSinkTests {
    /// Both ends of a pipe, which holds 64 KiB while nobody reads it.
    private struct Pipe: Sendable {
        let output: FileDescriptor
        let input: FileDescriptor

        init() throws {
            var ends: [CInt] = [0, 0]
            try #require(pipe(&ends) == 0)
            (output, input) = (FileDescriptor(number: ends[0]), FileDescriptor(number: ends[1]))
        }

        /// Reads until what came is whole lines, and enough of them.
        func lines(until isEnough: ([String]) -> Bool) throws -> [String] {
            var received: [UInt8] = []
            let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 65_536, alignment: 1)
            defer { chunk.deallocate() }
            while true {
                if received.last == UInt8(ascii: "\n") {
                    let lines = String(decoding: received, as: UTF8.self).split(separator: "\n").map(String.init)
                    if isEnough(lines) { return lines }
                }
                let count = try output.read(into: chunk)
                try #require(count > 0)
                received += chunk[..<count]
            }
        }

        /// Reads until the last line is one that holds this text.
        func lines(through last: String) throws -> [String] {
            try lines { $0.last?.contains(last) == true }
        }

        func close() {
            input.close()
            output.close()
        }
    }

    private static func logger(_ sink: BackgroundLogSink) -> Logger {
        Logger(format: .json, sink: sink, now: { WallTime(seconds: 0) })
    }

    private static let start = #"{"time":"1970-01-01T00:00:00.000Z","level":"info","message":"m","#
    /// Nine of these are more than a pipe holds.
    private static let long = String(repeating: "x", count: 9_000)

    @Test func `lines from several threads never interleave, and those of one stay in order`() throws {
        let pipe = try Pipe()
        let sink = try BackgroundLogSink(pipe.input)
        let threads = try (0..<4).map { thread in
            try SystemThread.start(name: "writer") {
                let logger = BackgroundLogSinkTests.logger(sink).with("thread", .integer(thread))
                for number in 0..<50 {
                    // Short and long ones, so that a write holds several lines, or one that is cut.
                    let text = number % 2 == 0 ? BackgroundLogSinkTests.long : "short"
                    logger.info("m", ["number": .integer(number), "text": .string(text)])
                }
            }
        }
        let ending = try SystemThread.start(name: "waiter") {
            for thread in threads { thread.join() }
            BackgroundLogSinkTests.logger(sink).info("the end")
        }
        let lines = try pipe.lines(through: "the end")
        ending.join()
        #expect(sink.flush(within: .seconds(30)))
        pipe.close()
        #expect(lines.count == 201)
        for thread in 0..<4 {
            let expected = (0..<50).map { number in
                let text = number % 2 == 0 ? BackgroundLogSinkTests.long : "short"
                return BackgroundLogSinkTests.start + #""thread":\#(thread),"number":\#(number),"text":"\#(text)"}"#
            }
            #expect(lines.filter { $0.contains(#""thread":\#(thread),"#) } == expected)
        }
    }

    @Test func `who logs does not wait for who reads, and what found no room is counted where it is missing`() throws {
        let pipe = try Pipe()
        let sink = try BackgroundLogSink(pipe.input, format: .json, limit: 100_000, now: { WallTime(seconds: 0) })
        let logger = BackgroundLogSinkTests.logger(sink)
        // Nobody reads: were one of these to wait, it would wait for ever.
        for number in 0..<100 {
            logger.info("m", ["number": .integer(number), "text": .string(BackgroundLogSinkTests.long)])
        }
        #expect(!sink.flush(within: .milliseconds(1)))
        let lines = try pipe.lines { BackgroundLogSinkTests.numbers(in: $0).last == 99 }
        #expect(BackgroundLogSinkTests.numbers(in: lines) == Array(0..<100))
        // What the pipe holds, what is being written and what may wait.
        #expect((10..<40).contains(lines.count { $0.contains("number") }))
        #expect(sink.flush(within: .seconds(30)))
        logger.info("m", ["number": 100])
        #expect(try pipe.lines(through: "100") == [BackgroundLogSinkTests.start + #""number":100}"#])
        #expect(sink.flush(within: .seconds(30)))
        pipe.close()
    }

    /// The numbers that lines have, and those that must have been on the lines that were lost.
    private static func numbers(in lines: [String]) -> [Int] {
        let report = #"{"time":"1970-01-01T00:00:00.000Z","level":"warning","message":"log lines were lost","lines":"#
        var numbers: [Int] = []
        for line in lines {
            if line.hasPrefix(report), let lost = Int(line.dropFirst(report.count).dropLast()) {
                for _ in 0..<lost { numbers.append((numbers.last ?? -1) + 1) }
            } else if line.hasPrefix(start + #""number":"#) {
                numbers.append(Int(line.dropFirst(start.count + 9).prefix { $0 != "," && $0 != "}" }) ?? -1)
            }
        }
        return numbers
    }

    @Test func `what is written already is what a flush waits for`() throws {
        let pipe = try Pipe()
        let sink = try BackgroundLogSink(pipe.input)
        #expect(sink.flush(within: .zero))
        let logger = BackgroundLogSinkTests.logger(sink)
        for number in 0..<10 { logger.info("m", ["number": .integer(number)]) }
        #expect(logger.flush(within: .seconds(30)))
        // Everything is in the pipe, so nothing of this waits.
        #expect(try pipe.lines(through: #""number":9}"#).count == 10)
        pipe.close()
    }

    @Test func `lines that can not be written are counted once others can`() throws {
        let (broken, whole) = (try Pipe(), try Pipe())
        broken.output.close()
        let sink = try BackgroundLogSink(broken.input, now: { WallTime(seconds: 0) })
        let logger = Logger(sink: sink, now: { WallTime(seconds: 0) })
        for _ in 0..<3 { logger.info("nobody can read this") }
        #expect(sink.flush(within: .seconds(30)))
        // The same number, and now somebody is at the other end of it.
        try #require(dup2(whole.input.number, broken.input.number) == broken.input.number)
        logger.info("again")
        let lines = try whole.lines(through: "lost")
        #expect(
            lines == [
                "1970-01-01T00:00:00.000Z INFO  again", "1970-01-01T00:00:00.000Z WARNING log lines were lost lines=3",
            ]
        )
        #expect(sink.flush(within: .seconds(30)))
        broken.input.close()
        whole.close()
    }
}
