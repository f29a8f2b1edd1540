internal import Linux

/// The templates of a folder as they are on disk: `*.mustache` in it and in the folders within, named by their path
/// without the ending.
///
/// A link is followed as long as it stays in the folder, and leads to no folder that is there already. Names that begin
/// with a dot are left out: editors leave such files behind.
struct TemplateFiles: Equatable {
    static let ending = ".mustache"
    private static let longestFile = 1 << 20

    /// A file, with what changes when it is written.
    private struct Entry: Equatable {
        let path: String
        let size: Int
        let modified: WallTime
        let inode: UInt64
    }

    private let folder: String
    private let root: String
    private var entries: [String: Entry] = [:]
    private var folders: Set<String> = []
    private var mistakes: [MustacheError.Mistake] = []

    /// Looks what is there, and reads none of it.
    init(folder: String) throws(MustacheError) {
        self.folder = folder
        do throws(SystemError) {
            root = try File.resolvedPath(folder)
        } catch {
            throw MustacheError(.unreadable, "the folder of templates \(folder) can not be opened: \(error)")
        }
        list("")
        guard mistakes.isEmpty else { throw MustacheError(mistakes) }
    }

    /// Reads all files.
    func sources() throws(MustacheError) -> [TemplateSource] {
        var sources: [TemplateSource] = []
        var mistakes: [MustacheError.Mistake] = []
        for (name, entry) in entries {
            let file = "\(folder)/\(name)\(TemplateFiles.ending)"
            do throws(SystemError) {
                if let bytes = try File.contents(path: entry.path, limit: TemplateFiles.longestFile) {
                    sources.append(TemplateSource(name: name, file: file, bytes))
                } else {
                    mistakes.append(.unreadable("\(file) is longer than \(TemplateFiles.longestFile) bytes"))
                }
            } catch {
                mistakes.append(.unreadable("\(file) can not be read: \(error)"))
            }
        }
        guard mistakes.isEmpty else { throw MustacheError(mistakes) }
        return sources
    }

    /// `relative` is empty, or a folder's path with a slash behind it.
    private mutating func list(_ relative: String) {
        do throws(SystemError) {
            for name in try Directory.entries(path: "\(root)/\(relative)").sorted() where !name.hasPrefix(".") {
                add(relative + name)
            }
        } catch {
            mistakes.append(.unreadable("\(folder)/\(relative) can not be read: \(error)"))
        }
    }

    private mutating func add(_ relative: String) {
        let isTemplate = relative.hasSuffix(TemplateFiles.ending)
        do throws(SystemError) {
            let path = try File.resolvedPath("\(root)/\(relative)")
            let status = try File.status(path: path)
            guard status.isDirectory || isTemplate else { return }
            guard path.hasPrefix(root + "/") else {
                return mistakes.append(.unreadable("\(folder)/\(relative) leads out of the folder"))
            }
            if status.isDirectory {
                guard folders.insert(path).inserted else {
                    return mistakes.append(.unreadable("\(folder)/\(relative) leads to a folder a second time"))
                }
                list(relative + "/")
            } else if status.isRegular {
                let name = String(relative.dropLast(TemplateFiles.ending.count))
                entries[name] = Entry(path: path, size: status.size, modified: status.modified, inode: status.inode)
            }
        } catch {
            // A link to nothing that is no template is nobody's concern.
            if isTemplate { mistakes.append(.unreadable("\(folder)/\(relative) can not be read: \(error)")) }
        }
    }
}

extension MustacheError.Mistake {
    static func unreadable(_ message: String) -> MustacheError.Mistake {
        MustacheError.Mistake(code: .unreadable, place: nil, message: message)
    }
}
