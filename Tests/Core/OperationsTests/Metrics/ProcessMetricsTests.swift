import Linux
import Operations
import Testing

@Suite struct ProcessMetricsTests {
    /// From a running system, with a name that somebody might choose to mislead a reader.
    private func stat(name: String) -> [UInt8] {
        Array(
            """
            4711 (\(name)) S 1 4711 4711 0 -1 4194560 1830 0 3 0 250 75 0 0 20 0 9 0 123456 1048576 5120 \
            18446744073709551615 1 1 0 0 0 0 0 4096 17663 0 0 0 17 3 0 0 0 0 0

            """.utf8
        )
    }

    @Test(arguments: ["gatehouse-api", "a b", "x) S 1 2 3 (y", ")", ""])
    func `the fields behind the name are found whatever the name is`(name: String) throws {
        let status = try #require(ProcessStatus(stat: stat(name: name)))
        #expect(status.processorTicks == 325)
        #expect(status.threads == 9)
        #expect(status.startTicks == 123_456)
        #expect(status.residentPages == 5_120)
    }

    @Test func `a record that is cut is not read`() {
        let whole = stat(name: "a")
        let end = whole.count - "18446744073709551615 1 1 0 0 0 0 0 4096 17663 0 0 0 17 3 0 0 0 0 0\n".utf8.count - 6
        for count in 0..<end { #expect(ProcessStatus(stat: Array(whole[..<count])) == nil) }
    }

    @Test(arguments: [
        ("cpu  1 2 3\nbtime 1768473000\nprocesses 5\n", 1_768_473_000 as Int?), ("cpu 1\n", nil), ("btime x\n", nil),
        ("", nil), ("xbtime 5\n", nil),
    ])
    func `the boot time is the line of that name`(stat: String, expected: Int?) {
        #expect(ProcessMetrics.bootTime(stat: Array(stat.utf8)) == expected)
    }

    @Test func `this very process is shown as it is`() throws {
        let lines = String(decoding: ProcessMetrics().render(), as: UTF8.self).split(separator: "\n")
        var values: [String: Double] = [:]
        for line in lines where !line.hasPrefix("#") {
            let words = line.split(separator: " ")
            values[String(words[0])] = Double(words[1])
        }
        #expect(lines.count == 15)
        #expect(try #require(values["process_resident_memory_bytes"]) > 1_000_000)
        #expect(try #require(values["process_open_fds"]) >= 1)
        #expect(try #require(values["process_threads"]) >= 1)
        #expect(try #require(values["process_cpu_seconds_total"]) >= 0)
        let start = try #require(values["process_start_time_seconds"])
        // The clock may have been set since the machine was started, but not by days.
        #expect(abs(Double(WallTime.now().seconds) - start) < 86_400)
    }
}
