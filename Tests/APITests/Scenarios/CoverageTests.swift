import Contract
import HTTPEngine
import Testing

/// That the tables leave nothing out.
@Suite struct CoverageTests {
    private static let tables: [[Scenario]] = [
        SignUpScenarios.open, SignUpScenarios.shapes, SignUpScenarios.conflicts, SignUpScenarios.closed,
        LoginScenarios.names, LoginScenarios.refusals, LoginScenarios.shapes, LoginScenarios.tooMany,
        RefreshScenarios.exchanges, RefreshScenarios.refusals, RefreshScenarios.inactive,
        LeavingScenarios.logouts, LeavingScenarios.refusals, LeavingScenarios.everywhere, LeavingScenarios.ending,
        AccountScenarios.looks, AccountScenarios.guarded, AccountScenarios.profiles, AccountScenarios.passwords,
        UserListScenarios.lists, UserListScenarios.wrong, UserListScenarios.one,
        UserChangeScenarios.creations, UserChangeScenarios.replacements, UserChangeScenarios.changes,
        AdministrationScenarios.deletions, AdministrationScenarios.states, AdministrationScenarios.roles,
        AdministrationScenarios.sessions, AdministrationScenarios.missing, AdministrationScenarios.forbidden,
        AuditScenarios.found, AuditScenarios.refused, AuditScenarios.statistics,
        ServiceScenarios.answers, ServiceScenarios.disabled,
        EveryOperationScenarios.malformedContent, EveryOperationScenarios.unknownFields,
        EveryOperationScenarios.tooLarge, EveryOperationScenarios.otherContentTypes,
        EveryOperationScenarios.expired, EveryOperationScenarios.malformedPaths,
    ]

    /// Played for all operations at once: `LimitScenarios`, `ServiceScenarios` and the tests of errors.
    private static let together = [429, 500, 503]

    /// Whose refresh token has run out needs a sign-in, as anybody with a bad one: only access tokens expire.
    private static let impossible = ["refresh 401 TOKEN_EXPIRED"]

    @Test func `every answer and every error of the contract is in a table`() {
        let played = Set(
            CoverageTests.tables.joined().map { "\($0.operation.id) \($0.status) \($0.code?.rawValue ?? "")" }
        )
        var missing: [String] = []
        for operation in Operation.all {
            for answer in operation.answers { missing.append("\(operation.id) \(answer.status.code) ") }
            for failure in operation.failures {
                missing += failure.codes.map { "\(operation.id) \(failure.status.code) \($0.rawValue)" }
            }
        }
        missing.removeAll { played.contains($0) || CoverageTests.impossible.contains($0) }
        missing.removeAll { line in CoverageTests.together.contains { line.contains(" \($0) ") } }
        #expect(missing.isEmpty, "\(missing)")
    }
}
