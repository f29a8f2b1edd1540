internal import Linux

/// Files that tests make.
public enum TestFiles {
    public static func write(_ text: String, to path: String) throws {
        let file = try File(creating: path)
        try file.descriptor.writeAll(text)
    }
}
