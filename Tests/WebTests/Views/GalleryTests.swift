import Linux
import TestKit
import Testing

@testable import Web

@Suite struct GalleryTests {
    private static let folder = ProcessInfo.environment["GALLERY"]

    /// Into the folder GALLERY, to be looked at and to be checked by other programs.
    @Test(.enabled(if: folder != nil)) func `every page is written to a file where that is asked for`() throws {
        let folder = try #require(GalleryTests.folder)
        for sample in Samples().all { try TestFiles.write(try sample.html, to: "\(folder)/\(sample.name).html") }
    }
}
