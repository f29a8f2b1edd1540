enum PasswordProblem: FieldProblem {
    case tooShort(minimum: Int)
    case tooLong
    case controlCharacter
    case lacksUppercase
    case lacksLowercase
    case lacksDigit
    case lacksSymbol
    case common
    case likeUsername
    case likeEmail

    var message: String {
        switch self {
        case .tooShort(let minimum): "Use at least \(minimum) characters. A few words make a good password."
        case .tooLong: "The password is too long: up to \(PasswordRules.maximumBytes) bytes are possible."
        case .controlCharacter: "The password holds a character that can not be typed, such as a line break."
        case .lacksUppercase: "Use at least one capital letter."
        case .lacksLowercase: "Use at least one small letter."
        case .lacksDigit: "Use at least one digit."
        case .lacksSymbol: "Use at least one sign that is neither a letter nor a digit."
        case .common: "This password is among the first that are tried. Choose one that is harder to guess."
        case .likeUsername: "The password is too much like the username."
        case .likeEmail: "The password is too much like the e-mail address."
        }
    }
}
