#!/usr/bin/env python3
"""Access tokens as others see them: PyJWT verifies them from the published keys, and the API refuses every forgery.

The forger of these tests has the signing key where that is needed: only so can a claim alone be what is wrong. What they
make is compared with a control that differs in nothing but the fault, and that the API must take.
"""

import base64
import contextlib
import json
import pathlib
import secrets
import tempfile
import time

import jwt
from cryptography.hazmat.primitives import hashes, hmac, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, utils

from outside import CHEAP_HASHES, NO_LIMITS, Report, Service, run

ISSUER, AUDIENCE = "https://id.example.com", "https://api.example.com"
PUBLIC_MEMBERS = {"kty", "kid", "alg", "use", "key_ops", "n", "e", "crv", "x", "y"}
NEW_KEYS = {
    "RS256": lambda: rsa.generate_private_key(65537, 2048),
    "ES256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "EdDSA": ed25519.Ed25519PrivateKey.generate,
}


def encode(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def sign(algorithm, key, content):
    """The signature of RFC 7518 or RFC 8037, by a library that has never seen ours."""
    if algorithm in ("HS256", "HS384", "HS512"):
        code = hmac.HMAC(key, getattr(hashes, f"SHA{algorithm[2:]}")())
        code.update(content)
        return code.finalize()
    if algorithm in ("RS256", "RS512"):
        return key.sign(content, padding.PKCS1v15(), getattr(hashes, f"SHA{algorithm[2:]}")())
    if algorithm == "PS256":
        return key.sign(content, padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256())
    if algorithm == "ES256":
        first, second = utils.decode_dss_signature(key.sign(content, ec.ECDSA(hashes.SHA256())))
        return first.to_bytes(32, "big") + second.to_bytes(32, "big")
    return key.sign(content)


def text(value):
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))


def token(header, claims, signature):
    """`header` and `claims` may be text already; `signature` makes one of the bytes before it."""
    content = f"{encode(text(header).encode())}.{encode(text(claims).encode())}"
    return f"{content}.{encode(signature(content.encode()))}"


def identifier(seconds):
    """A UUIDv7 of that time: access tokens carry one, and it has to agree with `iat`."""
    number = seconds * 1_000 << 80 | 7 << 76 | secrets.randbits(12) << 64 | 2 << 62 | secrets.randbits(62)
    digits = f"{number:032x}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def moved(claims, seconds):
    """The same token, made so much later."""
    times = {name: claims[name] + seconds for name in ("iat", "exp")}
    return claims | times | {"jti": identifier(times["iat"])}


class Issuer:
    """One algorithm: a genuine token, and the means to make others that differ in one thing."""

    def __init__(self, algorithm, key, genuine):
        self.algorithm, self.key, self.genuine = algorithm, key, genuine
        parts = genuine.split(".")
        self.header, self.claims = (json.loads(decode(part)) for part in parts[:2])
        self.signature = decode(parts[2])

    def signed(self, header=None, claims=None):
        return token(self.header if header is None else header, self.claims if claims is None else claims,
                     lambda content: sign(self.algorithm, self.key, content))

    def other(self, algorithm, key, **members):
        """Signed by another key, or in another way."""
        return token(self.header | {"alg": algorithm} | members, self.claims,
                     lambda content: sign(algorithm, key, content))

    def without(self, name):
        return {key: value for key, value in self.claims.items() if key != name}


def wrong_claims(issuer):
    claims = issuer.claims
    day = 86_400
    yield "expired", moved(claims, -day)
    yield "expired this second", claims | {"exp": int(time.time())}
    yield "issued in the future", moved(claims, day)
    yield "not valid before tomorrow", claims | {"nbf": int(time.time()) + day}
    for name, value in (("aud", "https://other.example.com"), ("aud", []), ("aud", None), ("iss", "https://evil.example"),
                        ("iss", ISSUER + "/"), ("iss", None), ("token_type", "refresh"), ("token_type", None),
                        ("token_type", "ACCESS"), ("sub", "1"), ("sub", None), ("sid", "x"), ("sid", None), ("jti", "1"),
                        ("iat", "yesterday"), ("iat", -1), ("exp", "tomorrow"), ("exp", None), ("exp", True),
                        ("exp", [claims["exp"]]), ("nbf", "now"), ("roles", "admin"), ("roles", []), ("username", 7)):
        yield f"{name} is {json.dumps(value)}", claims | {name: value}
    for name in ("exp", "iat", "iss", "aud", "sub", "sid", "jti", "token_type", "username", "roles"):
        yield f"without {name}", issuer.without(name)
    yield "jti of another time than iat", claims | {"jti": identifier(claims["iat"] - day)}
    yield "exp twice", text(claims)[:-1] + f',"exp":{claims["exp"] + day}}}'
    yield "exp beyond all numbers", text(issuer.without("exp"))[:-1] + ',"exp":1e999}'
    yield "a list", [claims]
    yield "nothing", "{}"
    yield "no JSON", "{"


