internal import Passwords

/// What a new password has to be. Asked when one is set, never when one is tried: rules may change, passwords stay.
///
/// As NIST SP 800-63B has it: length is what counts, any character may be used, what is tried first is refused, and mixtures
/// of character classes are not asked for unless somebody insists.
struct PasswordRules: Sendable {
    var minimumLength = 8
    var requiresUppercase = false
    var requiresLowercase = false
    var requiresDigit = false
    var requiresSymbol = false
    var refusesCommon = true

    static let maximumBytes = Password.maximumLength

    /// Everything that is wrong with a password, in the order it is worth mending.
    func problems(of typed: String, username: String, email: String) -> [PasswordProblem] {
        // What is hashed is what is judged. Megabytes are not: composing makes a third of them at best.
        if typed.utf8.count > 3 * PasswordRules.maximumBytes { return [.tooLong] }
        let text = typed.normalizedToFormC
        if text.utf8.count > PasswordRules.maximumBytes { return [.tooLong] }
        var problems: [PasswordProblem] = []
        // > each Unicode code point SHALL be counted as a single character
        if text.unicodeScalars.count < max(1, minimumLength) {
            problems.append(.tooShort(minimum: max(1, minimumLength)))
        }
        let categories = Set(text.unicodeScalars.map(\.properties.generalCategory))
        if categories.contains(.control) { problems.append(.controlCharacter) }
        problems += missingClasses(in: categories)
        if refusesCommon, CommonPasswords.standard.contains(text) { problems.append(.common) }
        if PasswordLikeness.isLike(text, names: PasswordLikeness.names(inUsername: username)) {
            problems.append(.likeUsername)
        }
        if PasswordLikeness.isLike(text, names: PasswordLikeness.names(inEmail: email)) { problems.append(.likeEmail) }
        return problems
    }

    private func missingClasses(in categories: Set<Unicode.GeneralCategory>) -> [PasswordProblem] {
        let symbols: Set<Unicode.GeneralCategory> = [
            .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
            .finalPunctuation, .otherPunctuation, .mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol,
            .spaceSeparator,
        ]
        var missing: [PasswordProblem] = []
        if requiresUppercase, !categories.contains(.uppercaseLetter) { missing.append(.lacksUppercase) }
        if requiresLowercase, !categories.contains(.lowercaseLetter) { missing.append(.lacksLowercase) }
        if requiresDigit, !categories.contains(.decimalNumber) { missing.append(.lacksDigit) }
        if requiresSymbol, categories.isDisjoint(with: symbols) { missing.append(.lacksSymbol) }
        return missing
    }
}
