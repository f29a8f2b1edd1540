/// A piece of somebody else's text, fit to stand within one line of ours: short, and without control characters, so
/// that it can neither break the line nor steer a terminal.
struct Excerpt: CustomStringConvertible {
    static let longest = 60

    let description: String

    init(_ text: String) {
        let scalars = text.unicodeScalars
        var result = ""
        for scalar in scalars.prefix(Excerpt.longest) {
            switch scalar.properties.generalCategory {
            // Format characters reverse the direction of text or hide in it.
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
                result += "\\u{\(String(scalar.value, radix: 16))}"
            default:
                result.unicodeScalars.append(scalar)
            }
        }
        description = scalars.count > Excerpt.longest ? result + "…" : result
    }
}
