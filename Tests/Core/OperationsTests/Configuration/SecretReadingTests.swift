import Operations
import Testing

@Suite struct SecretReadingTests {
    private func reader(_ environment: [String: String], dotEnv: String = "") -> ConfigurationReader {
        ConfigurationReader(ConfigurationSource(environment: environment, dotEnv: DotEnvFile(dotEnv)))
    }

    private func mistakes(_ reader: ConfigurationReader) -> [String] { reader.mistakes.map(\.description) }

    @Test func `a secret comes from its variable, untouched`() throws {
        let reader = reader(["TOKEN": " hunter2\n"])
        #expect(reader.secret("TOKEN", help: "").reveal() == " hunter2\n")
        try reader.finish()
    }

    @Test(arguments: [
        ("hunter2", "hunter2"), ("hunter2\n", "hunter2"), ("hunter2\r\n", "hunter2"), ("hunter2\n\n", "hunter2\n"),
        (" hunter 2 ", " hunter 2 "), ("-----\na\n-----\n", "-----\na\n-----"),
    ])
    func `a secret comes from its file, without the last line end`(contents: String, expected: String) throws {
        let file = try ScratchFile(contents)
        let reader = reader(["TOKEN_FILE": file.path])
        #expect(reader.optionalSecret("TOKEN", help: "")?.reveal() == expected)
        #expect(reader.options.first?.source == .file)
        try reader.finish()
    }

    @Test func `a secret from both places is a mistake and from neither place taken`() throws {
        let file = try ScratchFile("hunter2")
        let reader = reader(["TOKEN_FILE": file.path], dotEnv: "TOKEN=hunter3")
        #expect(reader.optionalSecret("TOKEN", help: "") == nil)
        #expect(mistakes(reader) == ["TOKEN: is set (.env) and so is TOKEN_FILE (environment); set only one of them"])
    }

    @Test func `a file that gives no secret is a mistake that shows neither path nor contents`() throws {
        let empty = try ScratchFile("\n")
        let binary = try ScratchFile([0x68, 0xFF])
        let large = try ScratchFile([UInt8](repeating: 0x68, count: 65_537))
        let cases = [
            (empty.path, "the file is empty"), (binary.path, "the file is not UTF-8"),
            (large.path, "the file is larger than 65536 bytes"),
            ("hunter2", "the file can not be read (open: No such file or directory)"),
            ("/", "the file can not be read (read: Is a directory)"),
        ]
        for (path, words) in cases {
            let reader = reader(["TOKEN_FILE": path])
            #expect(reader.secret("TOKEN", help: "").reveal() == "")
            #expect(mistakes(reader) == ["TOKEN_FILE: \(words)"])
            #expect(reader.options.first?.value == nil)
        }
    }

    @Test func `a file of exactly the largest size is taken`() throws {
        let file = try ScratchFile([UInt8](repeating: 0x68, count: 65_536))
        let reader = reader(["TOKEN_FILE": file.path])
        #expect(reader.secret("TOKEN", help: "").reveal().utf8.count == 65_536)
        try reader.finish()
    }

    @Test func `a required secret that is unset is one mistake`() {
        let reader = reader(["TOKEN": ""])
        #expect(reader.secret("TOKEN", minimumBytes: 32, help: "") == Secret(""))
        #expect(
            mistakes(reader) == [
                "TOKEN: is not set; expected a secret of at least 32 bytes, here or in the file of TOKEN_FILE"
            ]
        )
    }

    @Test func `an optional secret that is unset is none`() throws {
        let reader = reader([:])
        #expect(reader.optionalSecret("TOKEN", minimumBytes: 32, help: "") == nil)
        try reader.finish()
    }

    @Test(arguments: ["TOKEN", "TOKEN_FILE"])
    func `a secret that is too short is one mistake that does not show it`(name: String) throws {
        let file = try ScratchFile("hunter2")
        for isRequired in [true, false] {
            let reader = reader([name: name == "TOKEN" ? "hunter2" : file.path])
            if isRequired {
                #expect(reader.secret("TOKEN", minimumBytes: 8, help: "") == Secret(""))
            } else {
                #expect(reader.optionalSecret("TOKEN", minimumBytes: 8, help: "") == nil)
            }
            #expect(mistakes(reader) == ["\(name): the value does not fit; expected a secret of at least 8 bytes"])
        }
    }

    @Test func `the least number of bytes is enough`() throws {
        let reader = reader(["TOKEN": "hunterés"])
        #expect(reader.secret("TOKEN", minimumBytes: 9, help: "").reveal() == "hunterés")
        try reader.finish()
    }

    @Test(arguments: [("7", 7), ("hunter2", nil)])
    func `a value with a secret in it is parsed and never shown`(text: String, expected: Int?) {
        let reader = reader(["REDIS_URL": text])
        #expect(reader.optionalSecret("REDIS_URL", help: "", expects: "a number") { Int($0) } == expected)
        #expect(mistakes(reader) == (expected == nil ? ["REDIS_URL: the value does not fit; expected a number"] : []))
        #expect(reader.options.first?.value == (expected == nil ? nil : "****"))
    }

    @Test func `no secret leaves by the options, the mistakes or the listings`() throws {
        let file = try ScratchFile("hunter4")
        let reader = reader(
            ["FIRST_TOKEN": "hunter2", "THIRD_TOKEN_FILE": file.path, "FIRST_TOKENS": "hunter5"],
            dotEnv: "SECOND_TOKEN=hunter3\nSECOND_TOKN=hunter6\nhunter7\nOTHER_THING=hunter8\nSECOND_TOKEN=hunter9"
        )
        _ = reader.secret("FIRST_TOKEN", help: "")
        _ = reader.secret("SECOND_TOKEN", help: "")
        _ = reader.secret("THIRD_TOKEN", minimumBytes: 100, help: "")
        _ = reader.secret("FOURTH_TOKEN", help: "")
        var dumped = ""
        dump(reader, to: &dumped)
        dump(reader.options, to: &dumped)
        let listing = ConfigurationListing(reader.options)
        let everything = [
            dumped, "\(reader.options)", "\(reader.mistakes)", "\(reader.warnings)", listing.text, listing.markdown(),
        ]
        for text in everything { #expect(!text.contains("hunter")) }
        #expect(reader.mistakes.count == 5)
        #expect(reader.warnings.count == 2)
        #expect(listing.text.contains("FIRST_TOKEN=****"))
        #expect(listing.text.contains("FOURTH_TOKEN=(unset)"))
    }
}
