import Operations
import Testing

@Suite struct UnknownNamesTests {
    private func reader(_ environment: [String: String] = [:], dotEnv: String = "") -> ConfigurationReader {
        let reader = ConfigurationReader(
            ConfigurationSource(environment: environment, dotEnv: DotEnvFile(dotEnv)),
            siblings: ["API_URLS", "WEB_LISTEN"]
        )
        _ = reader.optionalText("REDIS_URL", help: "")
        _ = reader.optionalText("API_URL", help: "")
        _ = reader.optionalText("SIGNUP", help: "")
        _ = reader.optionalText("PORTS", help: "")
        _ = reader.optionalSecret("JWT_SECRET", help: "")
        return reader
    }

    @Test(arguments: [
        ("REDIS_UR", "REDIS_URL"), ("RDIS_URLS", "REDIS_URL"), ("API_UR", "API_URL"), ("SIGN_UP", "SIGNUP"),
        ("JWT_SECERT", "JWT_SECRET"), ("JWT_SECRET_FIL", "JWT_SECRET_FILE"),
    ])
    func `a slip is a mistake wherever it stands`(name: String, meant: String) {
        let expected = ["\(name): unknown; did you mean \(meant)?"]
        for reader in [reader([name: "x"]), reader(dotEnv: "\(name)=x"), reader([name: "y"], dotEnv: "\(name)=x")] {
            #expect(reader.mistakes.map(\.description) == expected)
            #expect(reader.warnings.isEmpty)
            #expect(throws: ConfigurationError.self) { try reader.finish() }
        }
    }

    @Test func `a slip without an underscore or a value counts in the file only`() {
        #expect(reader(["SIGNUPS": "x"]).mistakes.isEmpty)
        #expect(reader(dotEnv: "SIGNUPS=x").mistakes.count == 1)
        #expect(reader(["PORTT": "x"]).mistakes.isEmpty)
        #expect(reader(dotEnv: "PORTT=x").mistakes.count == 1)
        #expect(reader(["REDIS_UR": ""]).mistakes.isEmpty)
        #expect(reader(dotEnv: "REDIS_UR=").mistakes.count == 1)
    }

    @Test(arguments: ["PYTHONPATH", "APP_URIS", "REDIS_HOST", "redis_url", "Redis_URL", "A_URL", "PORT"])
    func `a strange name is a warning in the file and nothing in the environment`(name: String) throws {
        let inFile = reader(dotEnv: "\(name)=hunter2")
        try inFile.finish()
        #expect(inFile.warnings == ["\(name): unknown name in .env"])
        let inEnvironment = reader([name: "hunter2"])
        try inEnvironment.finish()
        #expect(inEnvironment.warnings.isEmpty)
    }

    @Test(arguments: ["REDIS_URL", "JWT_SECRET", "API_URLS", "WEB_LISTEN"])
    func `names of ours and of sibling programs are known`(name: String) {
        for reader in [reader([name: "x"]), reader(dotEnv: "\(name)=x")] {
            #expect(reader.mistakes.isEmpty)
            #expect(reader.warnings.isEmpty)
        }
    }

    @Test func `the file of a secret is a known name`() throws {
        let file = try ScratchFile("x")
        let reader = reader(dotEnv: "JWT_SECRET_FILE=\(file.path)")
        try reader.finish()
        #expect(reader.warnings.isEmpty)
    }
}
