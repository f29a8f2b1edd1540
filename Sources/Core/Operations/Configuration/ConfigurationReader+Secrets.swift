internal import Linux

/// Secrets come from NAME, or from the file that NAME_FILE points to. Neither they nor the path are ever repeated: a
/// secret is easily pasted into the wrong variable.
extension ConfigurationReader {
    /// The longest file that is taken for a secret.
    static let largestSecretFile = 65_536

    /// A secret that must be there: to lack it is a mistake.
    public func secret(_ name: String, minimumBytes: Int = 1, help: String) -> Secret {
        let mistakesBefore = mistakeCount
        if let secret = optionalSecret(name, minimumBytes: minimumBytes, help: help) { return secret }
        // One that is there but wrong was already noted.
        if mistakeCount == mistakesBefore {
            mistake(name, "is not set", right: "expected \(kind(minimumBytes)), here or in the file of \(name)_FILE")
        }
        return Secret("")
    }

    /// A secret, if set.
    public func optionalSecret(_ name: String, minimumBytes: Int = 1, help: String) -> Secret? {
        optionalSecret(name, help: help, expects: kind(minimumBytes)) { text in
            text.utf8.count >= minimumBytes ? Secret(text) : nil
        }
    }

    /// A value that holds a secret, such as an address with a password in it, if set.
    public func optionalSecret<Value>(
        _ name: String,
        help: String,
        expects: String,
        parse: (String) -> Value?
    ) -> Value? {
        let found = secretSetting(name)
        let value = found.flatMap { parse($0.value.reveal()) }
        if let found, value == nil {
            let at = found.source == .file ? ConfigurationReader.fileName(name) : name
            mistake(at, "the value does not fit", right: "expected \(expects)")
        }
        declareSecret(name, kind: expects, help: help, source: value == nil ? nil : found?.source)
        return value
    }

    /// Notes a password that others would guess. `part` says where in the value it stands.
    public func checkPassword(_ password: Secret, of name: String, part: String = "") {
        let shortest = SecretWeakness.shortestPassword
        guard let weakness = SecretWeakness(of: password, shortest: shortest) else { return }
        let right = "expected a random one of at least \(shortest) characters, as `openssl rand -hex 32` prints"
        mistake(name, "\(part)\(weakness)", right: right)
    }

    private func kind(_ minimumBytes: Int) -> String {
        minimumBytes > 1 ? "a secret of at least \(minimumBytes) bytes" : "a secret"
    }

    private func secretSetting(_ name: String) -> ConfigurationSource.Setting? {
        let fileName = ConfigurationReader.fileName(name)
        switch (setting(name), setting(fileName)) {
        case (let direct?, let file?):
            mistake(
                name,
                "is set (\(direct.source.rawValue)) and so is \(fileName) (\(file.source.rawValue))",
                right: "set only one of them"
            )
            return nil
        case (let direct?, nil): return direct
        case (nil, let file?): return contents(of: file, fileName)
        case (nil, nil): return nil
        }
    }

    private func contents(of setting: ConfigurationSource.Setting, _ name: String) -> ConfigurationSource.Setting? {
        do throws(SystemError) {
            let limit = ConfigurationReader.largestSecretFile
            guard let bytes = try File.contents(path: setting.value.reveal(), limit: limit) else {
                mistake(name, "the file is larger than \(limit) bytes")
                return nil
            }
            guard let text = String(validating: bytes, as: UTF8.self) else {
                mistake(name, "the file is not UTF-8")
                return nil
            }
            // Editors and `echo` end a file with a line end that belongs to no secret. As a Character CR LF is one.
            let secret = text.last?.isNewline == true ? String(text.dropLast()) : text
            guard !secret.isEmpty else {
                mistake(name, "the file is empty")
                return nil
            }
            return ConfigurationSource.Setting(value: Secret(secret), source: .file)
        } catch {
            mistake(name, "the file can not be read (\(error))")
            return nil
        }
    }
}
