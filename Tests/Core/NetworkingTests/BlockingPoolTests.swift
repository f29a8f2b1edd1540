import Linux
import Networking
import TestKit
import Testing

@Suite struct BlockingPoolTests {
    private struct Failure: Error {}

    @Test func `work runs off the loop and its result comes back to it`() async throws {
        let pool = try BlockingPool(name: "work", threads: 2, queueLimit: 10)
        defer { pool.close() }
        try await withLoop { loop in
            let elsewhere = try await pool.run { !loop.isCurrent }
            #expect(elsewhere)
            #expect(loop.isCurrent)
            await #expect(throws: Failure.self) { try await pool.run { throw Failure() } }
        }
    }

    @Test func `a full queue refuses at once, and what was accepted is done`() async throws {
        let pool = try BlockingPool(name: "work", threads: 1, queueLimit: 2)
        let gate = Monitor(false)
        let running = Monitor(false)
        let done = Lock(0)
        try await withLoop { loop in
            let first = loop.spawn {
                try? await pool.run {
                    running.update { $0 = true }
                    gate.wait { $0 ? () : nil }
                }
            }
            while !(running.update { $0 }) { await loop.sleep(for: .milliseconds(1)) }
            let queued = (0..<2).map { _ in
                loop.spawn { try? await pool.run { done.withLock { $0 += 1 } } }
            }
            while pool.waitingCount < 2 { await loop.sleep(for: .milliseconds(1)) }
            await #expect(throws: BlockingPoolFull.self) { try await pool.run { done.withLock { $0 += 100 } } }
            gate.update { $0 = true }
            await first.value
            for task in queued { await task.value }
        }
        pool.close()
        #expect(done.withLock { $0 } == 2)
    }

    @Test func `threads that are nice stand back, and the others do not`() async throws {
        let here = SystemThread.currentNiceness
        for niceness in [0, 5] {
            let pool = try BlockingPool(name: "work", threads: 1, queueLimit: 1, niceness: niceness)
            defer { pool.close() }
            let there = try await pool.run { SystemThread.currentNiceness }
            #expect(there == min(19, here + niceness))
        }
        #expect(SystemThread.currentNiceness == here)
    }
}
