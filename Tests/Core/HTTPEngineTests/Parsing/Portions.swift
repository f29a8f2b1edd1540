/// Ways to hand the same bytes to a parser: whole, byte by byte, and cut once at every point.
enum Portions {
    static func all(of bytes: [UInt8]) -> [[[UInt8]]] {
        var ways: [[[UInt8]]] = [[bytes], bytes.map { [$0] }]
        for cut in bytes.indices.dropFirst() {
            ways.append([Array(bytes[..<cut]), Array(bytes[cut...])])
        }
        return ways
    }
}
