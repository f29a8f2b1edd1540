/// Makes identifiers of requests: 128 bits in hexadecimal. One for each loop.
///
/// They must be unique, not secret: two SplitMix64 sequences from random starts, where the system's generator would cost
/// a system call each time.
struct RequestIDSource {
    private var high = UInt64.random(in: .min ... .max)
    private var low = UInt64.random(in: .min ... .max)

    mutating func next() -> String {
        let high = RequestIDSource.step(&high)
        let low = RequestIDSource.step(&low)
        return unsafe String(unsafeUninitializedCapacity: 32) { buffer in
            for index in 0..<32 {
                let half = index < 16 ? high : low
                let digit = UInt8(truncatingIfNeeded: half >> UInt64(60 - index % 16 * 4)) & 15
                unsafe buffer[index] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
            }
            return 32
        }
    }

    private static func step(_ state: inout UInt64) -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// An identifier that a trusted proxy made. What is not short and plain could break a log or a field, and is
    /// replaced.
    static func accepted(_ text: String) -> String? {
        let isPlain = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                true
            default: false
            }
        }
        return isPlain && (1...128).contains(text.utf8.count) ? text : nil
    }
}
