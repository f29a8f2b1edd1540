import Contract
import HTTPEngine
import JSON
import Linux

@testable import Web

/// Every page with plausible values, or with one text in every place where somebody's words are shown.
struct Samples {
    struct Sample {
        let name: String
        let view: any PageView
        let frame: PageFrame
    }

    static let now = WallTime(seconds: CivilTime.seconds(year: 2026, month: 1, day: 15, hour: 10, minute: 30))

    /// Stands in every place; nil for plausible values.
    var text: String?

    func words(_ plausible: String) -> String { text ?? plausible }

    var all: [Sample] { anonymous + own + lists + dialogs + questions }

    private var anonymous: [Sample] {
        let next = words("/account?tab=1")
        let refused = FormProblems(message: words("The name or the password is wrong."))
        let wrong = problems(["username", "email", "password"])
        return [
            anybody("sign-in", SignInView()),
            anybody("sign-in-flash", SignInView(), Flash(kind: .success, message: words("You are signed out."))),
            anybody("sign-in-refused", SignInView(username: words("ada"), next: next, problems: refused)),
            anybody("sign-up", SignUpView()),
            anybody(
                "sign-up-refused",
                SignUpView(username: words("ada"), email: words("ada@"), next: next, problems: wrong)
            ),
            anybody("sign-up-closed", SignUpClosedView()),
            anybody("error-404", ErrorView(status: .notFound)),
            anybody("error-503", ErrorView(status: .serviceUnavailable, retryAfterSeconds: 5)),
        ]
    }

    private var own: [Sample] {
        [
            person("dashboard", DashboardView(user: user(1), sessions: sessions)),
            person("dashboard-admin", DashboardView(user: user(0)), isAdmin: true),
            person("hello", HelloView(message: words(HelloBody.message), username: words("bob"))),
            person(
                "account",
                AccountView(section: .profile, user: user(1), sessions: sessions),
                flash: Flash(kind: .success, message: words("Your profile was saved."))
            ),
            person(
                "account-refused",
                AccountView(
                    section: .profile,
                    user: user(1),
                    sessions: nil,
                    username: words("b"),
                    email: words("bob"),
                    problems: problems(["username", "email"])
                )
            ),
            person(
                "password-refused",
                AccountView(
                    section: .password,
                    user: user(1),
                    sessions: sessions,
                    problems: problems(["current_password", "new_password"])
                )
            ),
            person("sessions", AccountView(section: .sessions, user: user(1), sessions: sessions)),
            person("end-all", ConfirmView(action: .signOutEverywhere)),
            person("error-403", ErrorView(status: .forbidden, message: words("This is for administrators."))),
            person("error-500", ErrorView(status: .internalServerError)),
        ]
    }

    private var lists: [Sample] {
        var search = UserListQuery()
        search.search = words("nobody")
        search.isActive = true
        search.sorting = .username
        var day = AuditListQuery()
        day.actor = words(id(0))
        day.action = words("user.update")
        day.since = Samples.now - .seconds(10 * 3_600 + 30 * 60)
        return [
            admin("overview", OverviewView(statistics: statistics, entries: entries(10))),
            admin("overview-empty", OverviewView(statistics: Samples.emptyStatistics, entries: [])),
            admin("users", users()),
            admin("users-empty", UsersView(page: page([], 0), query: search)),
            admin("users-search", UsersView(page: page((0..<3).map(user), 3), query: search)),
            admin("audit", AuditView(page: audit(20, of: 113), query: AuditListQuery())),
            admin("audit-filtered", AuditView(page: audit(3, of: 3), query: day, actorName: words("ada"))),
            admin("audit-empty", AuditView(page: audit(0, of: 0), query: day)),
            admin("audit-refused", AuditView(page: audit(0, of: 0), query: day, problems: problems(["since", "x"]))),
        ]
    }

    private var dialogs: [Sample] {
        [
            admin("user-creation", UserCreationView(list: users())),
            admin(
                "user-creation-refused",
                UserCreationView(
                    username: words("ada"),
                    email: words("ada@example.com"),
                    isAdmin: true,
                    problems: problems(["username", "email", "password", "is_admin"])
                )
            ),
            admin("user-edit", UserEditView(id: user(2).id, user: user(2), isOneself: false, list: users())),
            admin("user-edit-alone", UserEditView(id: user(3).id, user: user(3), isOneself: false)),
            admin("user-edit-oneself", UserEditView(id: user(0).id, user: user(0), isOneself: true, list: users())),
            admin(
                "user-edit-refused",
                UserEditView(
                    id: user(2).id,
                    user: user(2),
                    isOneself: false,
                    username: words("ada"),
                    email: words("x"),
                    problems: problems(["username", "email", "password"])
                )
            ),
            admin(
                "user-edit-away",
                UserEditView(
                    id: words(id(2)),
                    user: nil,
                    isOneself: false,
                    username: words("ada"),
                    email: words("x"),
                    problems: FormProblems(message: words(FailureWords.notDone))
                )
            ),
        ]
    }

    private var questions: [Sample] {
        let user = user(2)
        let actions: [UserAction] = [
            .activate(user), .deactivate(user), .makeAdministrator(user), .removeAdministrator(user),
            .endSessions(user), .delete(user),
        ]
        let refused = ConfirmView(
            action: .user(.removeAdministrator(user)),
            problem: words("The last active administrator can not be removed.")
        )
        return actions.map { admin("confirm-\($0.verb)", ConfirmView(action: .user($0))) }
            + [admin("confirm-refused", refused)]
    }
}

// MARK: - Frames

