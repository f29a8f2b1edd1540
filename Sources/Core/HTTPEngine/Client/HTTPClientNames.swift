internal import Linux
internal import Networking

/// Looks up the names of a client's origins. All who ask for a name while it is being looked up share what comes of it: a
/// slow name server does not fill the pool's queue with questions that nobody waits for any more.
///
/// Nothing is remembered. Connections are, so look-ups are rare; and an instance that was added or replaced is found.
final class HTTPClientNames {
    private struct Name: Hashable {
        let host: String
        let port: UInt16
    }

    private typealias Answer = Result<[SocketAddress], HTTPClientError>

    private let loop: EventLoop
    private let resolver: BlockingPool
    private var lines: [Name: [PlaceInLine<Answer>]] = [:]

    init(loop: EventLoop, resolver: BlockingPool) {
        self.loop = loop
        self.resolver = resolver
    }

    /// The addresses of a name, in the order in which they are to be tried. A look-up that takes longer than that goes on
    /// without whoever asked.
    func addresses(
        of host: String,
        port: UInt16,
        until deadline: MonotonicTime
    ) async throws(HTTPClientError) -> [SocketAddress] {
        let name = Name(host: host, port: port)
        let place = PlaceInLine<Answer>(loop: loop)
        if lines[name] == nil { beginLookup(of: name) }
        lines[name, default: []].append(place)
        guard let answer = await place.wait(until: deadline) else {
            // The line stays, even an empty one: it stands for the look-up that is under way.
            lines[name]?.removeAll { $0 === place }
            throw Task.isCancelled ? .cancelled : .notConnected(.timedOut)
        }
        return try answer.get()
    }

    private func beginLookup(of name: Name) {
        let confined = LoopBound(self, on: loop)
        loop.spawn { [resolver] in
            let answer: Answer
            do {
                let found = try await resolver.run { try NameResolution.addresses(host: name.host, port: name.port) }
                answer = .success(found)
            } catch let error as NameResolutionError {
                answer = .failure(.nameNotResolved(error))
            } catch {
                answer = .failure(.overloaded)
            }
            confined.value.finishLookup(of: name, answer)
        }
    }

    private func finishLookup(of name: Name, _ answer: Answer) {
        for place in lines.removeValue(forKey: name) ?? [] { _ = place.resume(answer) }
    }
}
