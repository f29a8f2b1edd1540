/// What a SealingKey made of a plain text: it can be stored anywhere.
public struct SealedBox: Equatable, Sendable {
    static let nonceLength = 12
    static let tagLength = 16

    let nonce: [UInt8]
    /// As long as the plain text.
    let ciphertext: [UInt8]
    let tag: [UInt8]

    init(nonce: [UInt8], ciphertext: [UInt8], tag: [UInt8]) {
        self.nonce = nonce
        self.ciphertext = ciphertext
        self.tag = tag
    }

    /// Reads what `bytes` gives. Whether it was altered shows only when it is opened.
    public init(bytes: [UInt8]) throws(CryptographyError) {
        guard bytes.count >= SealedBox.nonceLength + SealedBox.tagLength else {
            throw CryptographyError(.malformedBox, "a sealed box has at least 28 bytes")
        }
        nonce = Array(bytes.prefix(SealedBox.nonceLength))
        ciphertext = Array(bytes.dropFirst(SealedBox.nonceLength).dropLast(SealedBox.tagLength))
        tag = Array(bytes.suffix(SealedBox.tagLength))
    }

    /// Nonce, cipher text, tag.
    public var bytes: [UInt8] { nonce + ciphertext + tag }
}
