internal import Contract
internal import Mustache

extension SessionBody {
    func value(in frame: PageFrame) -> MustacheValue {
        [
            "device": .string(device),
            "address": .string(address),
            "last_used": frame.words(for: lastUsedAt),
            "created": frame.words(for: createdAt),
            "is_current": .boolean(isCurrent),
            "end": .string(PageAddress.endSession(id)),
        ]
    }
}
