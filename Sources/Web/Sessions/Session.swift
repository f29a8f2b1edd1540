/// Somebody who is signed in, as read from the store.
struct Session: Sendable {
    let id: BrowserSecret
    let record: SessionRecord
    /// The bytes in the store: who changes it says what it was.
    let sealed: [UInt8]
}
