extension ServiceGroup {
    /// Ends a group from the inside. Made before the parts, so that they can hold it; any thread may use it.
    public struct Trigger: Sendable {
        enum Request: Sendable {
            case stop
            case fail(part: String, error: any Error)
        }

        let requests: AsyncStream<Request>
        private let inbox: AsyncStream<Request>.Continuation

        public init() { (requests, inbox) = AsyncStream.makeStream() }

        /// A part can not go on: all parts are stopped, and the exit status is 1.
        public func fail(_ error: any Error, in part: String) { inbox.yield(.fail(part: part, error: error)) }

        /// There is nothing left to do: all parts are stopped, and the exit status is 0.
        public func stop() { inbox.yield(.stop) }
    }
}
