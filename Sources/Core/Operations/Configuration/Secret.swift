/// A text that must not be seen: every way of printing it shows `****`, and `reveal()` is the only way out.
///
/// It is neither Hashable nor Codable on purpose: both are doors through which the text would leave unnoticed.
public struct Secret: Sendable {
    /// What is printed in place of any secret.
    public static let mask = "****"

    private let text: String

    public init(_ text: String) { self.text = text }

    /// The text itself, for the one place that needs it. Searching for this name finds every such place.
    public func reveal() -> String { text }
}

extension Secret: Equatable {
    /// Takes as long for a first difference at the start as for one at the end. Only a difference in length shows.
    public static func == (left: Secret, right: Secret) -> Bool {
        guard left.text.utf8.count == right.text.utf8.count else { return false }
        var difference: UInt8 = 0
        for (one, other) in zip(left.text.utf8, right.text.utf8) { difference |= one ^ other }
        return difference == 0
    }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Always `****`.
    public var description: String { Secret.mask }

    /// Always `****`: interpolating a type that holds a secret prints this one.
    public var debugDescription: String { Secret.mask }

    /// Shows `****` to `dump` and to test failures, which look into private properties.
    public var customMirror: Mirror { Mirror(self, children: ["text": Secret.mask], displayStyle: .struct) }
}
