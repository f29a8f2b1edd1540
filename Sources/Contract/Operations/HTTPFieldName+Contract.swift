public import HTTPEngine

extension HTTPFieldName {
    /// The token of a device: in the answer to a sign-in, and in the requests for the next ones.
    public static let xDeviceToken = HTTPFieldName("X-Device-Token")
}
