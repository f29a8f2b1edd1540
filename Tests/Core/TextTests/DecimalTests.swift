import Testing
import Text

@Suite struct DecimalTests {
    @Test(arguments: [
        0, 1, 9, 10, 11, 99, 100, 101, 999_999_999_999_999, 1_000_000_000_000_000, 1_764_403_200_000_000, -1, -9, -10,
        -120, Int.max,
        Int.min,
    ])
    func `a number is written in its digits`(_ number: Int) {
        var bytes: [UInt8] = [0x3A]
        bytes.append(decimal: number)
        #expect(bytes == [0x3A] + Array(String(number).utf8))
        #expect(number.decimalLength == String(number).utf8.count)
        var magnitude: [UInt8] = []
        magnitude.append(decimal: UInt64(number.magnitude))
        #expect(magnitude == Array(String(number.magnitude).utf8))
    }

    @Test func `the greatest number has twenty digits`() {
        var bytes: [UInt8] = []
        bytes.append(decimal: UInt64.max)
        #expect(bytes == Array("18446744073709551615".utf8))
    }
}