def wrong_headers(issuer):
    header = issuer.header
    for value in ("JWE", "refresh+jwt", "at+jwt", "", None, 1, ["JWT"]):
        yield f"typ is {json.dumps(value)}", header | {"typ": value}
    for value in ("none", "None", "", None, issuer.algorithm.lower(), [issuer.algorithm]):
        yield f"alg is {json.dumps(value)}", header | {"alg": value}
    yield "without alg", {key: value for key, value in header.items() if key != "alg"}
    for value in ("other", "", None, 1, "../../dev/null", "' OR 1=1 --", header["kid"] + "\u0000"):
        yield f"kid is {json.dumps(value)}", header | {"kid": value}
    yield "crit", header | {"crit": ["exp"]}
    yield "crit of an extension that changes what is signed", header | {"b64": False, "crit": ["b64"]}
    yield "alg twice", text(header)[:-1] + ',"alg":"none"}'
    yield "kid twice", text(header)[:-1] + ',"kid":"other"}'


def wrong_signatures(issuer):
    """Signed by somebody else, not at all, or for something else."""
    content = issuer.genuine.rpartition(".")[0]
    head, body, last = issuer.genuine.split(".")
    for name in ("none", "None", "NONE", "nOnE"):
        yield f"alg {name}, no signature", token(issuer.header | {"alg": name}, issuer.claims, lambda _: b"")
        yield f"alg {name}, the old signature", token(
            issuer.header | {"alg": name}, issuer.claims, lambda _: issuer.signature)
    yield "no signature", f"{content}."
    yield "only two parts", content
    yield "four parts", f"{issuer.genuine}.{last}"
    yield "five parts", f"{head}..{body}.{last}.{last}"
    yield "a signature of zeros", f"{content}.{encode(bytes(len(issuer.signature)))}"
    yield "half of the signature", f"{content}.{encode(issuer.signature[:len(issuer.signature) // 2])}"
    yield "more than the signature", f"{content}.{encode(issuer.signature + bytes(1))}"
    for number in range(len(issuer.signature)):
        altered = bytearray(issuer.signature)
        altered[number] ^= 1
        yield f"byte {number} of the signature altered", f"{content}.{encode(bytes(altered))}"
    raised = issuer.claims | {"username": "root", "exp": issuer.claims["exp"] + 900}
    yield "other claims under the old signature", token(issuer.header, raised, lambda _: issuer.signature)
    yield "another spelling of the claims", token(
        issuer.header, json.dumps(issuer.claims, indent=1), lambda _: issuer.signature)
    yield "padding", issuer.genuine + "="
    yield "a space inside", f"{head}. {body}.{last}"
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    if len(issuer.signature) % 3:
        # The last character has bits to spare: two spellings of one token would be two tokens.
        yield "bits to spare in the last character", issuer.genuine[:-1] + alphabet[alphabet.index(last[-1]) ^ 1]
    yield "too long", issuer.signed(claims=issuer.claims | {"username": "x" * 9_000})


