import Cryptography
import Testing

@Suite struct SecureRandomTests {
    @Test func `bytes come in the number asked for, and never the same twice`() {
        #expect(SecureRandom().bytes(count: 0).isEmpty)
        let values = (0..<1_000).map { _ in SecureRandom().bytes(count: 16) }
        #expect(values.allSatisfy { $0.count == 16 })
        #expect(Set(values).count == 1_000)
    }

    @Test func `every bit is set about half of the time`() {
        let random = SecureRandom()
        var counts = [Int](repeating: 0, count: 64)
        for _ in 0..<10_000 {
            let value = random.next()
            for bit in 0..<64 where value >> UInt64(bit) & 1 == 1 { counts[bit] += 1 }
        }
        // Ten standard deviations: by chance that is never seen.
        #expect(counts.allSatisfy { (4_500...5_500).contains($0) })
    }

    @Test(arguments: [("", "", true), ("a", "a", true), ("a", "b", false), ("a", "ab", false), ("xa", "xb", false)])
    func `comparing in constant time tells the same as comparing`(left: String, right: String, areEqual: Bool) {
        #expect(ConstantTime.areEqual(left, right) == areEqual)
    }
}
