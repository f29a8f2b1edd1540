import Glibc
import Linux
import Networking
import TestKit
import Testing

@Suite struct EventLoopTests {
    @Test func `a task stays on its loop through every suspension`() async throws {
        try await withLoops(2) { group in
            let (first, second) = (group.loops[0], group.loops[1])
            #expect(first.isCurrent && !second.isCurrent)
            await Task.yield()
            #expect(first.isCurrent)
            let there = await second.spawn { second.isCurrent && !first.isCurrent }.value
            #expect(there)
            #expect(first.isCurrent)
            await first.sleep(for: .milliseconds(1))
            #expect(first.isCurrent)
            await EventLoopTests.helper(first)
        }
    }

    /// A plain async function without isolation: it must not hop away.
    private static func helper(_ loop: EventLoop) async {
        #expect(loop.isCurrent)
        await Task.yield()
        #expect(loop.isCurrent)
    }

    private actor Resident {
        let loop: EventLoop
        private(set) var visits = 0
        nonisolated var unownedExecutor: UnownedSerialExecutor { loop.actorExecutor.asUnownedSerialExecutor() }

        init(loop: EventLoop) { self.loop = loop }

        func visit() -> Bool {
            visits += 1
            return loop.isCurrent
        }
    }

    @Test func `an actor that names the loop lives there`() async throws {
        try await withLoops(2) { group in
            let resident = Resident(loop: group.loops[1])
            for _ in 0..<100 { #expect(await resident.visit()) }
            #expect(group.loops[0].isCurrent)
            #expect(await resident.visits == 100)
        }
    }

    @Test func `functions from other threads all arrive, in order for each thread`() async throws {
        let seen = Lock<[[Int]]>([[], [], [], []])
        let group = try EventLoopGroup(count: 1)
        let loop = group.loops[0]
        let threads = try (0..<4).map { index in
            try SystemThread.start(name: "caller") {
                for number in 0..<1_000 {
                    loop.execute { seen.withLock { $0[index].append(number) } }
                }
            }
        }
        for thread in threads { thread.join() }
        await loop.spawn {}.value
        group.stop()
        #expect(seen.withLock { $0 } == Array(repeating: Array(0..<1_000), count: 4))
    }

    @Test func `timers fire in the order of their times, and a moved one at its new time`() async throws {
        let order = try await withLoop { loop in
            var order: [String] = []
            let timers = ["late", "early", "moved later", "moved earlier", "cancelled", "disarmed"].map { name in
                let timer = Timer(loop: loop)
                timer.action = { order.append(name) }
                return timer
            }
            let now = loop.now
            for (timer, delay) in zip(timers, [30, 5, 1, 60, 2, 3]) { timer.move(to: now + .milliseconds(delay)) }
            timers[2].move(to: now + .milliseconds(20))
            timers[3].move(to: now + .milliseconds(10))
            timers[4].cancel()
            timers[5].disarm()
            await loop.sleep(for: .milliseconds(45))
            return order
        }
        #expect(order == ["early", "moved earlier", "moved later", "late"])
    }

    @Test func `a timer that fires may set others, cancel others, and set itself again`() async throws {
        let order = try await withLoop { loop in
            var order: [String] = []
            let timers = (0..<3).map { _ in Timer(loop: loop) }
            // What they do holds them.
            defer { for timer in timers { timer.action = {} } }
            let now = loop.now
            timers[0].action = {
                order.append("first")
                timers[1].cancel()
                timers[2].move(to: loop.now + .milliseconds(2))
                if order.count < 3 { timers[0].move(to: loop.now + .milliseconds(5)) }
            }
            timers[1].action = { order.append("cancelled") }
            timers[2].action = { order.append("set") }
            timers[0].move(to: now + .milliseconds(2))
            timers[1].move(to: now + .milliseconds(2))
            try await loop.wait(for: "the timers") { order.count >= 4 }
            return order
        }
        #expect(order == ["first", "set", "first", "set"])
    }

    @Test func `many timers come out sorted, whatever is taken out in between`() async throws {
        try await withLoop { loop in
            var random = SplitMix(state: 42)
            var fired: [Int] = []
            var timers: [Timer] = []
            let now = loop.now
            for index in 0..<500 {
                let timer = Timer(loop: loop)
                let delay = Int(random.next() % 40)
                timer.action = { fired.append(delay) }
                timer.move(to: now + .milliseconds(delay))
                timers.append(timer)
                if index % 3 == 0 { timers[Int(random.next() % UInt64(timers.count))].cancel() }
            }
            await loop.sleep(for: .milliseconds(60))
            #expect(fired == fired.sorted())
            #expect(fired.count > 250)
        }
    }

    @Test func `a cancelled sleep ends at once`() async throws {
        try await withLoop { loop in
            let start = MonotonicTime.now()
            let sleeper = loop.spawn { await loop.sleep(for: .seconds(60)) }
            sleeper.cancel()
            await sleeper.value
            #expect(MonotonicTime.now() - start < .seconds(5))
        }
    }

    @Test func `what is done at the end of a turn comes after all that was ready`() async throws {
        final class Recorder: TurnEndObserver {
            var events: [String] = []
            func turnEnded() { events.append("end of turn") }
        }
        try await withLoop { loop in
            let recorder = LoopBound(Recorder(), on: loop)
            loop.callAtTurnEnd(recorder.value)
            for name in ["one", "two"] { loop.spawn { recorder.value.events.append(name) } }
            await loop.sleep(for: .milliseconds(2))
            #expect(recorder.value.events == ["one", "two", "end of turn"])
        }
    }

    /// Two connected sockets.
    private static func socketPair() throws -> (near: FileDescriptor, far: FileDescriptor) {
        var ends: [CInt] = [0, 0]
        let type = CInt(SOCK_STREAM.rawValue) | CInt(SOCK_NONBLOCK.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
        try #require(socketpair(AF_UNIX, type, 0, &ends) == 0)
        return (FileDescriptor(number: ends[0]), FileDescriptor(number: ends[1]))
    }

    @Test func `an event that was fetched before its descriptor was closed does not reach the next one of that number`()
        async throws
    {
        try await withLoop { loop in
            // Another test may take the number first; then this is no trial.
            var isTried = false
            for _ in 0..<100 where !isTried { isTried = try await EventLoopTests.tryStaleEvent(on: loop) }
            #expect(isTried)
        }
    }

    /// False when the successor did not get the number.
    private static func tryStaleEvent(on loop: EventLoop) async throws -> Bool {
        let (near, far) = try socketPair()
        let (successor, peer) = try socketPair()
        defer { for descriptor in [far, successor, peer] { descriptor.close() } }
        let closed = LoopBound(try WatchedDescriptor(near, on: loop), on: loop)
        // That it can be written is told first, and once.
        await loop.sleep(for: .zero)
        let opened = Lock<LoopBound<WatchedDescriptor>?>(nil)
        let elsewhere = try SystemThread.start(name: "elsewhere") {
            loop.execute {
                closed.value.close()
                let copy = fcntl(successor.number, F_DUPFD_CLOEXEC, near.number)
                guard copy >= 0, let watched = try? WatchedDescriptor(FileDescriptor(number: copy), on: loop) else {
                    return
                }
                watched.noteNothing()
                opened.withLock { $0 = LoopBound(watched, on: loop) }
            }
        }
        elsewhere.join()
        try far.writeAll("for the one that is closed by then")
        // Since the loop is held here until now, it hears of both at once, and in this order.
        try await loop.wait(for: "the successor") { opened.withLock { $0 != nil } }
        guard let watched = opened.withLock({ $0 })?.value else { preconditionFailure("it is there") }
        defer { watched.close() }
        guard watched.descriptor == near else { return false }
        #expect(!watched.isReadable)
        // What is its own it hears.
        try peer.writeAll("x")
        #expect(await watched.readable() == .ready)
        return true
    }

    @Test func `state of a loop can not be opened elsewhere`() async {
        await #expect(processExitsWith: .failure) {
            let group = try EventLoopGroup(count: 2)
            let bound = LoopBound(1, on: group.loops[0])
            _ = await group.loops[1].spawn { bound.value }.value
        }
    }
}

/// A small generator with a seed, so that a failing test fails again.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
