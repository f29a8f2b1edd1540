enum EmailAddressProblem: FieldProblem, CaseIterable {
    case empty
    case tooLong
    case notASCII
    case atSignMissing
    case localPartEmpty
    case localPartTooLong
    case localPartCharacter
    case localPartDots
    case quoteNotClosed
    case domainEmpty
    case domainCharacter
    case domainDots
    case domainHyphens
    case domainLabelTooLong
    case domainNotQualified
    case addressLiteral

    var message: String {
        switch self {
        case .empty: "Enter an e-mail address."
        case .tooLong: "An e-mail address has at most \(EmailAddress.longest) characters."
        case .notASCII:
            "Use only unaccented letters, digits and signs. A domain in another script has a form that starts with xn--."
        case .atSignMissing: "An e-mail address has an @, as in name@example.com."
        case .localPartEmpty: "Something is missing before the @."
        case .localPartTooLong: "At most \(EmailAddress.longestLocalPart) characters can stand before the @."
        case .localPartCharacter: "There is a space or a sign before the @ that can not be there."
        case .localPartDots: "Before the @, a dot can not come first or last, nor can two stand side by side."
        case .quoteNotClosed: "The quotation mark before the @ is not closed."
        case .domainEmpty: "Something is missing after the @."
        case .domainCharacter: "Only letters, digits, hyphens and dots can stand after the @."
        case .domainDots: "After the @, a dot can not come first or last, nor can two stand side by side."
        case .domainHyphens: "After the @, a hyphen can not stand beside a dot or come first or last."
        case .domainLabelTooLong: "After the @, at most \(EmailAddress.longestLabel) characters can stand between dots."
        case .domainNotQualified: "The part after the @ is incomplete: it ends like .com or .org."
        case .addressLiteral: "The part after the @ is to be a name, not a number in brackets."
        }
    }
}
