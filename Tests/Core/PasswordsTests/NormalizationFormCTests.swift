import Testing

@testable import Passwords

@Suite struct NormalizationFormCTests {
    private static func scalars(_ text: String) -> [UInt32] { text.normalizedToFormC.unicodeScalars.map(\.value) }

    /// From the figures of Unicode Standard Annex 15 and the parts of its conformance test.
    private static let examples: [(from: [UInt32], to: [UInt32])] = [
        ([], []),
        ([0x41, 0x30A], [0xC5]),
        ([0x212B], [0xC5]),
        ([0x2126], [0x3A9]),
        ([0x6F, 0x302], [0xF4]),
        ([0x73, 0x323, 0x307], [0x1E69]),
        ([0x73, 0x307, 0x323], [0x1E69]),
        ([0x1E0B, 0x323], [0x1E0D, 0x307]),
        ([0x71, 0x307, 0x323], [0x71, 0x323, 0x307]),
        // Hangul: two letters, three, a syllable with a letter behind; a letter that does not join.
        ([0x1100, 0x1161], [0xAC00]),
        ([0x1112, 0x1161, 0x11AB], [0xD55C]),
        ([0xD558, 0x11AB], [0xD55C]),
        ([0xD55C, 0x11AB], [0xD55C, 0x11AB]),
        ([0x1161, 0x1100], [0x1161, 0x1100]),
        // Marks of the same class keep their order; a mark between blocks the one behind it.
        ([0x61, 0x315, 0x300, 0x5AE, 0x62], [0xE0, 0x5AE, 0x315, 0x62]),
        ([0x61, 0x305, 0x315, 0x300, 0x5AE, 0x62], [0x61, 0x5AE, 0x305, 0x300, 0x315, 0x62]),
        ([0x1100, 0xAC00, 0x11A8], [0x1100, 0xAC01]),
        // Exclusions stay taken apart.
        ([0x958], [0x915, 0x93C]),
        ([0xFB1D], [0x5D9, 0x5B4]),
        ([0x1D160], [0x1D158, 0x1D165, 0x1D16E]),
        ([0x344], [0x308, 0x301]),
        // Compatibility is another matter.
        ([0xFB01], [0xFB01]),
        ([0x32, 0x2075], [0x32, 0x2075]),
        // A mark at the beginning, and one on a space.
        ([0x301, 0x65], [0x301, 0x65]),
        ([0x20, 0x301], [0x20, 0x301]),
        ([0x1F511, 0x200D, 0xFE0F], [0x1F511, 0x200D, 0xFE0F]),
    ]

    @Test func `the examples of the standard come out`() {
        for (from, to) in NormalizationFormCTests.examples {
            var text = ""
            text.unicodeScalars.append(contentsOf: from.compactMap(Unicode.Scalar.init))
            #expect(NormalizationFormCTests.scalars(text) == to, "\(from)")
        }
    }

    @Test func `what is in the form stays as it is`() {
        for (_, to) in NormalizationFormCTests.examples {
            var text = ""
            text.unicodeScalars.append(contentsOf: to.compactMap(Unicode.Scalar.init))
            #expect(NormalizationFormCTests.scalars(text) == to)
        }
        let ascii = String(decoding: (0..<128).map { UInt8($0) }, as: UTF8.self)
        #expect(Array(ascii.normalizedToFormC.utf8) == (0..<128).map { UInt8($0) })
    }
}
