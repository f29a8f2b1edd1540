public import Linux

/// A universally unique identifier (RFC 9562): 16 bytes, written `0190163d-8694-739b-aea5-966c26f8ad91`.
public struct UUID: Hashable, Sendable {
    public let high: UInt64
    public let low: UInt64

    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Version 7: the milliseconds of the time, then random bits. New ones sort behind older ones, so an index grows at
    /// its end.
    public init(time: WallTime, using random: inout some RandomNumberGenerator) {
        self.init(time: time, random: (random.next(), random.next()))
    }

    /// The same with bits that were drawn before.
    public init(time: WallTime, random: (UInt64, UInt64)) {
        let milliseconds = UInt64(clamping: time.seconds * 1_000 + Int64(time.nanosecondPart / 1_000_000))
        let version: UInt64 = 0x7000
        let variant: UInt64 = 0x8000_0000_0000_0000
        high = milliseconds << 16 | version | random.0 & 0x0FFF
        low = variant | random.1 & 0x3FFF_FFFF_FFFF_FFFF
    }

    /// Nil unless there are 16 bytes.
    public init?(bytes: [UInt8]) {
        guard bytes.count == 16 else { return nil }
        high = bytes[..<8].reduce(0) { $0 << 8 | UInt64($1) }
        low = bytes[8...].reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Nil unless it is written in the one usual way; letters may be of either case.
    public init?(_ text: String) {
        let characters = text.utf8Span.span
        guard characters.count == 36 else { return nil }
        var halves: (high: UInt64, low: UInt64) = (0, 0)
        for place in characters.indices {
            if place == 8 || place == 13 || place == 18 || place == 23 {
                guard characters[place] == UInt8(ascii: "-") else { return nil }
                continue
            }
            guard let digit = UUID.digit(characters[place]) else { return nil }
            if place < 18 { halves.high = halves.high << 4 | digit } else { halves.low = halves.low << 4 | digit }
        }
        (high, low) = halves
    }

    private static func digit(_ character: UInt8) -> UInt64? {
        switch character {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(character - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(character - UInt8(ascii: "a")) + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt64(character - UInt8(ascii: "A")) + 10
        default: nil
        }
    }

    public var bytes: [UInt8] {
        [high, low].flatMap { half in (0..<8).map { UInt8(truncatingIfNeeded: half >> UInt64(56 - 8 * $0)) } }
    }
}

extension UUID: CustomStringConvertible {
    /// Digit by digit: every request that is signed in writes two of these, and a text for each byte takes a microsecond.
    public var description: String {
        var text: [UInt8] = []
        text.reserveCapacity(36)
        for place in 0..<32 {
            if place == 8 || place == 12 || place == 16 || place == 20 { text.append(UInt8(ascii: "-")) }
            let half = place < 16 ? high : low
            let digit = UInt8(truncatingIfNeeded: half >> UInt64(60 - place % 16 * 4)) & 0xF
            text.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
        }
        return String(decoding: text, as: UTF8.self)
    }
}
