internal import Linux

/// Files that tests make.
public enum TestFiles {
    public static func write(_ text: String, to path: String) throws { try write(Array(text.utf8), to: path) }

    public static func write(_ bytes: [UInt8], to path: String) throws {
        let file = try File(creating: path)
        try file.descriptor.writeAll(bytes.span)
        withExtendedLifetime(file) {}
    }
}
