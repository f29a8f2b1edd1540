public import HTTPEngine

extension HTTPFieldName {
    /// The token of a device: in the answer to a sign-in, and in the requests for the next ones.
    public static let xDeviceToken = HTTPFieldName("X-Device-Token")

    /// Whose token it is, for whoever stands behind nginx' auth_request.
    public static let xAuthUserID = HTTPFieldName("X-Auth-User-Id")
    public static let xAuthUsername = HTTPFieldName("X-Auth-Username")
    /// Separated by commas.
    public static let xAuthRoles = HTTPFieldName("X-Auth-Roles")
}
