import Ephemeral
import Linux
import Testing

@testable import Redis

/// The pipeline as a transcript: what happens, and what is to be done then.
@Suite struct RedisPipelineTests {
    private typealias Pipeline = RedisPipeline<String>

    private static func time(_ milliseconds: Int64) -> MonotonicTime {
        MonotonicTime(nanoseconds: milliseconds * 1_000_000)
    }

    private static let read = RedisCommand("GET", ["k"], isRepeatable: true)
    private static let write = RedisCommand("INCR", ["k"])

    /// Adds a command that waits for a second from `milliseconds` on; the waiter is its name.
    private static func add(
        _ name: String,
        _ command: RedisCommand = write,
        at milliseconds: Int64 = 0,
        to pipeline: inout Pipeline
    ) -> EphemeralStoreError? {
        let now = time(milliseconds)
        switch pipeline.add(command, deadline: now + .seconds(1), at: now, waiter: name) {
        case .success: return nil
        case .failure(let error): return error
        }
    }

    private static func connected(_ limits: Pipeline.Limits = Pipeline.Limits()) -> Pipeline {
        var pipeline = Pipeline(limits: limits)
        pipeline.expectConnection(until: time(200))
        pipeline.connected()
        return pipeline
    }

    private static func sent(_ pipeline: inout Pipeline, limit: Int = 1 << 20) -> Int {
        let before = pipeline.hasUnsent
        var output: [UInt8] = []
        pipeline.encodeUnsent(into: &output, limit: limit)
        return before ? output.count : 0
    }

    private static func shown(_ answers: [Pipeline.Answer]) -> [String] {
        answers.map { answer in
            switch answer.result {
            case .success(let reply): "\(answer.waiter): \(reply)"
            case .failure(let error): "\(answer.waiter): \(error.code)" + (error.kind.map { " \($0)" } ?? "")
            }
        }
    }

    private static func received(_ reply: RedisReply, by pipeline: inout Pipeline) -> String {
        switch pipeline.receive(reply) {
        case .answer(let answer): shown([answer])[0]
        case .discarded: "discarded"
        case .unsolicited: "unsolicited"
        }
    }

