/// Why somebody who was signed in is not served.
enum SessionError: Error, Equatable {
    /// Nobody is signed in here.
    case absent
    /// Was signed in; the session has ended, here or at the API.
    case over
    /// Another request renews the session and takes its time.
    case busy
}
