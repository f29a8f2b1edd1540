import Linux
import Networking
import Testing

@testable import Passwords

@Suite(.timeLimit(.minutes(1))) struct PasswordHasherTests {
    /// Holds every hash up where it asks for its salt, until the gate is opened.
    private struct Gate: Sendable {
        struct State: Sendable {
            var isOpen = false
            var running = 0
            var mostRunning = 0
            var niceness: Set<Int> = []
        }

        let state = Monitor(State())

        var hashing: PasswordHashing {
            get throws {
                try PasswordHashing(scheme: .bcrypt(BcryptCost(4))) { [state] count in
                    state.update(wakingAll: true) { state in
                        state.running += 1
                        state.mostRunning = max(state.mostRunning, state.running)
                        state.niceness.insert(SystemThread.currentNiceness)
                    }
                    state.wait { $0.isOpen ? () : nil }
                    state.update(wakingAll: true) { $0.running -= 1 }
                    return PasswordHashing.systemRandomBytes(count)
                }
            }
        }

        func open() { state.update(wakingAll: true) { $0.isOpen = true } }

        var snapshot: State { state.update { $0 } }
    }

    @Test func `a hash made on the threads is verified on them`() async throws {
        let hasher = try PasswordHasher(PasswordHashing(scheme: .bcrypt(BcryptCost(4))), concurrency: 2)
        defer { hasher.close() }
        let password = try Password("right")
        let stored = try await hasher.hash(password)
        #expect(try await hasher.verify(password, against: stored) == .matches(needsUpgrade: false))
        #expect(try await hasher.verify(Password("wrong"), against: stored) == .doesNotMatch)
        #expect(try await hasher.verify(password, against: nil) == .doesNotMatch)
    }

    @Test func `never more run at once than may, on threads that stand back`() async throws {
        let gate = Gate()
        let hasher = try PasswordHasher(gate.hashing, concurrency: 3, queueLimit: 20)
        let password = try Password("right")
        try await withThrowingTaskGroup { group in
            for _ in 0..<20 { group.addTask { _ = try await hasher.hash(password) } }
            while gate.snapshot.running < 3 || hasher.waitingCount < 17 { await Task.yield() }
            gate.open()
            try await group.waitForAll()
        }
        hasher.close()
        let end = gate.snapshot
        #expect(end.mostRunning == 3 && end.running == 0)
        #expect(end.niceness == [min(19, SystemThread.currentNiceness + 10)])
    }

    @Test func `what does not fit into the queue is refused at once, and what fits is done`() async throws {
        let gate = Gate()
        let hasher = try PasswordHasher(gate.hashing, concurrency: 1, queueLimit: 2)
        let password = try Password("right")
        try await withThrowingTaskGroup { group in
            group.addTask { _ = try await hasher.hash(password) }
            while gate.snapshot.running < 1 { await Task.yield() }
            for _ in 0..<2 { group.addTask { _ = try await hasher.hash(password) } }
            while hasher.waitingCount < 2 { await Task.yield() }
            await #expect(throws: PasswordError(.busy)) { _ = try await hasher.hash(password) }
            await #expect(throws: PasswordError(.busy)) { _ = try await hasher.verify(password, against: nil) }
            #expect(gate.snapshot.running == 1 && hasher.waitingCount == 2)
            gate.open()
            try await group.waitForAll()
        }
        let outcome = try await hasher.verify(password, against: nil)
        #expect(outcome == .doesNotMatch)
        hasher.close()
    }

    @Test func `a failure of the hash is not taken for a full queue`() async throws {
        // bcrypt takes sixteen random bytes and refuses none.
        let hashing = try PasswordHashing(scheme: .bcrypt(BcryptCost(4))) { _ in [] }
        let hasher = try PasswordHasher(hashing, concurrency: 1)
        defer { hasher.close() }
        await #expect(throws: PasswordError(.hashingFailed)) { _ = try await hasher.hash(Password("right")) }
    }

    @Test func `a closed hasher is busy for good`() async throws {
        let hasher = try PasswordHasher(PasswordHashing(scheme: .bcrypt(BcryptCost(4))), concurrency: 1)
        hasher.close()
        await #expect(throws: PasswordError(.busy)) { _ = try await hasher.hash(Password("right")) }
    }
}
