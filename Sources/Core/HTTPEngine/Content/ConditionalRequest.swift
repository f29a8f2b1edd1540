public import Linux

/// The preconditions of a request (RFC 9110 §13), held against what the resource is now.
///
/// A request that would not have been answered with success anyway is not to be asked: evaluate when everything else is
/// known to be right, and before anything is changed.
public struct ConditionalRequest: Sendable {
    public enum Outcome: Equatable, Sendable {
        /// Do what the method says.
        case proceed
        /// 304: the client has it already.
        case notModified
        /// 412: it is not what the client thinks it is.
        case preconditionFailed
    }

    private let fields: HTTPFields
    private let isRead: Bool
    private let isGet: Bool
    private let entityTag: EntityTag?
    private let lastModified: WallTime?
    private let exists: Bool
    private let now: WallTime

    /// `exists` is false for a resource that has no representation yet, as for a PUT that is to create it.
    public init(
        _ fields: HTTPFields,
        method: HTTPMethod,
        entityTag: EntityTag?,
        lastModified: WallTime?,
        exists: Bool = true,
        now: WallTime = .now()
    ) {
        self.fields = fields
        isRead = method == .get || method == .head
        isGet = method == .get
        self.entityTag = entityTag
        self.lastModified = lastModified
        self.exists = exists
        self.now = now
    }

    /// The order of RFC 9110 §13.2.2: a tag beats the date that stands beside it.
    ///
    /// Dates that can not be read are ignored, as §13.1.3 and §13.1.4 demand. For tags the standard says nothing: a
    /// read ignores them, a change is refused, because its sender meant to forbid something.
    public var outcome: Outcome {
        if fields.contains(.ifMatch) {
            guard holdsIfMatch else { return .preconditionFailed }
        } else if let limit = date(.ifUnmodifiedSince), let lastModified, lastModified.seconds > limit.seconds {
            return .preconditionFailed
        }
        if fields.contains(.ifNoneMatch) {
            if !holdsIfNoneMatch { return isRead ? .notModified : .preconditionFailed }
        } else if isRead, let limit = date(.ifModifiedSince), let lastModified, lastModified.seconds <= limit.seconds {
            return .notModified
        }
        return .proceed
    }

    /// The last step of §13.2.2: whether a Range field is to be looked at. It only counts with GET, and with If-Range
    /// only while the client's part belongs to what there is now.
    public var allowsRange: Bool {
        guard isGet, fields.contains(.range) else { return false }
        guard fields.contains(.ifRange) else { return true }
        guard let value = fields.single(.ifRange) else { return false }
        if let tag = EntityTag(value) { return entityTag?.stronglyMatches(tag) ?? false }
        guard let date = HTTPDate.parse(value, now: now), let lastModified else { return false }
        // §13.1.5: an exact match, and the date must be a strong validator. While its second is not over the content
        // may change once more under the same date (§8.8.2.2).
        return date.seconds == lastModified.seconds && lastModified.seconds < now.seconds
    }

    private var holdsIfMatch: Bool {
        switch EntityTagCondition(fields.values(.ifMatch)) {
        case .any: exists
        case .tags(let tags): tags.contains { entityTag?.stronglyMatches($0) ?? false }
        case nil: false
        }
    }

    private var holdsIfNoneMatch: Bool {
        switch EntityTagCondition(fields.values(.ifNoneMatch)) {
        case .any: !exists
        case .tags(let tags): !tags.contains { entityTag?.weaklyMatches($0) ?? false }
        case nil: isRead
        }
    }

    private func date(_ name: HTTPFieldName) -> WallTime? {
        fields.single(name).flatMap { HTTPDate.parse($0, now: now) }
    }
}
