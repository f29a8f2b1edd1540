import Cryptography
import Database
import Linux
import Testing

@testable import API

@Suite struct DeviceTokensTests {
    private let tokens = DeviceTokens(key: LimitBench.deviceKey)
    private let alice = LoginAccount.user(UUID(high: 1, low: 1))
    private let now = LimitBench.start

    @Test func `a token tells its device to who made it, for its account and its time`() {
        let name = tokens.makeName()
        #expect(name != tokens.makeName())
        let text = tokens.text(for: name, of: alice, at: now)
        #expect(text.utf8.count == DeviceTokens.textLength)
        #expect(tokens.name(in: text, of: alice, at: now) == name)
        let end = now + DeviceTokens.life
        #expect(tokens.name(in: text, of: alice, at: end - .microseconds(1)) == name)
        #expect(tokens.name(in: text, of: alice, at: end) == nil)
        #expect(tokens.name(in: text, of: .user(UUID(high: 1, low: 2)), at: now) == nil)
        #expect(tokens.name(in: text, of: .unknown("alice"), at: now) == nil)
        let others = DeviceTokens(key: HMACSHA256(key: [UInt8](repeating: 8, count: 32)))
        #expect(others.name(in: text, of: alice, at: now) == nil)
    }

    @Test func `a token of which anything was changed, cut or added is none`() {
        let text = tokens.text(for: tokens.makeName(), of: alice, at: now)
        let bytes = Array(text.utf8)
        for index in bytes.indices {
            for replacement in Array("A_=\u{0}\u{7F}".utf8) where replacement != bytes[index] {
                var altered = bytes
                altered[index] = replacement
                #expect(tokens.name(in: String(decoding: altered, as: UTF8.self), of: alice, at: now) == nil)
            }
            #expect(tokens.name(in: String(decoding: bytes[..<index], as: UTF8.self), of: alice, at: now) == nil)
        }
        #expect(tokens.name(in: text + "A", of: alice, at: now) == nil)
    }
}
