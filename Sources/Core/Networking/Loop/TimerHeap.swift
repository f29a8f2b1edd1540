internal import Linux

/// Timers by their time, the earliest first: a binary heap in which every timer knows its place, so that a timer of a
/// connection that closed leaves at once instead of lying there until its time.
struct TimerHeap {
    private var timers: [Timer] = []

    var count: Int { timers.count }

    /// -1 without timers. Rounded up: a timer never fires early.
    func millisecondsUntilNext(from now: MonotonicTime) -> CInt {
        guard let first = timers.first else { return -1 }
        let nanoseconds = first.key.nanoseconds - now.nanoseconds
        if nanoseconds <= 0 { return 0 }
        return CInt(clamping: (nanoseconds + 999_999) / 1_000_000)
    }

    mutating func insert(_ timer: Timer) {
        precondition(timer.heapIndex == nil, "a timer is in the heap once")
        timer.key = timer.due
        timers.append(timer)
        timer.heapIndex = timers.count - 1
        siftUp(timers.count - 1)
    }

    /// Moves a timer to the front part after its time became earlier.
    mutating func hasten(_ timer: Timer) {
        guard let index = timer.heapIndex else { return insert(timer) }
        timer.key = timer.due
        siftUp(index)
    }

    mutating func remove(_ timer: Timer) {
        guard let index = timer.heapIndex else { return }
        timer.heapIndex = nil
        let last = timers.removeLast()
        if index == timers.count { return }
        timers[index] = last
        last.heapIndex = index
        siftDown(index)
        siftUp(index)
    }

    /// Takes out a timer that is due, and puts back what was moved later since it was put in. Nil when nothing is due.
    ///
    /// The caller fires it, and not the heap: what a timer does may set and cancel others.
    mutating func takeDue(at now: MonotonicTime) -> Timer? {
        while let first = timers.first, first.key <= now {
            remove(first)
            if first.due <= now { return first }
            if first.due < .distantFuture { insert(first) }
        }
        return nil
    }

    private mutating func siftUp(_ start: Int) {
        var index = start
        while index > 0 {
            let parent = (index - 1) / 2
            if timers[parent].key <= timers[index].key { return }
            swapAt(parent, index)
            index = parent
        }
    }

    private mutating func siftDown(_ start: Int) {
        var index = start
        while true {
            var smallest = index
            for child in [2 * index + 1, 2 * index + 2]
            where child < timers.count && timers[child].key < timers[smallest].key {
                smallest = child
            }
            if smallest == index { return }
            swapAt(smallest, index)
            index = smallest
        }
    }

    private mutating func swapAt(_ left: Int, _ right: Int) {
        timers.swapAt(left, right)
        timers[left].heapIndex = left
        timers[right].heapIndex = right
    }
}
