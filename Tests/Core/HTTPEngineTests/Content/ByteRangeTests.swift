import HTTPEngine
import Testing

@Suite struct ByteRangeTests {
    @Test(arguments: [
        // The examples of RFC 9110 §14.1.2, for content of 10000 bytes.
        ("bytes=0-499", 0..<500), ("bytes=500-999", 500..<1_000), ("bytes=-500", 9_500..<10_000),
        ("bytes=9500-", 9_500..<10_000), ("bytes=0-0", 0..<1), ("bytes=-1", 9_999..<10_000),
        ("bytes=9000-20000", 9_000..<10_000), ("bytes=-20000", 0..<10_000), ("bytes=0-", 0..<10_000),
        ("bytes=9999-9999", 9_999..<10_000), ("Bytes=0-0", 0..<1), ("bytes= 0-0 ", 0..<1),
        ("bytes=1-99999999999999999999999", 1..<10_000), ("bytes=-99999999999999999999999", 0..<10_000),
        ("bytes=1-9223372036854775807", 1..<10_000), ("bytes=0000-0000", 0..<1),
    ])
    func `one range is a part of the content`(text: String, expected: Range<Int>) {
        #expect(ByteRange(text, length: 10_000) == .part(expected))
    }

    @Test(arguments: ["bytes=10000-", "bytes=10000-10001", "bytes=99999999999999999999999-", "bytes=-0"])
    func `a range behind the end can not be satisfied`(text: String) {
        #expect(ByteRange(text, length: 10_000) == .unsatisfiable)
    }

    @Test(arguments: [
        "", "bytes", "bytes=", "bytes=-", "bytes=a-b", "bytes=5-4", "bytes=0-0,-1", "bytes=0-1, 5-6", "bytes=0-1,",
        "items=0-1", "bytes:0-1", "bytes=0 - 1", "bytes=+0-1", "bytes=0-1x", "bytes=--1", "bytes=0x0-1", "0-1",
    ])
    func `several ranges and what is not a range are answered with everything`(text: String) {
        #expect(ByteRange(text, length: 10_000) == .whole)
    }

    @Test func `empty content has no parts`() {
        #expect(ByteRange("bytes=0-", length: 0) == .unsatisfiable)
        #expect(ByteRange("bytes=-1", length: 0) == .whole)
        #expect(ByteRange(nil, length: 0) == .whole)
    }

    @Test func `the answer says which part it is`() {
        #expect(ByteRange.part(42..<1_234).contentRange(length: 1_234) == "bytes 42-1233/1234")
        #expect(ByteRange.unsatisfiable.contentRange(length: 1_234) == "bytes */1234")
        #expect(ByteRange.whole.contentRange(length: 1_234) == nil)
    }

    @Test(arguments: ["bytes=10-19", "bytes=-12", "bytes=12-"])
    func `hostile input never leads outside of the content`(sample: String) {
        for length in [0, 1, 15, 100] {
            forEachHostileVariant(of: sample) { input in
                guard case .part(let range) = ByteRange(input, length: length) else { return }
                if range.isEmpty || range.lowerBound < 0 || range.upperBound > length {
                    Issue.record("\(input) is \(range) of \(length)")
                }
            }
        }
    }
}
