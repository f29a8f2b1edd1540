/// The inputs that every parser is fed besides its examples: a good sample cut at every point, and with every byte in
/// every position. A crash ends the test run; the body says what else must hold.
func forEachHostileVariant(of sample: String, _ body: (String) -> Void) {
    let bytes = [UInt8](sample.utf8)
    for length in 0..<bytes.count { body(String(decoding: bytes.prefix(length), as: UTF8.self)) }
    for position in bytes.indices {
        for byte in UInt8.min...UInt8.max {
            var changed = bytes
            changed[position] = byte
            body(String(decoding: changed, as: UTF8.self))
        }
    }
}
