import Testing

@testable import API

@Suite struct DeviceNameTests {
    @Test(arguments: [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("curl/8.5.0", "curl"), ("Something on Android", "A browser on Android"), ("", "Unknown device"),
        ("firefox", "Unknown device"),
        // Searched by bytes: how long a search by characters would take is tried by `Attack/texts.py`.
        ("Firefox/\u{301}", "Firefox"),
    ])
    func `a device is called what it calls itself`(_ userAgent: String, _ name: String) {
        #expect(DeviceName.of(userAgent) == name)
    }
}
