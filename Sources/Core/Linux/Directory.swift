internal import Glibc

/// A folder of the file system.
public enum Directory {
    /// The names in it, without itself and its parent, in no order. When it is /proc/self/fd one of them is the
    /// descriptor that it is read with.
    ///
    /// scandir(3) rather than readdir(3), which answers nil both for the end and for a failure.
    public static func entries(path: String) throws(SystemError) -> [String] {
        var list: UnsafeMutablePointer<UnsafeMutablePointer<dirent>?>?
        let count = Int(try systemCall("scandir") { scandir(path, &list, nil, nil) })
        // > Entries [...] are stored in strings allocated via malloc(3), [...] and collected in array namelist which is
        // > allocated via malloc(3).
        defer { free(list) }
        var names: [String] = []
        for index in 0..<count {
            guard let entry = list?[index] else { continue }
            defer { free(entry) }
            let name = nameOf(entry)
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    /// Reads no more of the record than its name: it is only as long as the name needs, shorter than the type says.
    private static func nameOf(_ entry: UnsafeMutablePointer<dirent>) -> String {
        guard let offset = MemoryLayout<dirent>.offset(of: \.d_name) else {
            preconditionFailure("d_name is a stored field")
        }
        return String(cString: (UnsafeRawPointer(entry) + offset).assumingMemoryBound(to: CChar.self))
    }
}
