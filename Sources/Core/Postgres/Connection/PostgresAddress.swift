internal import CPostgres
public import Database
public import Operations

/// Where a database is and how to sign in there: what libpq makes of a `postgresql://` URL, with everything it knows
/// (`sslmode`, `sslrootcert`, several hosts, `passfile`, …).
public struct PostgresAddress: Sendable {
    /// By libpq's keywords.
    private let given: [String: String]

    /// PQconninfoParse. Throws for what libpq does not accept; the reason is left out, since it may quote the password.
    public init(url: String) throws(DatabaseError) {
        guard url.hasPrefix("postgresql://") || url.hasPrefix("postgres://"), !url.utf8.contains(0),
            let options = PQconninfoParse(url, nil)
        else { throw DatabaseError(.other, message: "not a URL of a Postgres database") }
        defer { PQconninfoFree(options) }
        var given: [String: String] = [:]
        var option = options
        // > The array [is] terminated by an entry having a null keyword pointer.
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val { given[String(cString: keyword)] = String(cString: value) }
            option += 1
        }
        self.given = given
    }

    /// What the URL itself says; others may come from a `passfile`, or none be needed.
    public var password: Secret? { given["password"].map { Secret($0) } }

    /// `connect_timeout`, which libpq itself heeds only where it blocks.
    var connectTimeout: Duration? {
        given["connect_timeout"].flatMap { Int($0) }.flatMap { $0 > 0 ? .seconds($0) : nil }
    }

    /// What PQconnectStartParams gets: what the URL says goes before what the settings say.
    func parameters(_ settings: PostgresSettings) -> [String: String] {
        var parameters = [
            "fallback_application_name": settings.applicationName,
            // Looking for Kerberos tickets reads files; whoever uses them says so in the URL.
            "gssencmode": "disable",
        ]
        parameters.merge(given) { $1 }
        parameters["client_encoding"] = "UTF8"
        // Of two equal options the server takes the last one.
        parameters["options"] = settings.serverOptions + (given["options"].map { " " + $0 } ?? "")
        return parameters
    }
}

extension PostgresAddress: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Host, port and database; no user and no password.
    public var description: String {
        let host = given["hostaddr"] ?? given["host"] ?? "the default host"
        return "\(host):\(given["port"] ?? "5432")/\(given["dbname"] ?? "")"
    }

    public var debugDescription: String { description }

    /// For `dump` and test failures, which look into private properties.
    public var customMirror: Mirror { Mirror(self, children: ["address": description], displayStyle: .struct) }
}
