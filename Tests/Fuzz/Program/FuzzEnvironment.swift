import Linux

enum FuzzEnvironment {
    static var targetName: String { ProcessInfo.environment["FUZZ_TARGET"] ?? "" }
}
