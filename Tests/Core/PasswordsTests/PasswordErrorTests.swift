import Testing

@testable import Passwords

@Suite struct PasswordErrorTests {
    @Test func `an error says what is wrong in words of its own`() {
        let codes: [PasswordError.Code] = [
            .empty, .tooLong, .holdsNUL, .unknownScheme, .malformedHash, .costOutOfBounds, .outOfMemory,
            .hashingFailed, .busy,
        ]
        #expect(Set(codes.map { "\(PasswordError($0))" }).count == codes.count)
        #expect("\(PasswordError(.tooLong))" == "the password is longer than 1024 bytes")
    }
}