extension Samples {
    private func frame(_ viewer: Viewer?, _ flash: Flash?) -> PageFrame {
        PageFrame(
            viewer: viewer,
            csrfToken: "pTq3yWk0cF7m2vN8bL5dJ9xR1sG4hZ6a",
            flash: flash,
            requestID: words("0199c2f47a1e7d3b"),
            now: Samples.now
        )
    }

    private func anybody(_ name: String, _ view: any PageView, _ flash: Flash? = nil) -> Sample {
        Sample(name: name, view: view, frame: frame(nil, flash))
    }

    private func person(
        _ name: String,
        _ view: any PageView,
        isAdmin: Bool = false,
        flash: Flash? = nil
    ) -> Sample {
        let viewer = Viewer(username: words(isAdmin ? "ada" : "bob"), isAdmin: isAdmin)
        return Sample(name: name, view: view, frame: frame(viewer, flash))
    }

    private func admin(_ name: String, _ view: any PageView) -> Sample { person(name, view, isAdmin: true) }

    func problems(_ names: [String]) -> FormProblems {
        var fields = FieldErrors()
        for name in names { fields.add(name, words("This is not as it should be.")) }
        return FormProblems(fields: fields)
    }
}

// MARK: - Bodies

extension Samples {
    private static let names = [
        "ada", "bob", "grace", "edsger", "barbara", "donald", "frances", "ken", "margaret", "dennis", "radia", "linus",
        "hedy", "alan", "jean", "niklaus", "karen", "bjarne", "katherine", "tim",
    ]

    private func id(_ index: Int) -> String {
        "019bc0a1-7e1\(index % 10)-7c3d-9a52-5d1f2c88e4\(10 + index % 90)"
    }

    func user(_ index: Int) -> UserBody {
        let name = Samples.names[index % Samples.names.count]
        return UserBody(
            id: words(id(index)),
            username: words(name),
            email: words("\(name)@example.com"),
            isAdmin: index % 7 == 0,
            isActive: index % 5 != 3,
            isEmailVerified: index % 2 == 0,
            createdAt: Samples.now - .seconds(86_400 * (index + 1) * 4),
            updatedAt: Samples.now - .seconds(3_600),
            lastLoginAt: index % 6 == 5 ? nil : Samples.now - .seconds(150 + index * index * 1_900)
        )
    }

    func page(_ users: [UserBody], _ total: Int) -> UserPage {
        UserPage(items: users, page: 1, pageSize: 20, total: total)
    }

    func users() -> UsersView { UsersView(page: page((0..<20).map(user), 4_812), query: UserListQuery()) }

    var sessions: [SessionBody] {
        let devices = [
            ("Firefox on Linux", "192.0.2.7"), ("Safari on iPhone", "198.51.100.23"), ("curl", "203.0.113.9"),
        ]
        return devices.enumerated().map { index, device in
            SessionBody(
                id: words(id(index)),
                device: words(device.0),
                userAgent: words("Mozilla/5.0"),
                address: words(device.1),
                createdAt: Samples.now - .seconds(86_400 * (index + 1)),
                lastUsedAt: Samples.now - .seconds(index * 5_000),
                expiresAt: Samples.now + .seconds(86_400),
                isCurrent: index == 0
            )
        }
    }

    var statistics: StatisticsBody {
        let first = Samples.now.seconds / 86_400 - 29
        let days = (0..<30).map { index in
            let date = String(WallTime(seconds: (first + Int64(index)) * 86_400).rfc3339.prefix(10))
            return StatisticsDay(
                date: words(date),
                signUps: 2 + index * 5 % 7,
                signIns: 31 + index * 17 % 23 + index,
                failedSignIns: index == 21 ? 46 : index * 7 % 9,
                tokenRefreshes: 900
            )
        }
        return StatisticsBody(
            users: .init(total: 4_812, active: 4_655, inactive: 157, administrators: 12),
            liveSessions: 1_203,
            days: days,
            stores: [
                StoreHealth(
                    name: "database",
                    condition: .good,
                    latencyMicroseconds: 184,
                    product: words("PostgreSQL")
                ),
                StoreHealth(name: words("ephemeral"), condition: .degraded, latencyMicroseconds: nil),
            ]
        )
    }

    static let emptyStatistics = StatisticsBody(
        users: .init(total: 0, active: 0, inactive: 0, administrators: 0),
        liveSessions: 0,
        days: [],
        stores: [StoreHealth(name: "database", condition: .good, latencyMicroseconds: 184)]
    )

    func entries(_ count: Int) -> [AuditEntryBody] {
        let actions = ["login", "user.update", "login.failed", "user.deactivate", "logout"]
        return (0..<count).map { index in
            let action = actions[index % actions.count]
            let actor = AuditEntryBody.Party(id: index % 5 == 2 ? nil : words(id(index)), name: user(index).username)
            let isOnOthers = action.hasPrefix("user.")
            return AuditEntryBody(
                id: words(id(index)),
                at: Samples.now - .seconds(40 + index * index * 400),
                actor: actor,
                action: words(action),
                isSuccess: action != "login.failed",
                target: isOnOthers ? AuditEntryBody.Party(id: words(id(9)), name: words("grace")) : actor,
                before: action == "user.update" ? change("grace@example.com") : nil,
                after: action == "user.update" ? change("grace@example.org") : nil,
                address: words("192.0.2.7"),
                requestID: words("0199c2f47a1e7d3b")
            )
        }
    }

    private func change(_ email: String) -> JSONObject? {
        var writer = JSONWriter()
        writer.object { $0.member(words("email"), words(email)) }
        return try? JSONObject(parsing: writer.bytes)
    }

    func audit(_ count: Int, of total: Int) -> AuditPage {
        AuditPage(items: entries(count), page: 1, pageSize: 20, total: total)
    }
}
