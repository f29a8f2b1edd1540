/// First in, first out: a ring in an array, which keeps its room.
struct FIFO<Element> {
    private var ring: [Element?] = Array(repeating: nil, count: 16)
    private var start = 0
    private(set) var count = 0

    var isEmpty: Bool { count == 0 }
    var first: Element? { count == 0 ? nil : ring[start] }

    mutating func append(_ element: Element) {
        makeRoom()
        ring[slot(count)] = element
        count += 1
    }

    /// Puts an element before the first one.
    mutating func prepend(_ element: Element) {
        makeRoom()
        start = slot(ring.count - 1)
        ring[start] = element
        count += 1
    }

    mutating func removeFirst() -> Element? {
        guard count > 0 else { return nil }
        let element = ring[start].take()
        start = slot(1)
        count -= 1
        return element
    }

    /// Changes the first element for which `matches` holds, and answers what the change does; nil when there is none.
    mutating func update<Result>(where matches: (Element) -> Bool, _ change: (inout Element) -> Result) -> Result? {
        for offset in 0..<count {
            guard var element = ring[slot(offset)], matches(element) else { continue }
            defer { ring[slot(offset)] = element }
            return change(&element)
        }
        return nil
    }

    /// The size is a power of two.
    private func slot(_ offset: Int) -> Int { (start + offset) & (ring.count - 1) }

    private mutating func makeRoom() {
        guard count == ring.count else { return }
        ring = Array(ring[start...]) + Array(ring[..<start]) + Array(repeating: nil, count: count)
        start = 0
    }
}
