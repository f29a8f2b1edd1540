import API
import HTTPEngine
import Linux
import Networking
final class Plain: HTTPResponder {
    let body = [UInt8]("{\"status\":\"ok\"}".utf8)
    func respond(to request: HTTPRequest, on connection: HTTPConnectionInfo) async -> HTTPResponse {
        HTTPResponse(status: .ok, fields: [.contentType: "application/json"], body: .bytes(body))
    }
    func refuse(_ error: HTTPParseError, on connection: HTTPConnectionInfo) -> HTTPResponse { .text(error.reason, status: error.status) }
}
Signal.ignoreBrokenPipes()
let set = SignalSet([.terminate, .interrupt]); set.block()
let group = try EventLoopGroup()
let server = try await HTTPServer.start(at: [SocketAddress("127.0.0.1:5000")!], on: group) { _ in Plain() }
print(server.addresses)
await withUnsafeContinuation { (c: UnsafeContinuation<Void, Never>) in
    _ = try? SystemThread.start(name: "sig") { _ = SignalSet([.terminate, .interrupt]).wait(); c.resume() }
}
await server.stop(within: .seconds(5))
