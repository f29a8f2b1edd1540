import Testing

@testable import JSON

@Suite struct PlainTextTests {
    /// Every byte at every place, among neighbours that could hide it or be taken for it.
    @Test(arguments: [0x20, 0x21, 0x23, 0x5B, 0x5D, 0x61, 0x7F, 0x80, 0xFF] as [UInt8])
    func `plain text ends at the first special byte, wherever it stands`(filler: UInt8) {
        for byte in UInt8.min...UInt8.max {
            let isSpecial = byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
            for place in 0..<16 {
                var bytes = [UInt8](repeating: filler, count: 16)
                bytes[place] = byte
                let end = bytes.span.endOfPlainText(from: 0)
                if end != (isSpecial ? place : 16) { Issue.record("\(byte) at \(place) ends at \(end)") }
            }
        }
    }

    @Test func `it begins where it is told to, and leaves the last bytes alone`() {
        let bytes = Array(#""0123456789"a"#.utf8)
        #expect(bytes.span.endOfPlainText(from: 0) == 0)
        #expect(bytes.span.endOfPlainText(from: 1) == 9)
        #expect(bytes.span.endOfPlainText(from: 5) == 11)
        #expect(bytes.span.endOfPlainText(from: 6) == 6)
        #expect(bytes.span.endOfPlainText(from: bytes.count) == bytes.count)
        #expect([UInt8]().span.endOfPlainText(from: 0) == 0)
    }
}
