internal import Database
internal import Linux
internal import Networking

/// Looks up the names of hosts on a thread of its own and tells libpq the addresses, since libpq would look them up on
/// the loop. The names stay beside them: certificates are checked against those.
///
/// Belongs to its loop.
final class HostLookup {
    private let parameters: [String: String]
    private let loop: EventLoop
    private let pending = Pending<[String: String]>()

    init(_ parameters: [String: String], loop: EventLoop) {
        self.parameters = parameters
        self.loop = loop
    }

    /// The parameters, with `hostaddr` where names were looked up. For one task, once.
    func resolved() async throws(DatabaseError) -> [String: String] {
        guard let hosts = parameters["host"], parameters["hostaddr"] == nil else { return parameters }
        let names = hosts.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        guard names.contains(where: HostLookup.needsLookup) else { return parameters }
        let ports = (parameters["port"] ?? "").split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        let confined = LoopBound(self, on: loop)
        do throws(SystemError) {
            // A thread for each attempt: there is one attempt at a time, and they are rare.
            try SystemThread.start(name: "host-lookup") { [loop] in
                let places = HostLookup.places(names, ports: ports)
                loop.execute { confined.value.finish(places) }
            }.detach()
        } catch {
            throw DatabaseError(.unavailable, message: error.description)
        }
        return try await pending.value()
    }

    func abandon() {
        pending.finish(.failure(DatabaseError(.unavailable, message: "the host's name was not resolved in time")))
    }

    private func finish(_ places: [Place]) {
        guard !places.isEmpty else {
            return pending.finish(.failure(DatabaseError(.unavailable, message: "no host's name could be resolved")))
        }
        var parameters = parameters
        parameters["host"] = places.map(\.host).joined(separator: ",")
        parameters["hostaddr"] = places.map(\.address).joined(separator: ",")
        parameters["port"] = places.map(\.port).joined(separator: ",")
        pending.finish(.success(parameters))
    }

    private struct Place: Sendable {
        let host: String
        /// Empty for what libpq understands without a lookup.
        let address: String
        let port: String
    }

    /// A name with several addresses becomes several hosts, tried in turn.
    private static func places(_ names: [String], ports: [String]) -> [Place] {
        names.enumerated().flatMap { index, name -> [Place] in
            let port = ports.count > 1 && index < ports.count ? ports[index] : ports.first ?? ""
            guard needsLookup(name) else { return [Place(host: name, address: "", port: port)] }
            let addresses = try? NameResolution.addresses(host: name, port: 0)
            return (addresses ?? []).compactMap(\.ipAddress).map { Place(host: name, address: "\($0)", port: port) }
        }
    }

    /// Paths of sockets (also abstract ones) and addresses are no names, and neither is nothing, the default.
    private static func needsLookup(_ host: String) -> Bool {
        !host.isEmpty && !host.hasPrefix("/") && !host.hasPrefix("@") && IPAddress(host) == nil
    }
}
