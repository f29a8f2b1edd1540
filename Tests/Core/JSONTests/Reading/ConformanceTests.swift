import JSON
import Testing
import Text

@Suite struct ConformanceTests {
    @Test func `what RFC 8259 allows is read as what it means`() throws {
        for (document, expected) in AcceptedDocuments.all {
            let value = try JSONValue(parsing: Array(document.utf8))
            #expect(value.hasSameBytes(as: expected), "\(document)")
        }
    }

    @Test func `anything else is refused, with the reason and the place`() {
        for (document, code, offset) in RefusedDocuments.all {
            #expect(throws: JSONError(code, at: offset), "\(document)") {
                try JSONValue(parsing: Array(document.utf8))
            }
        }
    }

    /// Where readers differ (the i_ cases of the known suites), this one has decided.
    @Test(arguments: [
        // Kept as the nearest Double: more digits than an Int64 has.
        ("9223372036854775808", JSONValue.number(0x1p63)),
        ("-9223372036854775809", .number(-0x1p63)),
        ("18446744073709551615", .number(0x1p64)),
        ("100000000000000000000", .number(1e20)),
        // Too small for a Double is zero.
        ("1e-400", .number(0)),
        ("-1e-99999999999", .number(-0.0)),
        ("123e-10000000", .number(0)),
        // Sign of an integer zero is lost, that of a Double is not.
        ("-0", .integer(0)),
        ("-0e1", .number(-0.0)),
        // Names that look alike but are not the same bytes.
        ("{\"\u{E9}\":1,\"e\u{301}\":2}", .object(["\u{E9}": .integer(1), "e\u{301}": .integer(2)])),
    ])
    func `what is left to the reader is decided`(document: String, expected: JSONValue) throws {
        let value = try JSONValue(parsing: Array(document.utf8))
        #expect(value.hasSameBytes(as: expected))
    }

    @Test(
        arguments: [
            ([0x22, 0xFF, 0x22], 1),
            ([0x22, 0x61, 0x80, 0x22], 2),
            ([0x22, 0xC3, 0x22], 1),
            ([0x22, 0xC0, 0xAF, 0x22], 1),
            ([0x22, 0xC1, 0xBF, 0x22], 1),
            ([0x22, 0xE0, 0x80, 0xAF, 0x22], 1),
            ([0x22, 0xED, 0xA0, 0x80, 0x22], 1),
            ([0x22, 0xED, 0xBF, 0xBF, 0x22], 1),
            ([0x22, 0xF0, 0x80, 0x80, 0xAF, 0x22], 1),
            ([0x22, 0xF4, 0x90, 0x80, 0x80, 0x22], 1),
            ([0x22, 0xF8, 0x88, 0x80, 0x80, 0x80, 0x22], 1),
            ([0x22, 0xF0, 0x9F, 0x94, 0x22], 1),
            ([0x22, 0x5C, 0x6E, 0xFF, 0x22], 3),
            ([0x22, 0x5C, 0xFF, 0x22], 2),
            ([0x7B, 0x22, 0xFF, 0x22, 0x3A, 0x31, 0x7D], 2),
            ([0x5B, 0x22, 0xC3, 0xA9, 0x22, 0x2C, 0x22, 0xE9, 0x22, 0x5D], 7),
        ] as [([UInt8], Int)]
    )
    func `bytes that are not UTF-8 are refused in every string`(document: [UInt8], offset: Int) {
        #expect(throws: JSONError(.invalidUTF8, at: offset)) { try JSONValue(parsing: document) }
    }

    @Test(
        arguments: [
            [0xFF], [0xE9], [0xFF, 0xFE, 0x5B, 0x00, 0x5D, 0x00], [0xFE, 0xFF, 0x00, 0x5B, 0x00, 0x5D],
            [0x00, 0x5B, 0x00, 0x5D], [0x5B, 0x00, 0x5D, 0x00], [0x5B, 0xFF, 0x5D], [0x5B, 0x5D, 0xFF],
            [0x5B, 0x31, 0xE5, 0x5D], [0xEF, 0xBB], [0x7B, 0xF0, 0x9F, 0x7D],
        ] as [[UInt8]]
    )
    func `other encodings and stray bytes are refused outside strings too`(document: [UInt8]) {
        #expect(throws: JSONError.self) { try JSONValue(parsing: document) }
    }
}
