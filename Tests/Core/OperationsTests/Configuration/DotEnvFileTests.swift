import Testing

@testable import Operations

@Suite struct DotEnvFileTests {
    private func values(_ file: DotEnvFile) -> [String: String] { file.entries.mapValues { $0.value.reveal() } }

    @Test(arguments: [
        ("", [:]), ("\n\n", [:]), ("# A=1", [:]), ("   # A=1", [:]), ("\t", [:]),
        ("A=1", ["A": "1"]), ("A=1\n", ["A": "1"]), ("  A=1  ", ["A": "1"]), ("\u{FEFF}A=1", ["A": "1"]),
        ("A=", ["A": ""]), ("A= ", ["A": ""]), ("A= 1", ["A": "1"]), ("A=1=2", ["A": "1=2"]),
        ("A=1\r\nB=2\r\n", ["A": "1", "B": "2"]), ("A='x'\r\n", ["A": "x"]),
        ("export A=1", ["A": "1"]), ("export\tA=1", ["A": "1"]), ("export=1", ["export": "1"]),
        ("exported=1", ["exported": "1"]), ("_a1=é", ["_a1": "é"]),
        ("A=one two # three", ["A": "one two"]), ("A=one#two", ["A": "one#two"]), ("A=#one", ["A": "#one"]),
        ("A= # one", ["A": ""]), ("A=it's", ["A": "it's"]), (#"A=C:\n"#, ["A": #"C:\n"#]), ("A=$HOME", ["A": "$HOME"]),
        ("A='one # two'", ["A": "one # two"]), (#"A='\n $B "x"'"#, ["A": #"\n $B "x""#]), ("A='' # x", ["A": ""]),
        (#"A="one # two""#, ["A": "one # two"]), (#"A="\n\r\t\"\\\$" # x"#, ["A": "\n\r\t\"\\$"]),
        (#"A="it's $B""#, ["A": "it's $B"]), (#"A=  "x"  "#, ["A": "x"]),
    ])
    func `lines are read`(text: String, expected: [String: String]) {
        let file = DotEnvFile(text)
        #expect(values(file) == expected)
        #expect(file.mistakes.isEmpty)
        #expect(file.warnings.isEmpty)
    }

    @Test(arguments: [
        ("hunter2", DotEnvLine.Malformed.noName), ("=hunter2", .noName), ("1A=hunter2", .noName),
        ("A-B=hunter2", .noName), ("export hunter2", .noName), ("export A hunter2=1", .noName),
        ("A =hunter2", .spaceBeforeEquals), ("A\t= hunter2", .spaceBeforeEquals),
        ("A='hunter2", .openQuote), ("A=\"hunter2", .openQuote), ("A=\"hunter2\\\"", .openQuote),
        ("A=\"hunter2\\", .openQuote),
        ("A='hunter2'hunter2", .textAfterQuote), ("A=\"hunter2\" hunter2", .textAfterQuote),
        ("A='hunter2'# x", .textAfterQuote), (#"A="hunter2\x""#, .unknownEscape),
    ])
    func `a malformed line is a mistake with its number and without its text`(
        line: String,
        expected: DotEnvLine.Malformed
    ) {
        let file = DotEnvFile("# first\n\(line)\nB=2\n")
        #expect(file.mistakes == [ConfigurationMistake(".env line 2", expected.wrong, right: expected.right)])
        #expect(values(file) == ["B": "2"])
        #expect(!file.mistakes.description.contains("hunter2"))
    }

    @Test func `the last line for a name wins, with a warning that names the lines and no value`() {
        let file = DotEnvFile("A=hunter1\nB=1\nA=hunter2\n\nexport A='hunter3'\n")
        #expect(values(file) == ["A": "hunter3", "B": "1"])
        #expect(file.warnings == ["A: stands on lines 1, 3, 5 of .env; line 5 wins"])
        #expect(file.mistakes.isEmpty)
    }

    @Test func `printing a file shows no value`() {
        var dumped = ""
        let file = DotEnvFile("A=hunter2\nA=hunter3")
        dump(file, to: &dumped)
        #expect(!"\(file)\(dumped)".contains("hunter"))
        #expect(dumped.contains("****"))
    }

    @Test func `what is written reads back, whatever it is`() {
        var random = SplitMix(state: 7)
        let alphabet = Array("ab Z09_#'\"\\$=\t\n\r é\u{1b}日:/,".unicodeScalars)
        for _ in 0..<2_000 {
            var value = String.UnicodeScalarView()
            for _ in 0..<Int.random(in: 0...12, using: &random) {
                value.append(alphabet[Int.random(in: 0..<alphabet.count, using: &random)])
            }
            let file = DotEnvFile("A=\(DotEnvLine.written(String(value))) # comment")
            #expect(file.entries["A"].map { Array($0.value.reveal().utf8) } == Array(String(value).utf8))
            #expect(file.mistakes.isEmpty)
        }
    }

    @Test func `a file cut at any byte is read as far as it goes`() {
        let text = "export A='é # x' # y\r\nB=\"\\n\\\"\" \nC=1\n"
        let whole = values(DotEnvFile(text))
        for count in 0...text.utf8.count {
            let file = DotEnvFile(String(decoding: text.utf8.prefix(count), as: UTF8.self))
            #expect(file.mistakes.count <= 1)
            #expect(file.entries.count <= whole.count)
            // Every line that was whole is right, whatever became of the one that was cut.
            if count > 23 { #expect(file.entries["A"]?.value == Secret("é # x")) }
        }
        #expect(whole == ["A": "é # x", "B": "\n\"", "C": "1"])
    }

    @Test func `a missing file is empty`() {
        let file = DotEnvFile.load(path: "/nonexistent/.env")
        #expect(file.entries.isEmpty && file.mistakes.isEmpty && file.warnings.isEmpty)
    }

    @Test func `a file that is there is read`() throws {
        let scratch = try ScratchFile("A=1\n")
        #expect(values(DotEnvFile.load(path: scratch.path)) == ["A": "1"])
    }

    @Test func `a file that can not be read, is not UTF-8 or is too large is a mistake`() throws {
        let latin = try ScratchFile([0x41, 0x3D, 0xE9])
        let large = try ScratchFile([UInt8](repeating: 0x23, count: DotEnvFile.largest + 1))
        let cases = [(latin.path, "UTF-8"), (large.path, "larger"), ("/", "read")]
        for (path, word) in cases {
            let file = DotEnvFile.load(path: path)
            #expect(file.mistakes.map(\.name) == [".env"])
            #expect(file.mistakes.description.contains(word))
            #expect(file.entries.isEmpty)
        }
    }
}

/// Random numbers that are the same at every run.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
