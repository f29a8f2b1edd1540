internal import Contract
internal import HTTPEngine

/// What names a user or a session, as it stands in addresses: a UUID. Nothing else gets into the path of a call.
struct Identifier: Equatable, Sendable {
    let text: String

    init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 36 else { return nil }
        for (index, byte) in bytes.enumerated() {
            let isHyphen = [8, 13, 18, 23].contains(index)
            guard isHyphen ? byte == UInt8(ascii: "-") : Identifier.isHexadecimal(byte) else { return nil }
        }
        self.text = text
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"):
            true
        default: false
        }
    }

    func target(of operation: Contract.Operation) -> String {
        guard let target = operation.target(id: text) else { preconditionFailure("a UUID is one segment of a path") }
        return target
    }
}
