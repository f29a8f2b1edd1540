package import Linux

/// Values by key, each for a time. What has expired can not be seen any more; it is taken out little by little.
///
/// Expiries lie in a heap, so that neither an access nor an expiry looks at entries it does not concern.
package struct ExpiringTable<Value> {
    private struct Slot {
        var value: Value
        var size: Int
        var expiry: MonotonicTime
        /// Tells the heap's entry for the present expiry from those for earlier ones.
        var version: UInt64
    }

    private struct Due {
        let time: MonotonicTime
        let key: String
        let version: UInt64
    }

    private var slots: [String: Slot] = [:]
    /// A binary heap, the earliest first. Entries of values that were replaced lie in it until their time, or until they are
    /// the larger part.
    private var heap: [Due] = []
    private var lastVersion: UInt64 = 0
    /// The sum of the sizes, with what has expired and was not taken out yet.
    package private(set) var size = 0

    package init() {}

    /// With what has expired and was not taken out yet.
    package var count: Int { slots.count }

    /// What a key costs beside its own bytes and those of its value: a slot, a heap entry, their places in the tables.
    package static var overhead: Int { 128 }

    package func value(for key: String, at now: MonotonicTime) -> Value? {
        guard let slot = slots[key], slot.expiry > now else { return nil }
        return slot.value
    }

    package func expiry(of key: String, at now: MonotonicTime) -> MonotonicTime? {
        guard let slot = slots[key], slot.expiry > now else { return nil }
        return slot.expiry
    }

    /// What a key costs now; 0 when it is not there at all.
    package func size(of key: String) -> Int { slots[key]?.size ?? 0 }

    package mutating func set(_ key: String, to value: Value, size newSize: Int, expiry: MonotonicTime) {
        lastVersion += 1
        size += newSize - size(of: key)
        slots[key] = Slot(value: value, size: newSize, expiry: expiry, version: lastVersion)
        noteExpiry(of: key, expiry)
    }

    /// Changes a value in place. `body` answers the new size. False when the key is not there.
    package mutating func update(_ key: String, at now: MonotonicTime, _ body: (inout Value) -> Int) -> Bool {
        guard let index = slots.index(forKey: key), slots.values[index].expiry > now else { return false }
        let newSize = body(&slots.values[index].value)
        size += newSize - slots.values[index].size
        slots.values[index].size = newSize
        return true
    }

    package mutating func setExpiry(of key: String, to expiry: MonotonicTime, at now: MonotonicTime) -> Bool {
        guard let index = slots.index(forKey: key), slots.values[index].expiry > now else { return false }
        if slots.values[index].expiry == expiry { return true }
        lastVersion += 1
        slots.values[index].expiry = expiry
        slots.values[index].version = lastVersion
        noteExpiry(of: key, expiry)
        return true
    }

    /// False when it was not there, or has expired.
    package mutating func remove(_ key: String, at now: MonotonicTime) -> Bool {
        guard let slot = slots.removeValue(forKey: key) else { return false }
        size -= slot.size
        return slot.expiry > now
    }

    /// Takes out up to `limit` values that have expired.
    package mutating func collect(at now: MonotonicTime, limit: Int) {
        var left = limit
        while left > 0, let first = heap.first, first.time <= now {
            removeFirstDue()
            guard let slot = slots[first.key], slot.version == first.version else { continue }
            size -= slot.size
            slots[first.key] = nil
            left -= 1
        }
    }
}

// MARK: - The heap

extension ExpiringTable {
    private mutating func noteExpiry(of key: String, _ expiry: MonotonicTime) {
        guard expiry < .distantFuture else { return }
        heap.append(Due(time: expiry, key: key, version: lastVersion))
        siftUp(heap.count - 1)
        // A key that is set again and again leaves a trail. Each rebuilding pays for as many additions.
        if heap.count > 2 * slots.count + 64 { rebuildHeap() }
    }

    private mutating func rebuildHeap() {
        heap.removeAll { slots[$0.key]?.version != $0.version }
        for index in stride(from: heap.count / 2, through: 0, by: -1) { siftDown(index) }
    }

    private mutating func removeFirstDue() {
        let last = heap.removeLast()
        guard !heap.isEmpty else { return }
        heap[0] = last
        siftDown(0)
    }

    private mutating func siftUp(_ start: Int) {
        var index = start
        while index > 0 {
            let parent = (index - 1) / 2
            if heap[parent].time <= heap[index].time { return }
            heap.swapAt(parent, index)
            index = parent
        }
    }

    private mutating func siftDown(_ start: Int) {
        var index = start
        while true {
            var smallest = index
            for child in [2 * index + 1, 2 * index + 2]
            where child < heap.count && heap[child].time < heap[smallest].time {
                smallest = child
            }
            if smallest == index { return }
            heap.swapAt(smallest, index)
            index = smallest
        }
    }
}
