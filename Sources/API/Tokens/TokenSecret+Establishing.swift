internal import Cryptography
internal import Linux
internal import Operations
internal import SQLite

/// Where the secret comes from. To be asked once for each process, when it starts.
extension TokenSecret {
    /// The secret that is configured. Without one, which only development allows: the one beside the file of an embedded
    /// database, made when it is missing, so that tokens outlive a restart; or one that lives as long as the process.
    static func establish(
        _ configured: Secret?,
        database: StateSettings.DatabaseLocation,
        logger: Logger
    ) async throws(TokenSecretError) -> TokenSecret {
        if let configured { return TokenSecret(configured.reveal()) }
        switch database {
        case .postgres: throw .missing
        case .sqlite(.memory):
            logger.notice("JWT_SECRET is not set: tokens are good until this process ends")
            return TokenSecret(fresh())
        case .sqlite(.file(let path)):
            let path = path + ".secret"
            let text = try await contents(of: path)
            logger.notice("JWT_SECRET is not set: its place takes what is kept in a file", ["file": .string(path)])
            if let status = try? File.status(path: path), status.permissions & 0o077 != 0 {
                logger.warning("others may read the file with the secret", ["file": .string(path)])
            }
            return TokenSecret(text)
        }
    }

    /// 256 bits, in the form that people would put into a configuration.
    private static func fresh() -> String { SecureRandom().bytes(count: 32).hexadecimal }

    private static func contents(of path: String) async throws(TokenSecretError) -> String {
        if let text = try await existing(path) { return text }
        do throws(SystemError) {
            let file = try File(creating: path)
            let text = fresh()
            try file.descriptor.writeAll(text + "\n")
            // A secret that is lost with the power would end sessions that were promised to last.
            try file.descriptor.synchronize()
            return text
        } catch {
            // Unless another process was first.
            guard let text = try await existing(path) else { throw .unusable(path, error) }
            return text
        }
    }

    /// Nil when there is no file.
    private static func existing(_ path: String) async throws(TokenSecretError) -> String? {
        for _ in 0..<50 {
            let bytes: [UInt8]?
            do throws(SystemError) {
                bytes = try File.contents(path: path, limit: 1_024)
            } catch {
                if error.isNotFound { return nil }
                throw .unusable(path, error)
            }
            let text = String(decoding: bytes ?? [], as: UTF8.self).trimmingLineEnd
            if text.utf8.count == 64, text.utf8.allSatisfy(isHexadecimal) { return text }
            // Another process may be writing it just now.
            guard bytes?.count ?? .max < 64 else { break }
            try? await Task.sleep(for: .milliseconds(20))
        }
        throw .malformed(path)
    }

    private static func isHexadecimal(_ character: UInt8) -> Bool {
        switch character {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"): true
        default: false
        }
    }
}

/// Why there is no secret to sign with.
enum TokenSecretError: Error, Equatable, CustomStringConvertible {
    case missing
    case unusable(String, SystemError)
    case malformed(String)

    var description: String {
        switch self {
        case .missing: "JWT_SECRET is not set"
        case .unusable(let path, let error):
            "the secret in \(path) can not be used (\(error)); JWT_SECRET takes its place"
        case .malformed(let path):
            "\(path) does not hold a whole secret; without the file a new one is made, and everybody has to sign in again"
        }
    }
}

extension String {
    fileprivate var trimmingLineEnd: String { last?.isNewline == true ? String(dropLast()) : self }
}