    @Test func `replies go to those who asked, in order`() {
        var pipeline = RedisPipelineTests.connected()
        for name in ["a", "b", "c"] { #expect(RedisPipelineTests.add(name, to: &pipeline) == nil) }
        #expect(RedisPipelineTests.received(.null, by: &pipeline) == "unsolicited", "nothing was sent yet")
        #expect(RedisPipelineTests.sent(&pipeline) == 3 * "*2\r\n$4\r\nINCR\r\n$1\r\nk\r\n".utf8.count)
        #expect(RedisPipelineTests.received(.integer(1), by: &pipeline) == "a: integer")
        #expect(RedisPipelineTests.received(.simple("OK"), by: &pipeline) == "b: status")
        #expect(RedisPipelineTests.add("d", to: &pipeline) == nil)
        _ = RedisPipelineTests.sent(&pipeline)
        #expect(RedisPipelineTests.received(.error("ERR x"), by: &pipeline) == "c: error ERR")
        #expect(RedisPipelineTests.received(.null, by: &pipeline) == "d: null")
        #expect(RedisPipelineTests.received(.null, by: &pipeline) == "unsolicited")
    }

    @Test func `a loss tells what was sent from what was not, and repeats only what may be`() {
        var pipeline = RedisPipelineTests.connected()
        _ = RedisPipelineTests.add("write", to: &pipeline)
        _ = RedisPipelineTests.add("read", RedisPipelineTests.read, to: &pipeline)
        _ = RedisPipelineTests.sent(&pipeline)
        _ = RedisPipelineTests.add("unsent", to: &pipeline)
        let answers = pipeline.lost(at: RedisPipelineTests.time(10), expectingUntil: RedisPipelineTests.time(210))
        #expect(RedisPipelineTests.shown(answers) == ["write: fateUnknown"])
        #expect(!pipeline.isConnected)
        #expect(RedisPipelineTests.sent(&pipeline) == 0, "there is no connection")

        // The next connection gets the read first, then what never left.
        pipeline.connected()
        #expect(RedisPipelineTests.sent(&pipeline) > 0)
        #expect(RedisPipelineTests.received(.null, by: &pipeline) == "read: null")
        #expect(RedisPipelineTests.received(.integer(1), by: &pipeline) == "unsent: integer")
    }

    @Test func `a command is repeated once, not twice`() {
        var pipeline = RedisPipelineTests.connected()
        _ = RedisPipelineTests.add("read", RedisPipelineTests.read, to: &pipeline)
        _ = RedisPipelineTests.sent(&pipeline)
        #expect(pipeline.lost(at: RedisPipelineTests.time(1), expectingUntil: RedisPipelineTests.time(9)).isEmpty)
        pipeline.connected()
        _ = RedisPipelineTests.sent(&pipeline)
        let answers = pipeline.lost(at: RedisPipelineTests.time(2), expectingUntil: RedisPipelineTests.time(9))
        #expect(RedisPipelineTests.shown(answers) == ["read: fateUnknown"])
        #expect(pipeline.count == 0)
    }

    @Test func `a stall is the oldest command's timeout, and the others' unknown fate`() {
        var pipeline = RedisPipelineTests.connected()
        _ = RedisPipelineTests.add("old", RedisPipelineTests.read, at: 0, to: &pipeline)
        _ = RedisPipelineTests.add("young", at: 500, to: &pipeline)
        _ = RedisPipelineTests.add("young read", RedisPipelineTests.read, at: 500, to: &pipeline)
        _ = RedisPipelineTests.sent(&pipeline)
        #expect(pipeline.nextDeadline == RedisPipelineTests.time(1_000))
        #expect(pipeline.expire(at: RedisPipelineTests.time(999)).isStalled == false)
        let overdue = pipeline.expire(at: RedisPipelineTests.time(1_000))
        #expect(overdue.isStalled && overdue.answers.isEmpty)
        let answers = pipeline.lost(at: RedisPipelineTests.time(1_001), expectingUntil: RedisPipelineTests.time(1_200))
        #expect(RedisPipelineTests.shown(answers) == ["old: timeout", "young: fateUnknown"])
        #expect(pipeline.nextDeadline == RedisPipelineTests.time(1_200))
        let late = pipeline.expire(at: RedisPipelineTests.time(1_200))
        #expect(RedisPipelineTests.shown(late.answers) == ["young read: unavailable"])
    }

    @Test func `what is not sent in time was not carried out`() {
        var pipeline = RedisPipelineTests.connected()
        _ = RedisPipelineTests.add("sent", at: 500, to: &pipeline)
        _ = RedisPipelineTests.sent(&pipeline)
        _ = RedisPipelineTests.add("first", at: 600, to: &pipeline)
        _ = RedisPipelineTests.add("second", at: 900, to: &pipeline)
        let (answers, isStalled) = pipeline.expire(at: RedisPipelineTests.time(1_600))
        #expect(RedisPipelineTests.shown(answers) == ["first: unavailable"])
        #expect(isStalled)
        #expect(
            RedisPipelineTests.shown(pipeline.close(at: RedisPipelineTests.time(1_600))) == [
                "sent: fateUnknown", "second: unavailable",
            ]
        )
        #expect(RedisPipelineTests.add("after", to: &pipeline)?.code == .unavailable)
    }

