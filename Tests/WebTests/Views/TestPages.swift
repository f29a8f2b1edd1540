import Mustache

@testable import Web

/// The pages of this repository, strict: a name that a view does not give is an error.
enum TestPages {
    static let pages = Result { try Pages(folder: TemplatesFolder.find(configured: nil), reloads: true) }

    static func html(_ view: some PageView, in frame: PageFrame) throws -> String {
        String(decoding: try pages.get().render(view, in: frame), as: UTF8.self)
    }
}

extension Samples.Sample {
    var html: String {
        get throws { try TestPages.html(view, in: frame) }
    }
}