def foreign_keys(issuer):
    """Good signatures of keys that are not ours, or that were never meant for this."""
    for algorithm, make in NEW_KEYS.items():
        stranger = make()
        yield f"a stranger's {algorithm} key under our kid", issuer.other(algorithm, stranger)
        thumb = encode(secrets.token_bytes(32))
        yield f"a stranger's {algorithm} key under its own kid", issuer.other(algorithm, stranger, kid=thumb)
        public = json.loads(jwt.get_algorithm_by_name(algorithm).to_jwk(stranger.public_key()))
        yield f"a stranger's {algorithm} key that comes along", issuer.other(algorithm, stranger, jwk=public)
        yield f"a stranger's {algorithm} key at an address", issuer.other(
            algorithm, stranger, kid=thumb, jku="http://127.0.0.1:1/keys")
    yield "a stranger's secret", issuer.other("HS256", secrets.token_bytes(32))
    yield "the empty secret", issuer.other("HS256", b"")
    if issuer.algorithm == "HS256":
        for algorithm in ("HS384", "HS512"):
            yield f"our secret with {algorithm}", issuer.other(algorithm, issuer.key)
        return
    # > The public key of an asymmetric algorithm, taken for the secret of HS256: RFC 8725, section 2.1.
    public = issuer.key.public_key()
    forms = serialization.PublicFormat.SubjectPublicKeyInfo
    for name, secret in (
            ("in PEM", public.public_bytes(serialization.Encoding.PEM, forms)),
            ("in PEM without its last line end", public.public_bytes(serialization.Encoding.PEM, forms).rstrip()),
            ("in DER", public.public_bytes(serialization.Encoding.DER, forms)),
            ("as JWK", json.dumps(json.loads(jwt.get_algorithm_by_name(issuer.algorithm).to_jwk(public))).encode())):
        for algorithm in ("HS256", "HS512"):
            yield f"{algorithm} with the public key {name}", issuer.other(algorithm, secret)
    if issuer.algorithm == "RS256":
        for algorithm in ("RS512", "PS256"):
            yield f"our key with {algorithm}", issuer.other(algorithm, issuer.key)
    if issuer.algorithm == "ES256":
        yield "the signature in DER", token(
            issuer.header, issuer.claims, lambda content: issuer.key.sign(content, ec.ECDSA(hashes.SHA256())))


def refusals(report, client, issuer, paths=("hello", "auth/verify"), too_large=431):
    """Every forgery is answered 401, by what serves and by what other services ask."""
    control = issuer.signed()
    forgeries = [(f"claims: {name}", issuer.signed(claims=claims)) for name, claims in wrong_claims(issuer)]
    forgeries += [(f"header: {name}", issuer.signed(header=header)) for name, header in wrong_headers(issuer)]
    forgeries += list(wrong_signatures(issuer)) + list(foreign_keys(issuer))
    for name, forged in forgeries:
        if forged in (control, issuer.genuine):
            raise AssertionError(f"{name} is no forgery")
        for path in paths:
            answer = client.ask("GET", path, token=forged)
            is_refused = answer.status == 401 and answer.fields.get("www-authenticate", "").startswith("Bearer")
            # A token that does not fit into a header field is refused before anybody looks into it.
            is_refused = is_refused or (name == "too long" and answer.status == too_large)
            report.expect(is_refused, f"{issuer.algorithm}, {name}: /{path}", answer)
            if path == "hello" and "expired" in name:
                report.expect(answer.code() == "TOKEN_EXPIRED", f"{issuer.algorithm}, {name}: says so", answer)
    # Last, so that nothing before it has ended the session: the forger's means are good.
    for name, good in (("the genuine token", issuer.genuine), ("the control", control)):
        answer = client.ask("GET", "hello", token=good)
        report.expect(answer.status == 200, f"{issuer.algorithm}, {name} is taken", answer)
    return len(forgeries)


def verified(report, client, algorithm, access_token, secret):
    """What PyJWT says of a token, knowing nothing but what is published, or the secret."""
    answer = client.expect(200, "GET", "/.well-known/jwks.json")
    report.expect("max-age" in answer.fields.get("cache-control", ""), "the key set may be kept for a while", answer.fields)
    keys = answer.json()["keys"]
    for key in keys:
        report.expect(set(key) <= PUBLIC_MEMBERS and key["kty"] != "oct", f"{algorithm}: only public halves", key)
    header = jwt.get_unverified_header(access_token)
    report.expect(header["alg"] == algorithm and header["typ"] == "JWT", f"{algorithm}: the header", header)
    if algorithm == "HS256":
        report.expect(keys == [], "a shared secret is not published", keys)
        key = secret.encode()
    else:
        key = jwt.PyJWKSet.from_dict({"keys": keys})[header["kid"]]
    options = {"require": ["exp", "iat", "iss", "aud", "sub", "jti", "sid", "token_type"]}
    claims = jwt.decode(access_token, key, algorithms=[algorithm], audience=AUDIENCE, issuer=ISSUER, options=options)
    report.expect(claims["token_type"] == "access" and "user" in claims["roles"], f"{algorithm}: the claims", claims)
    report.expect(claims["exp"] - claims["iat"] == 900, f"{algorithm}: the life of a token", claims)
    return claims


