import Glibc
import Linux
import Operations
import Testing

@Suite struct DescriptorLogSinkTests {
    @Test func `lines from several threads never interleave`() throws {
        var ends: [CInt] = [0, 0]
        try #require(pipe(&ends) == 0)
        let (output, input) = (FileDescriptor(number: ends[0]), FileDescriptor(number: ends[1]))
        // Longer than a pipe takes at once, so that writes are cut.
        let long = String(repeating: "x", count: 9_000)
        let sink = DescriptorLogSink(input)
        let threads = try (0..<4).map { thread in
            try SystemThread.start(name: "writer") {
                let logger = Logger(format: .json, sink: sink, now: { WallTime(seconds: 0) }).with(
                    "thread",
                    .integer(thread)
                )
                for number in 0..<50 { logger.info("m", ["number": .integer(number), "long": .string(long)]) }
            }
        }
        let waiter = try SystemThread.start(name: "waiter") {
            for thread in threads { thread.join() }
            input.close()
        }
        var received: [UInt8] = []
        let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 65_536, alignment: 1)
        defer { chunk.deallocate() }
        while case let count = try output.read(into: chunk), count > 0 { received += chunk[..<count] }
        waiter.join()
        output.close()

        let lines = String(decoding: received, as: UTF8.self).split(separator: "\n").map(String.init)
        var expected: Set<String> = []
        let start = #"{"time":"1970-01-01T00:00:00.000Z","level":"info","message":"m","#
        for thread in 0..<4 {
            for number in 0..<50 {
                expected.insert(start + #""thread":\#(thread),"number":\#(number),"long":"\#(long)"}"#)
            }
        }
        #expect(lines.count == 200)
        #expect(Set(lines) == expected)
    }
}
