internal import Linux

/// What pages refer to besides each other, with addresses that change when the content does: browsers may keep it for as
/// long as they like.
struct Assets: Equatable, Sendable {
    let stylesheet: String
    let mark: String

    private static let longestFile = 1 << 20

    /// Reads the files of `templates/static`.
    init(folder: String) throws(AssetError) {
        stylesheet = try Assets.address(of: "site.css", in: folder)
        mark = try Assets.address(of: "mark.svg", in: folder)
    }

    private static func address(of name: String, in folder: String) throws(AssetError) -> String {
        let contents: [UInt8]?
        do throws(SystemError) {
            contents = try File.contents(path: "\(folder)/\(name)", limit: longestFile)
        } catch {
            throw AssetError(description: "\(folder)/\(name) can not be read: \(error)")
        }
        guard let contents else {
            throw AssetError(description: "\(folder)/\(name) is longer than \(longestFile) bytes")
        }
        return "/static/\(name)?v=\(fingerprint(contents))"
    }

    /// FNV-1a: who could choose a file with another one's fingerprint could as well change the file.
    private static func fingerprint(_ bytes: [UInt8]) -> String {
        let hash = bytes.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        return String(hash, radix: 16)
    }
}

struct AssetError: Error, Equatable, CustomStringConvertible {
    let description: String
}
