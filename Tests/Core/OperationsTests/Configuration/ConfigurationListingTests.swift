import Testing

@testable import Operations

@Suite struct ConfigurationListingTests {
    private func sample() throws -> ConfigurationReader {
        let file = try ScratchFile("hunter3")
        let reader = ConfigurationReader(
            ConfigurationSource(
                environment: ["PUBLIC_URL": "https://example.com", "JWT_SECRET": "hunter2", "TOKEN_FILE": file.path],
                dotEnv: DotEnvFile(#"GREETING="hello # \"you\"\n \$""#)
            )
        )
        reader.group("Listening") {
            _ = reader.text("PUBLIC_URL", default: "http://localhost", help: "Where browsers find it")
            _ = reader.integer("BACKLOG", default: 128, in: 1...4_096, unit: "connections", help: "How many may wait")
        }
        reader.group("Secrets") {
            _ = reader.optionalSecret("JWT_SECRET", help: "Signs tokens")
            _ = reader.optionalSecret("TOKEN", help: "Opens | closes")
            _ = reader.optionalSecret("SPARE", help: "Not used")
        }
        reader.group("Listening") {
            _ = reader.optionalText("GREETING", help: "Said first")
            _ = reader.optionalText("FAREWELL", help: "Said last")
            _ = reader.text("NOTHING", default: "", help: "Never said")
        }
        try reader.finish()
        return reader
    }

    @Test func `the listing is grouped and aligned and names every source`() throws {
        let reader = try sample()
        let expected = #"""
            # Listening
            PUBLIC_URL=https://example.com   # environment
            BACKLOG=128                      # default
            GREETING="hello # \"you\"\n \$"  # .env
            FAREWELL=(unset)                 # default
            NOTHING=                         # default

            # Secrets
            JWT_SECRET=****                  # environment
            TOKEN=****                       # file
            SPARE=(unset)                    # default

            """#
        #expect(ConfigurationListing(reader.options).text == expected)
    }

    @Test func `a listing reads back as a file`() throws {
        let reader = try sample()
        let file = DotEnvFile(ConfigurationListing(reader.options).text)
        #expect(file.mistakes.isEmpty)
        for option in reader.options where !option.isSecret && option.value != nil {
            #expect(file.entries[option.name]?.value.reveal() == option.value)
        }
        #expect(file.entries.count == reader.options.count)
    }

    @Test func `one long value does not push the others away`() {
        let reader = ConfigurationReader(
            ConfigurationSource(environment: ["LONG_VALUE": String(repeating: "x", count: 100)])
        )
        _ = reader.optionalText("LONG_VALUE", help: "")
        _ = reader.text("SHORT", default: "y", help: "")
        #expect(ConfigurationListing(reader.options).text.hasSuffix("\nSHORT=y  # default\n"))
    }

    @Test func `the table has one row for each variable, with its default and not its value`() throws {
        let reader = try sample()
        let expected = #"""
            ## Listening

            | Variable | Meaning | Default |
            |---|---|---|
            | `PUBLIC_URL` | Where browsers find it (text) | `http://localhost` |
            | `BACKLOG` | How many may wait (a whole number of connections from 1 to 4096) | `128` |
            | `GREETING` | Said first (text) | unset |
            | `FAREWELL` | Said last (text) | unset |
            | `NOTHING` | Never said (text) | empty |

            ## Secrets

            | Variable | Meaning | Default |
            |---|---|---|
            | `JWT_SECRET` | Signs tokens (a secret, or its file in `JWT_SECRET_FILE`) | unset |
            | `TOKEN` | Opens \| closes (a secret, or its file in `TOKEN_FILE`) | unset |
            | `SPARE` | Not used (a secret, or its file in `SPARE_FILE`) | unset |

            """#
        #expect(ConfigurationListing(reader.options).markdown(headingLevel: 2) == expected)
    }
}