def other_kinds(report, client, tokens):
    """A refresh token is no access token, and the other way round."""
    answer = client.ask("GET", "hello", token=tokens["refresh_token"])
    report.expect(answer.status == 401, "a refresh token is no access token", answer)
    for body, bearer in (({"refresh_token": tokens["access_token"]}, None), (None, tokens["access_token"])):
        answer = client.ask("POST", "auth/refresh", body, token=bearer)
        report.expect(answer.status == 401, "an access token is no refresh token", answer)
    altered = tokens["refresh_token"]
    for number in (0, 10, len(altered) // 2, len(altered) - 1):
        wrong = altered[:number] + ("A" if altered[number] != "A" else "B") + altered[number + 1:]
        answer = client.ask("POST", "auth/refresh", {"refresh_token": wrong})
        report.expect(answer.status == 401, f"a refresh token altered at {number}", answer)
    answer = client.ask("POST", "auth/refresh", {"refresh_token": tokens["refresh_token"]})
    report.expect(answer.status == 200, "the refresh token itself still counts", answer)


def rotated(report, client, algorithm, old):
    """After an emergency rotation both the old token and a new one verify from the published keys."""
    # Running instances look for new keys now and then.
    deadline = time.monotonic() + 40
    while True:
        new = client.login()["access_token"]
        if jwt.get_unverified_header(new)["kid"] != jwt.get_unverified_header(old)["kid"]:
            break
        if time.monotonic() > deadline:
            report.expect(False, f"{algorithm}: a rotation is in force within 40 s")
            return
        time.sleep(0.1)
    for access_token in (old, new):
        verified(report, client, algorithm, access_token, None)
        answer = client.ask("GET", "hello", token=access_token)
        report.expect(answer.status == 200, f"{algorithm}: taken after the rotation", answer)


def main():
    report = Report("tokens")
    with tempfile.TemporaryDirectory(prefix="gatehouse-keys-") as folder:
        keys = {algorithm: make() for algorithm, make in NEW_KEYS.items()}
        own = [{"JWT_ALGORITHM": "HS256"}]
        for algorithm, key in keys.items():
            path = pathlib.Path(folder) / algorithm
            path.write_bytes(key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
            path.chmod(0o600)
            # One signs with a key that we have, too, and the other with what it has made and keeps in the database.
            own += [{"JWT_ALGORITHM": algorithm, "JWT_PRIVATE_KEY_FILE": str(path)}, {"JWT_ALGORITHM": algorithm}]
        forged = 0
        variables = CHEAP_HASHES | NO_LIMITS | {"JWT_ISSUER": ISSUER, "JWT_AUDIENCE": AUDIENCE}
        with Service(own, **variables) as service, contextlib.ExitStack() as clients:
            asked = [(variables["JWT_ALGORITHM"], "JWT_PRIVATE_KEY_FILE" in variables,
                      clients.enter_context(service.client(number))) for number, variables in enumerate(own)]
            old = {}
            for algorithm, is_ours, client in asked:
                tokens = client.login()
                verified(report, client, algorithm, tokens["access_token"], service.secret)
                other_kinds(report, client, tokens)
                if algorithm == "HS256" or is_ours:
                    key = service.secret.encode() if algorithm == "HS256" else keys[algorithm]
                    forged += refusals(report, client, Issuer(algorithm, key, tokens["access_token"]))
                else:
                    old[algorithm] = tokens["access_token"]
                    service.run("keys", "rotate", "--now", JWT_ALGORITHM=algorithm)
            for algorithm, is_ours, client in asked:
                if algorithm in old and not is_ours:
                    rotated(report, client, algorithm, old[algorithm])
    return report.conclude(f"PyJWT verifies the tokens of all four algorithms; {forged} forgeries are refused.")


if __name__ == "__main__":
    run(main)
