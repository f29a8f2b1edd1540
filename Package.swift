// swift-tools-version: 6.2
import PackageDescription

// Arrows point down only: Executables -> API | Web -> Contract -> Core -> C. A target that imports sideways or
// upwards does not compile, which is the point of having so many.

let language: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

/// A layer of Core. `wrapsC` marks the ones that talk to a C library: strict memory safety is noise there.
func core(_ name: String, _ dependencies: [Target.Dependency] = [], wrapsC: Bool = false) -> Target {
    .target(
        name: name,
        dependencies: dependencies,
        path: "Sources/Core/\(name)",
        swiftSettings: wrapsC ? language : language + [.strictMemorySafety()]
    )
}

func app(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, path: "Sources/\(name)", swiftSettings: language)
}

func executable(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(
        name: name,
        dependencies: dependencies,
        path: "Sources/Executables/\(name)",
        swiftSettings: language
    )
}

func tests(_ name: String, path: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: ["TestKit"] + dependencies, path: "Tests/\(path)", swiftSettings: language)
}

var targets: [Target] = [
    .systemLibrary(name: "CArgon2", path: "Sources/C/CArgon2"),
    .systemLibrary(name: "CCrypt", path: "Sources/C/CCrypt"),
    .systemLibrary(name: "CLinux", path: "Sources/C/CLinux"),
    .systemLibrary(name: "COpenSSL", path: "Sources/C/COpenSSL"),
    .systemLibrary(name: "CPostgres", path: "Sources/C/CPostgres"),
    .systemLibrary(name: "CRedis", path: "Sources/C/CRedis"),
    .systemLibrary(name: "CSQLite", path: "Sources/C/CSQLite"),
    .systemLibrary(name: "CSodium", path: "Sources/C/CSodium"),

    core("Linux", ["CLinux"], wrapsC: true),
    core("Text"),
    core("JSON", ["Text"]),
    core("Operations", ["Linux"]),
    core("Networking", ["Linux"], wrapsC: true),
    core("Database", ["Linux"]),
    core("Cryptography", ["COpenSSL"], wrapsC: true),
    core("Tokens", ["Cryptography", "JSON", "Linux", "Text"]),
    core("Passwords", ["CArgon2", "CCrypt", "CSodium", "Cryptography", "Linux", "Networking"], wrapsC: true),
    core("Mustache", ["JSON", "Linux"]),
    core("Migrations", ["Cryptography", "Database", "Linux"]),
    core("Postgres", ["CPostgres", "Database", "Linux", "Networking", "Operations"], wrapsC: true),
    core("SQLite", ["CSQLite", "Database", "Linux", "Networking", "Operations"], wrapsC: true),
    core("Ephemeral", ["Linux", "Networking"]),
    core("Redis", ["CRedis", "Ephemeral", "Linux", "Networking", "Operations", "Text"], wrapsC: true),
    core("HTTPEngine", ["Linux", "Networking", "Operations", "Text"]),

    core("Hosting", ["HTTPEngine", "Linux", "Networking", "Operations"]),

    app("Contract", ["HTTPEngine", "JSON", "Linux"]),
    app(
        "API",
        [
            "Contract", "Cryptography", "Database", "Ephemeral", "HTTPEngine", "Hosting", "JSON", "Linux", "Migrations",
            "Networking", "Operations", "Passwords", "Postgres", "Redis", "SQLite", "Text", "Tokens",
        ]
    ),
    app(
        "Web",
        [
            "Contract", "Cryptography", "Ephemeral", "HTTPEngine", "Hosting", "JSON", "Linux", "Mustache", "Networking",
            "Operations", "Redis",
        ]
    ),

    executable("gatehouse-api", ["API", "Operations"]),
    executable("gatehouse-web", ["Web", "Operations"]),

    .target(
        name: "TestKit",
        dependencies: [
            "Database", "HTTPEngine", "Linux", "Migrations", "Networking", "Operations", "Postgres", "SQLite",
        ],
        path: "Tests/TestKit",
        swiftSettings: language
    ),
    tests("LinuxTests", path: "Core/LinuxTests", ["Linux"]),
    tests("TextTests", path: "Core/TextTests", ["Text"]),
    tests("JSONTests", path: "Core/JSONTests", ["JSON", "Text"]),
    tests("OperationsTests", path: "Core/OperationsTests", ["Operations", "Linux"]),
    tests("NetworkingTests", path: "Core/NetworkingTests", ["Networking", "Linux"]),
    tests("DatabaseTests", path: "Core/DatabaseTests", ["Database", "Linux"]),
    tests(
        "SchemaTests",
        path: "SchemaTests",
        ["Database", "Linux", "Migrations", "Networking", "Operations", "Postgres"]
    ),
    tests(
        "PostgresTests",
        path: "Core/PostgresTests",
        ["Postgres", "Database", "Linux", "Networking", "Operations"]
    ),
    tests("SQLiteTests", path: "Core/SQLiteTests", ["SQLite", "Database", "Linux", "Networking"]),
    tests("EphemeralTests", path: "Core/EphemeralTests", ["Ephemeral", "Redis", "Linux", "Networking", "Operations"]),
    tests("RedisTests", path: "Core/RedisTests", ["Redis", "Ephemeral", "Linux", "Networking", "Operations"]),
    tests("CryptographyTests", path: "Core/CryptographyTests", ["Cryptography"]),
    tests("TokensTests", path: "Core/TokensTests", ["Tokens", "Cryptography", "JSON", "Linux"]),
    tests("PasswordsTests", path: "Core/PasswordsTests", ["Passwords", "Linux", "Networking"]),
    tests("MustacheTests", path: "Core/MustacheTests", ["Linux", "Mustache"]),
    tests("MigrationsTests", path: "Core/MigrationsTests", ["Migrations", "Database", "Linux"]),
    tests("HTTPEngineTests", path: "Core/HTTPEngineTests", ["HTTPEngine", "Networking", "Operations", "Linux"]),
    tests("ContractTests", path: "ContractTests", ["Contract", "HTTPEngine", "JSON", "Linux"]),
    tests(
        "APITests",
        path: "APITests",
        [
            "API", "Contract", "Cryptography", "Database", "Ephemeral", "HTTPEngine", "Hosting", "JSON", "Linux",
            "Migrations", "Networking", "Operations", "Passwords", "Postgres", "Redis", "SQLite", "Tokens",
        ]
    ),
    tests(
        "WebTests",
        path: "WebTests",
        [
            "Web", "Contract", "Cryptography", "Ephemeral", "HTTPEngine", "Hosting", "JSON", "Linux", "Mustache",
            "Networking", "Operations", "Redis",
        ]
    ),
    // Runs the built programs: a test build makes them too.
    tests("ExecutableTests", path: "ExecutableTests", ["HTTPEngine", "JSON", "Linux", "Networking"]),
]

