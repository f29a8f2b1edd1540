import Linux
import Operations
import Testing

@Suite struct ConfigurationReaderTests {
    private enum LogFormat: String, CaseIterable {
        case text
        case json
    }

    /// Every kind of variable, read from the environment.
    private struct Sample {
        let reader: ConfigurationReader
        let name, format, listen, limit, wait, idle: String
        let networks: [IPNetwork]
        let origins: [String]
        let isEnabled: Bool

        init(_ environment: [String: String]) {
            let reader = ConfigurationReader(ConfigurationSource(environment: environment))
            self.reader = reader
            name = reader.text("APP_NAME", default: "gate", help: "name")
            format = reader.choice("LOG_FORMAT", default: LogFormat.text, help: "format").rawValue
            let address = reader.value(
                "API_LISTEN",
                default: "127.0.0.1:5000",
                help: "address",
                expects: "host:port or unix:/path",
                parse: SocketAddress.init
            )
            listen = address.description
            limit = "\(reader.bytes("BODY_LIMIT", default: 65_536, in: 1...(1 << 30), help: "limit"))"
            wait = "\(reader.duration("STOP_WAIT", default: .seconds(10), in: .zero ... .seconds(60), help: "wait"))"
            idle = "\(reader.integer("IDLE_COUNT", default: 4, in: 1...64, unit: "connections", help: "idle"))"
            networks = reader.values(
                "TRUSTED_PROXIES",
                default: "127.0.0.0/8,::1/128",
                help: "proxies",
                expects: "a network like 10.0.0.0/8",
                parse: IPNetwork.init
            )
            origins = reader.list("CORS_ORIGINS", default: [], help: "origins")
            isEnabled = reader.flag("DOCS_ENABLED", default: true, help: "docs")
        }
    }

    @Test func `what is unset has its default`() throws {
        let sample = Sample([:])
        try sample.reader.finish()
        #expect(sample.name == "gate" && sample.format == "text" && sample.listen == "127.0.0.1:5000")
        #expect(sample.limit == "65536" && sample.wait == "10.0 seconds" && sample.idle == "4")
        #expect(sample.networks.map(\.description) == ["127.0.0.0/8", "::1/128"])
        #expect(sample.origins == [] && sample.isEnabled)
        #expect(sample.reader.options.allSatisfy { $0.source == .default && $0.value == $0.defaultText })
    }

    @Test func `what is set is read`() throws {
        let sample = Sample([
            "APP_NAME": " a gate ", "LOG_FORMAT": "JSON", "API_LISTEN": "unix:/run/api.sock", "BODY_LIMIT": "10m",
            "STOP_WAIT": "500ms", "IDLE_COUNT": "64", "TRUSTED_PROXIES": "10.0.0.0/8", "CORS_ORIGINS": "a, b,,c ",
            "DOCS_ENABLED": "off",
        ])
        try sample.reader.finish()
        #expect(sample.name == "a gate" && sample.format == "json" && sample.listen == "unix:/run/api.sock")
        #expect(sample.limit == "10485760" && sample.wait == "0.5 seconds" && sample.idle == "64")
        #expect(sample.networks.map(\.description) == ["10.0.0.0/8"])
        #expect(sample.origins == ["a", "b", "c"] && !sample.isEnabled)
        #expect(sample.reader.options.allSatisfy { $0.source == .environment })
    }

