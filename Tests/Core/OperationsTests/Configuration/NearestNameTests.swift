import Testing

@testable import Operations

@Suite struct NearestNameTests {
    @Test(arguments: [
        ("", "", 0), ("serve", "serve", 0), ("serv", "serve", 1), ("servee", "serve", 1), ("sarve", "serve", 1),
        ("esrve", "serve", 1), ("srvee", "serve", 2), ("REDSI_ULR", "REDIS_URL", 2), ("kitten", "sitting", 3),
        // A swap whose halves are edited again counts as three: no piece is edited twice.
        ("ca", "abc", 3),
    ])
    func `the distance counts insertions, deletions, substitutions and swaps`(
        left: String,
        right: String,
        expected: Int
    ) {
        for (one, other) in [(left, right), (right, left)] {
            #expect(NearestName.distance(Array(one.utf8), Array(other.utf8), limit: expected) == expected)
            #expect(NearestName.distance(Array(one.utf8), Array(other.utf8), limit: expected - 1) == nil)
        }
    }

    @Test(arguments: [
        ("serv", "serve"), ("serve", "serve"), ("srvee", nil), ("migarte", "migrate"), ("migra", nil),
        ("REDIS_UR", "REDIS_URL"), ("REDDIS_ULR", "REDIS_URL"), ("RDIS_U", nil),
        ("REDIS_UX", "REDIS_URL"), ("REDIS_U", nil), ("", nil), ("up", nil),
    ])
    func `only what is near enough is suggested`(word: String, expected: String?) {
        let names = NearestName(["serve", "migrate", "REDIS_URL", "us"])
        #expect(names.nearest(to: word) == expected)
    }

    @Test func `the nearest wins, and of equals the first`() {
        #expect(NearestName(["LOG_FORMAD", "LOG_FORMAT"]).nearest(to: "LOG_FORMT") == "LOG_FORMAT")
        #expect(NearestName(["LOG_FORMAX", "LOG_FORMAY"]).nearest(to: "LOG_FORMAT") == "LOG_FORMAX")
        #expect(NearestName(["LOG_FORMAY", "LOG_FORMAX"]).nearest(to: "LOG_FORMAT") == "LOG_FORMAY")
    }
}
