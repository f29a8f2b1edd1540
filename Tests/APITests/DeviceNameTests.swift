import Testing

@testable import API

@Suite struct DeviceNameTests {
    @Test(arguments: [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("curl/8.5.0", "curl"), ("Something on Android", "A browser on Android"), ("", "Unknown device"),
        ("firefox", "Unknown device"), ("Firefox/\u{301}", "Firefox"),
    ])
    func `a device is called what it calls itself`(_ userAgent: String, _ name: String) {
        #expect(DeviceName.of(userAgent) == name)
    }

    /// Where one flag begins depends on all before it: who goes back over them takes the square of their number.
    @Test func `a device with nothing but flags is named at once`() {
        let flags = String(repeating: "\u{1F1E6}", count: 3_000)
        let duration = ContinuousClock().measure {
            for _ in 0..<5 { #expect(DeviceName.of(flags) == "Unknown device") }
        }
        #expect(duration < .seconds(5))
    }
}
