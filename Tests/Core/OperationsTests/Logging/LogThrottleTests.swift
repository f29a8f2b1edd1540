import Linux
import Operations
import Testing

@Suite struct LogThrottleTests {
    @Test func `what happens too often is told once in a while, with how often it was`() {
        let throttle = LogThrottle(interval: .seconds(10))
        let told = [0, 1, 9, 10, 11, 12, 25, 34, 35, 36].map { second in
            throttle.happened(at: MonotonicTime(nanoseconds: second * 1_000_000_000))
        }
        #expect(told == [1, nil, nil, 3, nil, nil, 3, nil, 2, nil])
    }
}
