internal import Cryptography
internal import JSON

/// What stands before the first dot of a token (RFC 7515 §4).
///
/// Other members are passed over, as §4 asks. Among them are the ones that would bring a key along or tell where to fetch
/// one (`jwk`, `jku`, `x5c`, `x5u`): keys come from the configuration, never from a token.
struct JWTHeader: Equatable {
    let algorithm: String
    let keyID: String?
    let type: String?

    init(algorithm: JWTAlgorithm, keyID: String?, type: String?) {
        self.algorithm = algorithm.rawValue
        self.keyID = keyID
        self.type = type
    }

    init(parsing segment: Span<UInt8>) throws(JWTError) {
        guard let bytes = Base64URL.decode(segment) else { throw .malformed }
        let object: JSONObject
        do throws(JSONError) {
            object = try JSONObject(parsing: bytes.span, limits: JSONLimits(depth: 8, values: 100))
        } catch {
            throw .malformed
        }
        // > If any of the listed extension Header Parameters are not understood and supported by the recipient, then the JWS
        // > is invalid.
        //
        // None is supported here.
        guard object["crit"] == nil else { throw .wrongType }
        guard let algorithm = object["alg"]?.string else { throw .malformed }
        self.algorithm = algorithm
        keyID = try JWTHeader.text("kid", in: object)
        type = try JWTHeader.text("typ", in: object)
    }

    private static func text(_ name: String, in object: JSONObject) throws(JWTError) -> String? {
        guard let value = object[name] else { return nil }
        guard let text = value.string else { throw .malformed }
        return text
    }

    /// The bytes of the first part.
    var segment: [UInt8] {
        var characters: [UInt8] = []
        let bytes = json
        Base64URL.append(bytes.span, to: &characters)
        return characters
    }
}

extension JWTHeader: JSONWritable {
    func write(to writer: inout JSONWriter) {
        writer.object { object in
            object.member("alg", algorithm)
            object.member("kid", ifPresent: keyID)
            object.member("typ", ifPresent: type)
        }
    }
}
