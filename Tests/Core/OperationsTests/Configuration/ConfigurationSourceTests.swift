import Testing

@testable import Operations

@Suite struct ConfigurationSourceTests {
    @Test(arguments: [
        (nil, nil, nil), ("here", nil, "here environment"), (nil, "there", "there dotEnv"),
        ("here", "there", "here environment"), ("", "there", "there dotEnv"), ("", "", nil),
        ("here", "", "here environment"),
    ])
    func `the environment wins over the file, and an empty value counts as unset`(
        environment: String?,
        file: String?,
        expected: String?
    ) {
        let source = ConfigurationSource(
            environment: environment.map { ["PLACE": $0] } ?? [:],
            dotEnv: DotEnvFile(file.map { "PLACE=\($0)" } ?? "")
        )
        #expect(source.setting("PLACE").map { "\($0.value.reveal()) \($0.source)" } == expected)
    }

    @Test func `an empty last line unsets what an earlier one set`() {
        let source = ConfigurationSource(environment: [:], dotEnv: DotEnvFile("PLACE=a\nPLACE="))
        #expect(source.setting("PLACE") == nil)
        #expect(source.warnings.count == 1)
    }

    @Test func `the process has an environment`() {
        let source = ConfigurationSource.process(dotEnvPath: "/nonexistent/.env")
        #expect(source.setting("PATH")?.source == .environment)
        #expect(source.mistakes.isEmpty)
    }

    @Test func `printing a source shows no value`() {
        var dumped = ""
        dump(ConfigurationSource(environment: ["A": "hunter2"], dotEnv: DotEnvFile("B=hunter3")), to: &dumped)
        #expect(!dumped.contains("hunter"))
        #expect(dumped.contains("****"))
    }
}
