internal import Database
internal import Linux

/// Users as a table for people.
struct UserTable {
    let text: String

    init(_ found: AccountService.Page, page: Int, pageSize: Int) {
        if found.users.isEmpty {
            text = found.total == 0 ? "no users\n" : "no users on page \(page): there are \(found.total)\n"
            return
        }
        let rows =
            [["USERNAME", "E-MAIL", "ROLE", "STATE", "LAST SIGN-IN", "ID"]]
            + found.users.map { user in
                [
                    user.username, user.email, user.isAdmin ? "admin" : "user", user.isActive ? "active" : "inactive",
                    user.lastLoginAt?.rfc3339 ?? "never", user.id.description,
                ]
            }
        // Names and addresses are ASCII: a character takes one place.
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        let lines = rows.map { row in
            let cells = zip(row, widths).dropLast().map { $0 + String(repeating: " ", count: $1 - $0.count + 2) }
            return cells.joined() + (row.last ?? "") + "\n"
        }
        let first = (page - 1) * pageSize + 1
        text = lines.joined() + "\(first) to \(first + found.users.count - 1) of \(found.total)\n"
    }
}
