internal import Glibc

/// A folder of the file system.
public enum Directory {
    /// How many entries it has, without itself and its parent, by scandir(3). The descriptor that scandir reads with is
    /// one of them when the folder is /proc/self/fd.
    ///
    /// scandir rather than readdir(3), which answers nil both for the end and for a failure.
    public static func entryCount(path: String) throws(SystemError) -> Int {
        var entries: UnsafeMutablePointer<UnsafeMutablePointer<dirent>?>?
        let count = Int(try systemCall("scandir") { scandir(path, &entries, nil, nil) })
        // > Entries [...] are stored in strings allocated via malloc(3), [...] and collected in array namelist which is
        // > allocated via malloc(3).
        for index in 0..<count { free(entries?[index]) }
        free(entries)
        return max(0, count - 2)
    }
}
