/// What templates may do, beyond what the specification lets them.
public struct TemplateOptions: Equatable, Sendable {
    /// Whether `{{{name}}}` and `{{&name}}` may be written. An application that hands over finished HTML as `Markup` needs
    /// neither, and can have both refused.
    public var allowsUnescaped: Bool
    /// Whether a partial, a parent or a parent's block that nobody wrote is empty, as the specification suggests, instead
    /// of a mistake.
    public var toleratesUnknown: Bool
    /// Whether a name that is not in the data is an error instead of empty, and so is a list or an object shown as text.
    /// For development and tests: it finds the misspelt names.
    public var refusesMissingNames: Bool

    public init(allowsUnescaped: Bool = true, toleratesUnknown: Bool = false, refusesMissingNames: Bool = false) {
        self.allowsUnescaped = allowsUnescaped
        self.toleratesUnknown = toleratesUnknown
        self.refusesMissingNames = refusesMissingNames
    }
}
