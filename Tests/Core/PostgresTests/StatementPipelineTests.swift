import Database
import Testing

@testable import Postgres

/// Transcripts: statements by name, replies as libpq gives them, and what comes of it.
@Suite struct StatementPipelineTests {
    private typealias Pipeline = StatementPipeline<String>

    private static func rows(_ count: Int) -> QueryResult {
        QueryResult(columns: ["n"], values: (0..<count).map { .integer(Int64($0)) }, changedCount: 0)
    }

    private static let refusal = DatabaseError(.uniqueViolation, sqlState: "23505")

    /// `name: rows` or `name: code` for each statement that was completed, in order.
    private static func run(
        _ pipeline: inout Pipeline,
        _ replies: [Pipeline.Reply]
    ) throws(Pipeline.Violation) -> [String] {
        var completed: [String] = []
        for reply in replies {
            guard let completion = try pipeline.receive(reply) else { continue }
            switch completion.outcome {
            case .success(let result): completed.append("\(completion.request): \(result.count)")
            case .failure(let error):
                completed.append(
                    "\(completion.request): \(error.code)\(completion.wasPrepareRefused ? ", not prepared" : "")"
                )
            }
        }
        return completed
    }

    @Test func `each statement gets its own rows`() throws {
        var pipeline = Pipeline()
        pipeline.append("first", isPreparing: true)
        pipeline.append("second", isPreparing: false)
        let completed = try Self.run(
            &pipeline,
            [
                .success(Self.rows(0)), .end, .success(Self.rows(2)), .end, .synchronised,
                .success(Self.rows(3)), .end, .synchronised,
            ]
        )
        #expect(completed == ["first: 2", "second: 3"])
        #expect(pipeline.isEmpty)
    }

    @Test func `a failure stays with its statement`() throws {
        var pipeline = Pipeline()
        for name in ["before", "failing", "after"] { pipeline.append(name, isPreparing: false) }
        let completed = try Self.run(
            &pipeline,
            [
                .success(Self.rows(1)), .end, .synchronised,
                .failure(Self.refusal, isFatal: false), .end, .synchronised,
                .success(Self.rows(1)), .end, .synchronised,
            ]
        )
        #expect(completed == ["before: 1", "failing: uniqueViolation", "after: 1"])
    }

    @Test func `a statement that can not be prepared is left out`() throws {
        var pipeline = Pipeline()
        pipeline.append("unknown", isPreparing: true)
        pipeline.append("next", isPreparing: false)
        let failure = Pipeline.Reply.failure(DatabaseError(.schemaMismatch), isFatal: false)
        let completed = try Self.run(
            &pipeline,
            [failure, .end, .skipped, .end, .synchronised, .success(Self.rows(1)), .end, .synchronised]
        )
        #expect(completed == ["unknown: schemaMismatch, not prepared", "next: 1"])
    }

    @Test func `a success is none before its sync, which may still refuse`() throws {
        var pipeline = Pipeline()
        pipeline.append("deferred", isPreparing: false)
        #expect(try Self.run(&pipeline, [.success(Self.rows(1)), .end]).isEmpty)
        let failure = Pipeline.Reply.failure(DatabaseError(.foreignKeyViolation), isFatal: false)
        #expect(try Self.run(&pipeline, [failure, .end, .synchronised]) == ["deferred: foreignKeyViolation"])
    }

    @Test func `a server that dies while it commits leaves the fate open`() throws {
        var pipeline = Pipeline()
        pipeline.append("write", isPreparing: false)
        let death = Pipeline.Reply.failure(DatabaseError(.unavailable, sqlState: "57P01"), isFatal: true)
        #expect(try Self.run(&pipeline, [.success(Self.rows(0)), .end, death, .end]).isEmpty)
        let left = pipeline.abandon()
        #expect(left.map(\.request) == ["write"])
        #expect(left[0].failure == DatabaseError(.connectionLost, sqlState: "57P01"))
    }

    @Test func `what is under way at the end keeps a failure and loses an unconfirmed success`() throws {
        var pipeline = Pipeline()
        for name in ["failed", "unconfirmed", "waiting"] { pipeline.append(name, isPreparing: false) }
        _ = try Self.run(&pipeline, [.failure(Self.refusal, isFatal: false), .end, .synchronised])
        _ = try Self.run(&pipeline, [.success(Self.rows(1)), .end])
        let left = pipeline.abandon()
        #expect(left.map(\.request) == ["unconfirmed", "waiting"])
        #expect(left.allSatisfy { $0.failure == nil })
        #expect(pipeline.isEmpty)

        pipeline.append("failed", isPreparing: false)
        _ = try Self.run(&pipeline, [.failure(Self.refusal, isFatal: false)])
        #expect(pipeline.abandon().map(\.failure) == [Self.refusal])
    }

    @Test func `replies out of turn are noticed at every point`() {
        let beginnings: [[Pipeline.Reply]] = [
            [], [.success(Self.rows(0))], [.success(Self.rows(0)), .end],
            [.success(Self.rows(0)), .end, .success(Self.rows(1))],
            [.success(Self.rows(0)), .end, .success(Self.rows(1)), .end],
        ]
        // What must not follow each of them.
        let wrong: [[Pipeline.Reply]] = [
            [.synchronised, .skipped], [.synchronised, .skipped], [.synchronised, .skipped, .end], [.synchronised],
            [.success(Self.rows(1)), .skipped, .end],
        ]
        for (beginning, followers) in zip(beginnings, wrong) {
            for follower in followers {
                var pipeline = Pipeline()
                pipeline.append("statement", isPreparing: true)
                #expect(throws: Pipeline.Violation.self) { _ = try Self.run(&pipeline, beginning + [follower]) }
            }
        }
        var empty = Pipeline()
        #expect(throws: Pipeline.Violation.self) { _ = try empty.receive(.synchronised) }
    }

    @Test func `ten thousand statements keep their order`() throws {
        var pipeline = Pipeline()
        var completed: [String] = []
        var expected: [String] = []
        for round in 0..<100 {
            for number in 0..<100 { pipeline.append("\(round * 100 + number)", isPreparing: false) }
            for _ in 0..<(round == 99 ? 100 : 90) {
                completed += try Self.run(&pipeline, [.success(Self.rows(1)), .end, .synchronised])
            }
        }
        while !pipeline.isEmpty { completed += try Self.run(&pipeline, [.success(Self.rows(1)), .end, .synchronised]) }
        for number in 0..<10_000 { expected.append("\(number): 1") }
        #expect(completed == expected)
    }
}
