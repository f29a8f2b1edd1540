enum UsernameProblem: FieldProblem, CaseIterable {
    case empty
    case tooShort
    case tooLong
    case emailAddress
    case character
    case signAtEnd
    case doubledSign
    /// Not of the name itself: `Username.isReserved`, for whoever signs up.
    case reserved

    var message: String {
        switch self {
        case .empty: "Enter a username."
        case .tooShort: "A username has at least \(Username.lengths.lowerBound) characters."
        case .tooLong: "A username has at most \(Username.lengths.upperBound) characters."
        case .emailAddress: "A username is not an e-mail address: leave out the @."
        case .character: "Use letters from a to z, digits, dots, hyphens and underscores."
        case .signAtEnd: "A username starts and ends with a letter or a digit."
        case .doubledSign: "Two dots, hyphens or underscores can not stand side by side."
        case .reserved: "This name is reserved. Choose another one."
        }
    }
}
