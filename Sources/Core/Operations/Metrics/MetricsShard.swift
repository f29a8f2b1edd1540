internal import Linux
internal import Synchronization

/// The numbers of one event loop.
///
/// Exactly one thread writes a shard: its loop's. Any thread may read it, at a scrape. So an increment needs no atomic
/// read-modify-write and no lock; it is a plain load, an addition and a plain store, which no reader can see half done.
/// A second writer would break no memory, but counts would get lost.
@safe
public final class MetricsShard: @unchecked Sendable {
    // @unchecked: the pointer never changes, and what it points to is only ever used through atomics. @safe: every index
    // is checked before it is used, and the memory lives exactly as long as the shard.

    /// The loop's number, in the rows of metrics that are shown for each loop.
    public let loop: Int
    private let cells: UnsafeMutableBufferPointer<Atomic<UInt64>>

    /// The cells begin and end with a cache line of their own: two loops must not fight over one.
    private static let cacheLine = 64

    init(loop: Int, cells initial: [UInt64]) {
        self.loop = loop
        let size = initial.count * MemoryLayout<Atomic<UInt64>>.stride
        let lines = max(1, (size + MetricsShard.cacheLine - 1) / MetricsShard.cacheLine)
        let memory = UnsafeMutableRawBufferPointer.allocate(
            byteCount: lines * MetricsShard.cacheLine,
            alignment: MetricsShard.cacheLine
        )
        unsafe cells = memory.bindMemory(to: Atomic<UInt64>.self).extracting(0..<initial.count)
        for index in initial.indices { unsafe cells.initializeElement(at: index, to: Atomic(initial[index])) }
    }

    deinit {
        // An atomic integer has nothing to tear down; the memory is all there is.
        unsafe UnsafeMutableRawBufferPointer(cells).deallocate()
    }

    var cellCount: Int { unsafe cells.count }

    /// What a cell holds now. For any thread.
    func value(at cell: Int) -> UInt64 {
        precondition(cell >= 0 && cell < cellCount, "a metric of another registry")
        return unsafe cells[cell].load(ordering: .relaxed)
    }

    private func store(_ value: UInt64, at cell: Int) {
        precondition(cell >= 0 && cell < cellCount, "a metric of another registry")
        unsafe cells[cell].store(value, ordering: .relaxed)
    }
}

extension MetricsShard {
    /// Counts one more.
    public func increment(_ counter: Counter) { add(counter, by: 1) }

    /// Counts some more.
    public func add(_ counter: Counter, by amount: Int) {
        precondition(amount >= 0, "a counter only grows")
        store(value(at: counter.cell) &+ UInt64(amount), at: counter.cell)
    }

    /// Says how far a counter is, for what is counted elsewhere.
    public func set(_ counter: Counter, to total: Int) {
        precondition(total >= 0, "a counter only grows")
        store(UInt64(total), at: counter.cell)
    }

    /// Says what a gauge is now.
    public func set(_ gauge: Gauge, to value: Int) { store(UInt64(bitPattern: Int64(value)), at: gauge.cell) }

    /// Moves a gauge up or down.
    public func adjust(_ gauge: Gauge, by amount: Int) {
        // Two's complement: the bits of a sum are the sum of the bits.
        store(value(at: gauge.cell) &+ UInt64(bitPattern: Int64(amount)), at: gauge.cell)
    }

    /// Counts a value into the first bucket whose bound it does not exceed. What is not finite is not counted: it would
    /// stay in the sum for ever.
    public func observe(_ histogram: Histogram, _ amount: Double) {
        guard amount.isFinite else { return }
        var bucket = 0
        while bucket < histogram.boundCount, amount > Double(bitPattern: value(at: histogram.cell + bucket)) {
            bucket += 1
        }
        let count = histogram.firstCount + bucket
        store(value(at: count) &+ 1, at: count)
        store((Double(bitPattern: value(at: histogram.sum)) + amount).bitPattern, at: histogram.sum)
    }

    /// Counts how long something took, in seconds.
    public func observe(_ histogram: Histogram, _ duration: Duration) { observe(histogram, duration.inSeconds) }
}