    @Test func `commands wait for a first attempt to connect, and for no other`() {
        var pipeline = Pipeline()
        #expect(RedisPipelineTests.add("early", to: &pipeline)?.code == .unavailable)
        pipeline.expectConnection(until: RedisPipelineTests.time(200))
        #expect(RedisPipelineTests.add("waits", at: 100, to: &pipeline) == nil)
        #expect(pipeline.nextDeadline == RedisPipelineTests.time(200))
        #expect(RedisPipelineTests.add("late", at: 200, to: &pipeline)?.code == .unavailable)
        #expect(RedisPipelineTests.shown(pipeline.attemptFailed(kind: "WRONGPASS")) == ["waits: unavailable WRONGPASS"])
        #expect(
            RedisPipelineTests.add("refused", at: 101, to: &pipeline)
                == EphemeralStoreError(.unavailable, kind: "WRONGPASS")
        )
        #expect(pipeline.nextDeadline == nil)
        pipeline.connected()
        #expect(RedisPipelineTests.add("served", at: 300, to: &pipeline) == nil)
    }

    @Test func `who gave up gets nothing, and the reply is not another's`() {
        var pipeline = RedisPipelineTests.connected()
        let now = RedisPipelineTests.time(0)
        guard case .success(let ticket) = pipeline.add(RedisPipelineTests.write, deadline: now, at: now, waiter: "gone")
        else {
            Issue.record("there is room")
            return
        }
        _ = RedisPipelineTests.add("stays", to: &pipeline)
        _ = RedisPipelineTests.sent(&pipeline)
        #expect(pipeline.giveUp(ticket) == "gone")
        #expect(pipeline.giveUp(ticket) == nil)
        #expect(RedisPipelineTests.received(.integer(1), by: &pipeline) == "discarded")
        #expect(RedisPipelineTests.received(.integer(2), by: &pipeline) == "stays: integer")
    }

    @Test func `too many commands, or too many bytes of them, are refused`() {
        var pipeline = RedisPipelineTests.connected(Pipeline.Limits(commands: 3, unsentBytes: 100))
        let large = RedisCommand("SET", [.bytes([UInt8](repeating: 0, count: 200))])
        #expect(RedisPipelineTests.add("large", large, to: &pipeline) == nil, "it would never fit otherwise")
        #expect(RedisPipelineTests.add("small", to: &pipeline)?.code == .overloaded)
        _ = RedisPipelineTests.sent(&pipeline)
        #expect(RedisPipelineTests.add("second", to: &pipeline) == nil)
        #expect(RedisPipelineTests.add("third", to: &pipeline) == nil)
        #expect(RedisPipelineTests.add("fourth", to: &pipeline)?.code == .overloaded)
        _ = RedisPipelineTests.received(.null, by: &pipeline)
        #expect(RedisPipelineTests.add("fourth", to: &pipeline) == nil)
    }

    @Test func `output is bounded, and the rest stays unsent`() {
        var pipeline = RedisPipelineTests.connected()
        for number in 0..<100 { _ = RedisPipelineTests.add("\(number)", to: &pipeline) }
        var total = 0
        while pipeline.hasUnsent {
            let count = RedisPipelineTests.sent(&pipeline, limit: 100)
            #expect(count >= 100 && count < 130 || !pipeline.hasUnsent)
            total += count
        }
        #expect(total == 100 * "*2\r\n$4\r\nINCR\r\n$1\r\nk\r\n".utf8.count)
    }

    @Test func `a queue keeps its order through growth, wrap and prepending`() {
        var generator = SplitMix(seed: 11)
        var queue = FIFO<Int>()
        var model: [Int] = []
        for step in 0..<5_000 {
            switch Int.random(in: 0..<5, using: &generator) {
            case 0, 1:
                queue.append(step)
                model.append(step)
            case 2:
                queue.prepend(step)
                model.insert(step, at: 0)
            default:
                #expect(queue.removeFirst() == (model.isEmpty ? nil : model.removeFirst()))
            }
            #expect(queue.first == model.first && queue.count == model.count)
            if let chosen = model.randomElement(using: &generator) {
                #expect(queue.update(where: { $0 == chosen }) { $0 += 0 } != nil)
            }
        }
        while let next = queue.removeFirst() { #expect(next == model.removeFirst()) }
        #expect(model.isEmpty)
    }

    @Test func `pauses grow from nothing to the longest, less a random part`() {
        var backoff = Backoff(shortest: .milliseconds(20), longest: .milliseconds(500))
        let full = (0..<9).map { _ in backoff.next(random: 0) }
        #expect(full == [0, 20, 40, 80, 160, 320, 500, 500, 500].map { .milliseconds($0) })
        #expect(backoff.next(random: 0.999) > .milliseconds(250))
        for _ in 0..<100 { _ = backoff.next(random: 0) }
        #expect(backoff.next(random: 0) == .milliseconds(500))
        backoff.reset()
        #expect(backoff.next(random: 0.5) == .zero)
        #expect(backoff.next(random: 0.5) == .milliseconds(15))
    }
}
