internal import Linux
internal import Networking

/// The Date field's value, made once a second for everyone on a loop.
final class HTTPDateClock {
    private let loop: EventLoop
    private var text: [UInt8] = []
    private var validUntil = MonotonicTime(nanoseconds: .min)

    init(loop: EventLoop) { self.loop = loop }

    func append(to output: inout [UInt8]) {
        if loop.now >= validUntil { renew() }
        output += text
    }

    private func renew() {
        let now = WallTime.now()
        text = [UInt8](HTTPDate.format(now).utf8)
        validUntil = loop.now + .nanoseconds(1_000_000_000 - Int64(now.nanosecondPart))
    }
}
