public import Operations

extension ConfigurationReader {
    /// What is good enough to try, and not to let people in.
    public func checkProductionRedis(_ address: RedisAddress, of name: String) {
        if let password = address.password {
            checkPassword(password, of: name, part: "the password in it ")
        } else if address.isUnguarded {
            mistake(name, "has no password in production", right: "set one, or use a unix socket")
        }
    }
}
