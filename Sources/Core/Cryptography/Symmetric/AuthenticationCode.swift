/// 32 bytes that only the holder of a key could make. Comparing two takes the same time wherever they differ.
public struct AuthenticationCode: Equatable, Sendable {
    public static let length = 32

    /// The bytes in place, for who must not allocate.
    public let storage: InlineArray<32, UInt8>

    public var bytes: [UInt8] { storage.indices.map { storage[$0] } }

    public static func == (left: AuthenticationCode, right: AuthenticationCode) -> Bool {
        ConstantTime.areEqual(left.storage.span, right.storage.span)
    }
}