    @Test(arguments: [
        ("LOG_FORMAT", "jsn", #""jsn" does not fit; expected one of text, json; did you mean json?"#),
        ("LOG_FORMAT", "xml", #""xml" does not fit; expected one of text, json"#),
        ("API_LISTEN", "nowhere", #""nowhere" does not fit; expected host:port or unix:/path"#),
        ("BODY_LIMIT", "0", #""0" does not fit; expected a number of bytes from 1 to 1g (as 65536, 64k, 10m or 1GiB)"#),
        (
            "STOP_WAIT", "2m",
            #""2m" does not fit; expected a duration from 0 to 1m (as 500ms, 10s, 5m, 2h, 30d or a number of seconds)"#
        ),
        ("IDLE_COUNT", "65", #""65" does not fit; expected a whole number of connections from 1 to 64"#),
        ("IDLE_COUNT", "0", #""0" does not fit; expected a whole number of connections from 1 to 64"#),
        ("IDLE_COUNT", "4.0", #""4.0" does not fit; expected a whole number of connections from 1 to 64"#),
        ("IDLE_COUNT", "1\n2", #""1\u{a}2" does not fit; expected a whole number of connections from 1 to 64"#),
        (
            "TRUSTED_PROXIES", "10.0.0.0/8, ten",
            #""ten" does not fit; expected a list of a network like 10.0.0.0/8, separated by commas"#
        ),
        ("DOCS_ENABLED", "maybe", #""maybe" does not fit; expected true or false"#),
    ])
    func `a wrong value is one mistake, and its default is used`(name: String, value: String, words: String) throws {
        let sample = Sample([name: value])
        let error = #expect(throws: ConfigurationError.self) { try sample.reader.finish() }
        #expect(error?.description == "\(name): \(words)")
        let option = try #require(sample.reader.options.first { $0.name == name })
        #expect(option.source == .default && option.value == option.defaultText)
        let defaults = Sample([:])
        #expect(sample.idle == defaults.idle && sample.networks == defaults.networks && sample.wait == defaults.wait)
        #expect(sample.format == defaults.format && sample.listen == defaults.listen && sample.limit == defaults.limit)
        #expect(sample.isEnabled == defaults.isEnabled)
    }

    @Test func `all mistakes are thrown together, one line each, in the order of reading`() {
        let source = ConfigurationSource(
            environment: ["IDLE_COUNT": "many", "LOG_FORMAT": "xml"],
            dotEnv: DotEnvFile("oops\nLOG_FORMATT=x\n")
        )
        let reader = ConfigurationReader(source)
        _ = reader.choice("LOG_FORMAT", default: LogFormat.text, help: "")
        _ = reader.integer("IDLE_COUNT", default: 1, in: 0...(.max), help: "")
        reader.mistake("IDLE_COUNT", "is more than the pool has", right: "lower it")
        let error = #expect(throws: ConfigurationError.self) { try reader.finish() }
        #expect(
            error?.description.split(separator: "\n") == [
                ".env line 1: does not begin with a name and '='; write NAME=value",
                #"LOG_FORMAT: "xml" does not fit; expected one of text, json"#,
                #"IDLE_COUNT: "many" does not fit; expected a whole number from 0 up"#,
                "IDLE_COUNT: is more than the pool has; lower it",
                "LOG_FORMATT: unknown; did you mean LOG_FORMAT?",
            ]
        )
        #expect(error?.mistakes == reader.mistakes)
    }

    @Test func `what is optional and unset is nil, without a mistake`() throws {
        let reader = ConfigurationReader(ConfigurationSource(environment: ["A_TEXT": ""]))
        #expect(reader.optionalText("A_TEXT", help: "") == nil)
        #expect(reader.optionalInteger("AN_INTEGER", in: 0...1, help: "") == nil)
        #expect(reader.optionalFlag("A_FLAG", help: "") == nil)
        #expect(reader.optionalChoice("A_CHOICE", of: LogFormat.self, help: "") == nil)
        #expect(reader.optionalDuration("A_DURATION", in: .zero ... .seconds(1), help: "") == nil)
        #expect(reader.optionalBytes("A_SIZE", in: 0...1, help: "") == nil)
        #expect(reader.optionalValue("A_VALUE", help: "", expects: "an address", parse: IPAddress.init) == nil)
        try reader.finish()
        #expect(reader.options.allSatisfy { $0.value == nil && $0.defaultText == nil && $0.source == .default })
    }

    @Test func `what is optional and set is read`() throws {
        let reader = ConfigurationReader(
            ConfigurationSource(environment: [
                "A_TEXT": "x", "AN_INTEGER": "-1", "A_FLAG": "yes", "A_CHOICE": "json", "A_DURATION": "1",
                "A_SIZE": "1k", "A_VALUE": "::1",
            ])
        )
        #expect(reader.optionalText("A_TEXT", help: "") == "x")
        #expect(reader.optionalInteger("AN_INTEGER", in: -1...1, help: "") == -1)
        #expect(reader.optionalFlag("A_FLAG", help: "") == true)
        #expect(reader.optionalChoice("A_CHOICE", of: LogFormat.self, help: "") == .json)
        #expect(reader.optionalDuration("A_DURATION", in: .zero ... .seconds(1), help: "") == .seconds(1))
        #expect(reader.optionalBytes("A_SIZE", in: 0...2_048, help: "") == 1_024)
        let address = reader.optionalValue("A_VALUE", help: "", expects: "an address", parse: IPAddress.init)
        #expect(address?.isLoopback == true)
        try reader.finish()
    }

    @Test(arguments: [
        ("true", true), ("YES", true), ("On", true), ("1", true), ("false", false), ("no", false), ("OFF", false),
        ("0", false),
    ])
    func `a flag has many spellings`(text: String, expected: Bool) throws {
        let reader = ConfigurationReader(ConfigurationSource(environment: ["A_FLAG": text]))
        #expect(reader.flag("A_FLAG", default: !expected, help: "") == expected)
        try reader.finish()
    }

    @Test func `a default that is found out at start is described, not written`() {
        let reader = ConfigurationReader(ConfigurationSource(environment: [:]))
        let threads = reader.value("THREADS", default: ("one per core", 8), help: "", expects: "a count") { Int($0) }
        #expect(threads == 8)
        #expect(reader.options.first?.defaultText == "one per core")
    }

    @Test func `a name that says seconds is written in seconds`() {
        let reader = ConfigurationReader(ConfigurationSource(environment: [:]))
        let range = Duration.zero ... .seconds(1_000)
        _ = reader.duration("EXPIRE_SECONDS", default: .seconds(900), in: range, help: "")
        _ = reader.duration("REUSE_WINDOW", default: .seconds(900), in: range, help: "")
        #expect(reader.options.map(\.defaultText) == ["900", "15m"])
    }

    @Test func `a group ends where its body does, also by throwing`() {
        struct Stop: Error {}
        let reader = ConfigurationReader(ConfigurationSource(environment: [:]))
        reader.group("Outer") {
            _ = reader.optionalText("FIRST", help: "")
            #expect(throws: Stop.self) {
                try reader.group("Inner") {
                    _ = reader.optionalText("SECOND", help: "")
                    throw Stop()
                }
            }
            _ = reader.optionalText("THIRD", help: "")
        }
        _ = reader.optionalText("FOURTH", help: "")
        #expect(reader.options.map(\.group) == ["Outer", "Inner", "Outer", "General"])
    }

    @Test func `to declare a name twice is a mistake of the program`() async {
        await #expect(processExitsWith: .failure) {
            let reader = ConfigurationReader(ConfigurationSource(environment: [:]))
            _ = reader.optionalSecret("TOKEN", help: "")
            _ = reader.optionalText("TOKEN_FILE", help: "")
        }
    }

    @Test func `a default outside its own range is a mistake of the program`() async {
        await #expect(processExitsWith: .failure) {
            let reader = ConfigurationReader(ConfigurationSource(environment: [:]))
            _ = reader.integer("COUNT", default: 9, in: 1...8, help: "")
        }
    }
}