// The fuzzer links only with libFuzzer: `make fuzz` asks for it.
if Context.environment["GATEHOUSE_FUZZ"] != nil {
    targets += [
        .systemLibrary(name: "CFuzzer", path: "Tests/Fuzz/CFuzzer"),
        .executableTarget(
            name: "gatehouse-fuzz",
            dependencies: [
                "CFuzzer", "Cryptography", "HTTPEngine", "JSON", "Linux", "Mustache", "Passwords", "Tokens",
            ],
            path: "Tests/Fuzz/Program",
            swiftSettings: language
        ),
    ]
}

// Put loads on the stores and on the templates: `make bench` asks for them.
if Context.environment["GATEHOUSE_BENCH"] != nil {
    targets += [
        .executableTarget(
            name: "state-bench",
            dependencies: [
                "Database", "Ephemeral", "Linux", "Networking", "Operations", "Postgres", "Redis", "SQLite",
            ],
            path: "bench/state",
            swiftSettings: language + [.strictMemorySafety()]
        ),
        .executableTarget(
            name: "template-bench",
            dependencies: ["JSON", "Linux", "Mustache", "Operations"],
            path: "bench/templates",
            swiftSettings: language + [.strictMemorySafety()]
        ),
    ]
}

let package = Package(name: "gatehouse", targets: targets)
