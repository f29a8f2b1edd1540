#!/usr/bin/env python3
"""Request smuggling: nginx and our parser must never disagree about where a request ends.

Raw bytes go to nginx, by HTTP/1.1 and by HTTP/2: every way we know to make two readers disagree, then COUNT mutations of
them. Meanwhile ordinary visitors ask on connections of their own, which share nginx' connections to the programs with the
attack. Afterwards the logs are laid side by side. For every request that nginx says it has passed on, the program it went to
has noted as many as nginx has tried, with nginx' request id, method and status, and it has noted none besides: what was
smuggled would be one. Every answer that came back bears the id of a request that was its own.

The same bytes then go to the socket of the API past nginx. What it takes for requests there is the beginning of what nginx
took for requests, or the other way round: a refusal may come sooner in one of them, but never another request.

COUNT (3000) and SEED come from the environment.
"""

import asyncio
import contextlib
import os
import random
import re
import ssl
import struct
import time

from attack import UNLIMITED, Attack, Failure, run, setting, stack

COUNT = setting("COUNT", 3_000)
SEED = setting("SEED", random.SystemRandom().randrange(1 << 32))
# Connections of the attacker, and visitors, at a time.
WORKERS, VISITORS = 8, 3
LOGIN = b'{"username":"nobody.here","password":"not this one"}'
NGINX_LINE = re.compile(
    r'^\S+ (?P<client>\S+) "(?P<method>\S*) (?P<path>.*?) ?(?P<protocol>HTTP/\S*|)" (?P<status>\d{3}) \d+ \S+ '
    r'upstream="(?P<upstream>[^"]*)" upstream_status="(?P<upstream_status>[^"]*)" (?P<id>[0-9a-f]{32})$')
PROGRAM_LINE = re.compile(r' request service=(?P<service>\w+) .*?request_id=(?P<id>"(?:\\.|[^"\\])*"|\S+) (?:method=(?P<method>\S+) )?'
                          r'(?:path=(?P<path>"(?:\\.|[^"\\])*"|\S+) )?status=(?P<status>\d+)')
# What a program logs for the method of a request that it could not read.
UNREAD = "-"
ANSWER = re.compile(rb"\r\nX-Request-ID: ([^\r\n]*)\r\n", re.IGNORECASE)


# What is sent. `n` names the attack in paths and ids, so that whatever becomes of it can be told from all others.

def smuggled(n):
    """What a victim's connection would find before its own request, or a reader take for one."""
    return f"GET /api/v1/s{n} HTTP/1.1\r\nHost: localhost\r\nX-Request-ID: {n}-s\r\n\r\n".encode()


def head(n, path, fields, method="POST", version="HTTP/1.1", end=b"\r\n"):
    lines = [f"{method} {path.format(n=n)} {version}".encode(), b"Host: localhost", f"X-Request-ID: {n}-a".encode(),
             b"Content-Type: application/json", *fields]
    return b"".join(line + end for line in lines) + end


def chunk(content, size=None, end=b"\r\n"):
    return (size or b"%x" % len(content)) + end + content + end


PATHS = ("/api/v1/a{n}", "/api/v1/auth/login", "/a{n}", "/login")
# Spellings of one field which one reader may know and another may not.
CODINGS = [
    b"Transfer-Encoding: chunked", b"Transfer-Encoding : chunked", b"Transfer-Encoding:chunked", b"Transfer-Encoding:\tchunked",
    b"Transfer-Encoding: \x0bchunked", b"Transfer-Encoding: \x0cchunked", b"Transfer-Encoding: chunked\x0b",
    b"Transfer-Encoding:  chunked ", b"Transfer-Encoding: chunked\t", b"Transfer-Encoding: CHUNKED", b"transfer-encoding: chunked",
    b"TRANSFER-ENCODING: cHuNkEd", b"Transfer-Encoding: xchunked", b"Transfer-Encoding: chunkedx", b"Transfer-Encoding: chunked,",
    b"Transfer-Encoding: ,chunked", b"Transfer-Encoding: chunked, identity", b"Transfer-Encoding: identity, chunked",
    b"Transfer-Encoding: identity", b"Transfer-Encoding: gzip, chunked", b"Transfer-Encoding: chunked, chunked",
    b"Transfer-Encoding: chunked;q=1", b'Transfer-Encoding: "chunked"', b"Transfer-Encoding: 'chunked'", b"Transfer-Encoding: cow",
    b"Transfer-Encoding:", b"Transfer-Encoding: ", b"Transfer_Encoding: chunked", b"Transfer Encoding: chunked",
    b"Transfer\xadEncoding: chunked", b"Transfer-Encoding\x00: chunked", b"Transfer-Encoding\t: chunked",
    b"Transfer-Encoding: chunk\x00ed", b"\x00Transfer-Encoding: chunked", b" Transfer-Encoding: chunked",
    b"\tTransfer-Encoding: chunked", b"X: y\nTransfer-Encoding: chunked", b"X: y\rTransfer-Encoding: chunked",
    b"X: y\r\n Transfer-Encoding: chunked", b"X: y\r\n\tTransfer-Encoding: chunked", b"Transfer-Encoding:\r\n chunked",
    b"Transfer-Encoding:\n chunked", b"Transfer-Encoding: chun\r\n ked", b"Transfer-Encoding: chunked\r",
    b"Transfer-Encoding: \xffchunked", b"Transfer-Encoding: chunked\xa0", b"Transfer-Encoding\xa0: chunked",
    b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
    b"Transfer-Encoding: identity\r\nTransfer-Encoding: chunked", b"Transfer-Encoding: cow\r\nTransfer-Encoding: chunked",
    b"Transfer-Encoding: chunked\r\nTransfer-Encoding: cow", b"Connection: Transfer-Encoding\r\nTransfer-Encoding: chunked",
    b"TE: chunked", b"TE: trailers\r\nTransfer-Encoding: chunked", b"Content-Encoding: chunked", b"Foo: bar\r\n\rTransfer-Encoding: chunked",
]
# %d is the right length.
LENGTHS = [
    b"Content-Length: %d", b"Content-Length: +%d", b"Content-Length: -%d", b"Content-Length: 0%d", b"Content-Length: 0x%x",
    b"Content-Length: %d ", b"Content-Length:\t%d", b"Content-Length: %d\x0b", b"Content-Length: \x0b%d", b"Content-Length: %d,",
    b"Content-Length: %d, %d", b"Content-Length: %d\r\nContent-Length: %d", b"Content-Length: %d\r\nContent-Length: 0",
    b"Content-Length: 0\r\nContent-Length: %d", b"Content-Length: 0, %d", b"Content-Length: %d.0", b"Content-Length: %de0",
    b"Content-Length: %d_0", b'Content-Length: "%d"', b"Content-Length : %d", b"Content-Length\t: %d", b" Content-Length: %d",
    b"Content-Length: 1%d", b"Content-Length: 0", b"Content-Length:", b"Content-Length: ", b"Content-Length: a", b"Content_Length: %d",
    b"Content-Length: 18446744073709551616", b"Content-Length: 18446744073709551%d", b"Content-Length: 9223372036854775808",
    b"Content-Length: 4294967296", b"Content-Length: 4294967%d", b"Content-Length: %d\x00", b"Content-Length: \x00%d",
    b"X: y\nContent-Length: %d", b"X: y\rContent-Length: %d", b"Content-Length:\r\n %d", b"Content-Length: %d\r\n 0",
    b"Content-Length: \xd9\xa1\xd9\xa2", b"Connection: Content-Length\r\nContent-Length: %d", b"Content-Length: %d;x",
    b"Content-Length: %d\r\nTransfer-Encoding: chunked", b"Transfer-Encoding: chunked\r\nContent-Length: %d",
]
# Whole contents in chunks; what follows is the smuggled request.
CHUNKS = [
    lambda c: chunk(c) + b"0\r\n\r\n", lambda c: chunk(c[:9]) + chunk(c[9:]) + b"0\r\n\r\n",
    lambda c: b"".join(chunk(c[i:i + 1]) for i in range(len(c))) + b"0\r\n\r\n",
    lambda c: chunk(c, b"0%x" % len(c)) + b"0\r\n\r\n", lambda c: chunk(c, b"0" * 40 + b"%x" % len(c)) + b"0\r\n\r\n",
    lambda c: chunk(c, b"%X" % len(c)) + b"0\r\n\r\n", lambda c: chunk(c, b"0x%x" % len(c)) + b"0\r\n\r\n",
    lambda c: chunk(c, b"+%x" % len(c)) + b"0\r\n\r\n", lambda c: chunk(c, b"-%x" % len(c)) + b"0\r\n\r\n",
    lambda c: chunk(c, b" %x" % len(c)) + b"0\r\n\r\n", lambda c: chunk(c, b"%x " % len(c)) + b"0\r\n\r\n",
    lambda c: chunk(c, b"%x\t" % len(c)) + b"0\r\n\r\n", lambda c: chunk(c, b"%x;a=b" % len(c)) + b"0\r\n\r\n",
    lambda c: chunk(c, b'%x;a="b;\\"c"' % len(c)) + b"0\r\n\r\n", lambda c: chunk(c, b'%x;a="\r\n"' % len(c)) + b"0\r\n\r\n",
    lambda c: chunk(c, b"%x;a=\n" % len(c)) + b"0\r\n\r\n", lambda c: chunk(c, b"%x;\ra" % len(c)) + b"0\r\n\r\n",
    lambda c: chunk(c, b"%x ; a" % len(c)) + b"0\r\n\r\n", lambda c: chunk(c, b"%x;" % len(c)) + b"0\r\n\r\n",
    lambda c: chunk(c, b"%x;\x00" % len(c)) + b"0\r\n\r\n", lambda c: chunk(c, b"%x,0" % len(c)) + b"0\r\n\r\n",
    lambda c: chunk(c, b"%xg" % len(c)) + b"0\r\n\r\n", lambda c: chunk(c, b"%d" % len(c)) + b"0\r\n\r\n",
    lambda c: chunk(c, b"10000000000000000%x" % len(c)) + b"0\r\n\r\n", lambda c: chunk(c, b"ffffffffffffffff") + b"0\r\n\r\n",
    lambda c: chunk(c, b"7fffffffffffffff") + b"0\r\n\r\n", lambda c: chunk(c, b"100000000%x" % len(c)) + b"0\r\n\r\n",
    lambda c: chunk(c, end=b"\n") + b"0\n\n", lambda c: chunk(c) + b"0\n\r\n", lambda c: chunk(c) + b"0\r\n\n",
    lambda c: b"%x\n" % len(c) + c + b"\r\n0\r\n\r\n", lambda c: b"%x\r" % len(c) + c + b"\r\n0\r\n\r\n",
    lambda c: b"%x\r\n" % len(c) + c + b"\n0\r\n\r\n", lambda c: b"%x\r\n" % len(c) + c + b"0\r\n\r\n",
    lambda c: b"%x\r\n" % len(c) + c + b"XX0\r\n\r\n", lambda c: b"%x\r\n" % len(c) + c + b"\r\r\n0\r\n\r\n",
    lambda c: b"%x\r\r\n" % len(c) + c + b"\r\n0\r\n\r\n", lambda c: b"\r\n" + chunk(c) + b"0\r\n\r\n",
    lambda c: chunk(c) + b"00\r\n\r\n", lambda c: chunk(c) + b"0;a=b\r\n\r\n", lambda c: chunk(c) + b"0 \r\n\r\n",
    lambda c: chunk(c) + b"0\r\nX: y\r\n\r\n", lambda c: chunk(c) + b"0\r\nContent-Length: 5\r\n\r\n",
    lambda c: chunk(c) + b"0\r\nTransfer-Encoding: chunked\r\n\r\n", lambda c: chunk(c) + b"0\r\nX : y\r\n\r\n",
    lambda c: chunk(c) + b"0\r\n X: y\r\n\r\n", lambda c: chunk(c) + b"0\r\nX\r\n\r\n", lambda c: chunk(c) + b"0\r\nX: y\n\r\n",
    lambda c: chunk(c) + b"0\r\n\x00\r\n\r\n", lambda c: chunk(c) + b"0\r\nX: y\r\n", lambda c: chunk(c) + b"0\r\n",
    lambda c: chunk(c) + b"0", lambda c: chunk(c) + b"", lambda c: chunk(c) + b"\r\n\r\n", lambda c: b"0\r\n\r\n",
]
REQUEST_LINES = [
    "POST {p} HTTP/1.1", "POST  {p} HTTP/1.1", "POST {p}  HTTP/1.1", "POST\t{p}\tHTTP/1.1", "POST {p} HTTP/1.1 ", " POST {p} HTTP/1.1",
    "\nPOST {p} HTTP/1.1", "\r\nPOST {p} HTTP/1.1", "\r\n\r\n\r\nPOST {p} HTTP/1.1", "POST {p} HTTP/1.0", "POST {p} HTTP/0.9",
    "POST {p} HTTP/1.2", "POST {p} HTTP/2.0", "POST {p} HTTP/01.1", "POST {p} HTTP/1.01", "POST {p} HTTP/1.1x", "POST {p} http/1.1",
    "POST {p} HTTP/ 1.1", "POST {p}", "POST {p}\x00 HTTP/1.1", "POST {p}\x0b HTTP/1.1", "POST {p}#x HTTP/1.1", "POST {p}?x y HTTP/1.1",
    "POST {p} x HTTP/1.1", "POST http://localhost{p} HTTP/1.1", "POST http://other{p} HTTP/1.1", "POST https://localhost:1{p} HTTP/1.1",
    "POST //localhost{p} HTTP/1.1", "POST *{p} HTTP/1.1", "POST * HTTP/1.1", "POST localhost:80 HTTP/1.1", "post {p} HTTP/1.1",
    "P\x00ST {p} HTTP/1.1", "PO ST {p} HTTP/1.1", "GET {p} HTTP/1.1", "HEAD {p} HTTP/1.1", "DELETE {p} HTTP/1.1", "OPTIONS {p} HTTP/1.1",
    "OPTIONS * HTTP/1.1", "TRACE {p} HTTP/1.1", "CONNECT localhost:80 HTTP/1.1", "CONNECT {p} HTTP/1.1", "PATCH {p} HTTP/1.1",
    "PRI * HTTP/2.0", "POST {p}/../s HTTP/1.1", "POST {p}/%2e%2e/x HTTP/1.1", "POST {p}%0d%0aX:%20y HTTP/1.1", "POST {p}%00 HTTP/1.1",
    "POST {p}%20HTTP/1.1%0d%0aHost:x HTTP/1.1", "POST {p}\xff HTTP/1.1", "POST {p}\\ HTTP/1.1", "POST {p}%zz HTTP/1.1",
]
OTHERS = [
    b"Host: other", b"Host : localhost", b"Host:", b"Host: localhost, other", b"Host: a b", b"Host: localhost\x00", b" Host: other",
    b"X-Forwarded-Host: other", b"Connection: close", b"Connection: keep-alive", b"Connection: close, keep-alive",
    b"Connection: X-Request-ID", b"Connection: Host", b"Connection: X-Forwarded-For", b"Keep-Alive: timeout=1", b"Upgrade: h2c",
    b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__", b"Connection: Upgrade\r\nUpgrade: websocket",
    b"Expect: 100-continue", b"Expect: 100-continue\r\nExpect: 100-continue", b"Expect: something", b"Expect: 100-Continue ",
    b"Content-Type: multipart/form-data; boundary=x", b"Range: bytes=0-0", b"Trailer: Content-Length", b"X-HTTP-Method-Override: GET",
    b"Proxy-Connection: keep-alive", b"X: \x80", b"X: " + b"y" * 8_100, b"X: " + b"y" * 7_000, b"X", b": x", b"X\x00: y", b"X:y:z",
    b"(): y", b"X: y\r", b"X: \ry", b"\r", b"Max-Forwards: 0", b"Content-Length-: 5", b"\xef\xbb\xbfX: y",
]


def handmade():
    """Name and maker of each attack that somebody has thought of."""
    def keep(name, make):
        return name, make

    for path in PATHS:
        for number, coding in enumerate(CODINGS):
            def chunked(n, path=path, coding=coding):
                return head(n, path, [coding]) + chunk(LOGIN) + b"0\r\n\r\n" + smuggled(n)

            def length_first(n, path=path, coding=coding):
                # CL.TE: whoever believes the length takes all of it for content.
                content = b"0\r\n\r\n" + smuggled(n)
                return head(n, path, [b"Content-Length: %d" % len(content), coding]) + content

            def coding_first(n, path=path, coding=coding):
                # TE.CL: whoever believes the length finds a request in the chunk.
                content = chunk(smuggled(n)) + b"0\r\n\r\n"
                return head(n, path, [coding, b"Content-Length: 4"]) + content
            yield keep(f"{path}, coding {number}, alone", chunked)
            yield keep(f"{path}, coding {number}, length first", length_first)
            yield keep(f"{path}, coding {number}, coding first", coding_first)
        for number, length in enumerate(LENGTHS):
            def measured(n, path=path, length=length):
                size = (len(LOGIN),) * len(re.findall(rb"%[dx]", length))
                return head(n, path, [length % size]) + LOGIN + smuggled(n)
            yield keep(f"{path}, length {number}", measured)
        for number, make in enumerate(CHUNKS):
            def in_chunks(n, path=path, make=make):
                return head(n, path, [b"Transfer-Encoding: chunked"]) + make(LOGIN) + smuggled(n)
            yield keep(f"{path}, chunks {number}", in_chunks)
        for number, line in enumerate(REQUEST_LINES):
            def asked(n, path=path, line=line):
                rest = head(n, path, [b"Content-Length: %d" % len(LOGIN)]).split(b"\r\n", 1)[1]
                return line.replace("{p}", path.format(n=n)).encode("latin-1") + b"\r\n" + rest + LOGIN + smuggled(n)

            def bare(n, path=path, line=line):
                return line.replace("{p}", path.format(n=n)).encode("latin-1") + b"\r\n" + head(n, path, []).split(
                    b"\r\n", 1)[1] + smuggled(n)
            yield keep(f"{path}, line {number}", asked)
            yield keep(f"{path}, line {number}, no content", bare)
        for number, field in enumerate(OTHERS):
            def decorated(n, path=path, field=field):
                return head(n, path, [b"Content-Length: %d" % len(LOGIN), field]) + LOGIN + smuggled(n)
            yield keep(f"{path}, field {number}", decorated)
        for method in ("GET", "HEAD", "DELETE", "OPTIONS", "PUT"):
            def with_content(n, path=path, method=method):
                return head(n, path, [b"Content-Length: %d" % len(smuggled(n))], method) + smuggled(n)

            def with_chunks(n, path=path, method=method):
                return head(n, path, [b"Transfer-Encoding: chunked"], method) + chunk(smuggled(n)) + b"0\r\n\r\n"

            def without(n, path=path, method=method):
                return head(n, path, [], method) + smuggled(n) + smuggled(n)
            yield keep(f"{path}, {method} with content", with_content)
            yield keep(f"{path}, {method} with chunks", with_chunks)
            yield keep(f"{path}, {method}, pipelined", without)
        for version in ("HTTP/1.0", "HTTP/1.1"):
            for end in (b"\n", b"\r", b"\r\r\n", b"\r\n ", b"\x0b\r\n"):
                def ended(n, path=path, version=version, end=end):
                    return head(n, path, [b"Content-Length: %d" % len(LOGIN)], "POST", version, end) + LOGIN + smuggled(n)
                yield keep(f"{path}, {version}, lines end with {end!r}", ended)
    # For each a million bytes of content that is refused before it was read.
    for path in PATHS:
        def large(n, path=path):
            content = smuggled(n) * (1_100_000 // len(smuggled(n)))
            return head(n, path, [b"Content-Length: %d" % len(content)]) + content
        yield keep(f"{path}, too large", large)


def mutated(pick):
    """One more that nobody has thought of: pieces that are put together at random, then damaged in a few places."""
    path = pick.choice(PATHS)
    fields = [pick.choice(pool) for pool in pick.choices((CODINGS, LENGTHS, OTHERS), (3, 3, 1), k=pick.randint(1, 4))]
    make, line = pick.choice(CHUNKS), pick.choice(REQUEST_LINES) if pick.random() < 0.2 else "POST {p} HTTP/1.1"
    is_chunked, seed, damages = pick.random() < 0.6, pick.random(), pick.choice((0, 1, 1, 2, 4))

    def build(n):
        content = make(LOGIN) if is_chunked else LOGIN
        told = [field % ((len(content),) * len(re.findall(rb"%[dx]", field))) if b"%d" in field or b"%x" in field else field
                for field in fields]
        rest = head(n, path, told).split(b"\r\n", 1)[1]
        data = bytearray(line.replace("{p}", path.format(n=n)).encode("latin-1") + b"\r\n" + rest + content)
        places = random.Random(seed)
        # Those of both runs may differ in length, so places are shares of it.
        for _ in range(damages):
            at = int(places.random() * len(data))
            what = places.choice((b"\r", b"\n", b"\r\n", b"\x00", b" ", b"\t", b":", b",", b";", b"0", b"\xff", b"", b""))
            # Not in what tells in the logs whose request it was: the name in the path, and the field with it.
            if any(name.start() - 3 <= at <= name.end() + 2 for name in re.finditer(b"X-Request-ID: |" + n.encode(), data)):
                continue
            if what:
                data[at:at] = what
            elif data:
                del data[at:at + places.randint(1, 3)]
        return bytes(data) + smuggled(n)
    return build


# HTTP/2, which nginx turns into HTTP/1.1.

def literal(name, value):
    """RFC 7541, section 6.2.2: a field that is not indexed, with a new name. Any bytes pass."""
    def text(data):
        return (bytes([len(data)]) if len(data) < 127 else b"\x7f" + integer(len(data) - 127)) + data

    def integer(number):
        data = b""
        while number >= 128:
            data += bytes([number % 128 + 128])
            number //= 128
        return data + bytes([number])
    return b"\x00" + text(name) + text(value)


def frame(kind, flags, stream, payload):
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload


def frames(n, fields, content, method=b"POST", path=None):
    asked = [(b":method", method), (b":scheme", b"https"), (b":authority", b"localhost"),
             (b":path", path or f"/api/v1/a{n}".encode()), *fields]
    block = b"".join(literal(name, value) for name, value in asked)
    data = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(4, 0, 0, b"") + frame(1, 4 | (not content), 1, block)
    # The content, then an ordinary request on the same connection.
    if content:
        data += frame(0, 1, 1, content)
    plain = b"".join(literal(*field) for field in (
        (b":method", b"GET"), (b":scheme", b"https"), (b":authority", b"localhost"), (b":path", f"/api/v1/t{n}".encode())))
    return data + frame(1, 5, 3, plain)


def second_version():
    """Name and maker, of frames."""
    def extra(*fields, **options):
        return lambda n: frames(n, [(name, value.replace(b"%N", str(n).encode())) for name, value in fields],
                                options.get("content", b"") and options["content"](n), options.get("method", b"POST"),
                                options["path"].replace(b"%N", str(n).encode()) if "path" in options else None)

    def hidden(n):
        return b"0\r\n\r\n" + smuggled(n)
    injected = b"x\r\n\r\nGET /api/v1/s%N HTTP/1.1\r\nHost: localhost\r\nX-Request-ID: %N-s\r\n\r\n"
    for coding in (b"chunked", b"Chunked", b" chunked", b"identity", b"chunked, identity", b""):
        yield f"transfer-encoding {coding}", extra((b"transfer-encoding", coding), content=hidden)
        yield f"transfer-encoding {coding} and a length", extra(
            (b"transfer-encoding", coding), (b"content-length", b"5"), content=hidden)
    for length in (b"0", b"1", b"5", b"1000000", b"-1", b"+5", b"5, 5", b"05", b"", b"a", b"18446744073709551616", b"5 ", b"5\r\n"):
        yield f"content-length {length}", extra((b"content-length", length), content=hidden)
        yield f"content-length {length}, no content", extra((b"content-length", length))
    yield "content-length twice", extra((b"content-length", b"0"), (b"content-length", b"5"), content=hidden)
    for end in (b"\r\n", b"\n", b"\r", b"\x00", b"\x0b"):
        for name in (b"x", b"host", b"cookie", b"user-agent", b"authorization"):
            yield f"{name} with {end!r} in its value", extra((name, injected.replace(b"\r\n", end)), content=hidden)
        yield f"{end!r} in a name", extra((b"x" + end + b"transfer-encoding", b"chunked"), content=hidden)
        yield f"{end!r} in the path", extra(path=b"/api/v1/a%N HTTP/1.1" + end + b"X: " + injected.replace(b"\r\n", end))
        yield f"{end!r} in the method", extra(method=b"GET /api/v1/s HTTP/1.1" + end + b"X: y")
        yield f"{end!r} in the authority", extra((b":authority", b"localhost" + end + b"Transfer-Encoding: chunked"), content=hidden)
        yield f"{end!r} in the scheme", extra((b":scheme", b"http" + end + b"X: y"), content=hidden)
    for name in (b"Transfer-Encoding", b"transfer-encoding:", b"transfer-encoding ", b"transfer_encoding", b":x", b"", b" x", b"x:y",
                 b"connection", b"keep-alive", b"upgrade", b"proxy-connection", b"te", b"x\xff", b":path", b":method", b"host"):
        yield f"the name {name}", extra((name, b"chunked"), content=hidden)
    for path in (b"", b"*", b"a%N", b"http://other/api/v1/a%N", b"//other/api/v1/a%N", b"/api/v1/a%N x", b"/api/v1/a%N HTTP/1.1",
                 b"/api/v1/a%N?x y", b"/api/v1/a%N#x", b"/api/v1/a%N\xff", b"/api/v1/a%N%0d%0ax"):
        yield f"the path {path}", extra(path=path, content=hidden)
    for method in (b"", b"GET ", b"get", b"G T", b"CONNECT", b"PRI", b"HEAD", b"GET\x00"):
        yield f"the method {method}", extra(method=method, content=hidden)


# How it is sent.

async def exchange(open_connection, data, patience=0.4):
    """Everything that comes back until it ends, or nothing has come for a while."""
    received = b""
    reader, writer = await open_connection()
    try:
        with contextlib.suppress(OSError):
            writer.write(data)
            # What is answered before all was read does not take the rest.
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(writer.drain(), 5)
            while True:
                piece = await asyncio.wait_for(reader.read(65_536), patience)
                if not piece:
                    break
                received += piece
    except asyncio.TimeoutError:
        pass
    finally:
        writer.close()
    return received


async def visit(report, port, number, is_over, seen):
    """Somebody else: asks for pages that only they ask for, and is told of them and of nothing else."""
    reader = writer = None
    count = 0
    while not is_over.is_set():
        count += 1
        path = f"{'/api/v1' if count % 3 else ''}/v{number}x{count}"
        if writer is None:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
        body = LOGIN if count % 2 else b""
        asked = f"{'POST' if body else 'GET'} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n\r\n"
        try:
            writer.write(asked.encode() + body)
            answer = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10)
            length = re.search(rb"\r\nContent-Length: (\d+)", answer)
            if length:
                await asyncio.wait_for(reader.readexactly(int(length[1])), 10)
            else:
                await asyncio.wait_for(reader.readuntil(b"0\r\n\r\n"), 10)
            # A POST to a page that is not there is one without the code of a form.
            report.expect(answer[9:12] in (b"404", b"403", b"405"), f"a visitor asks for {path}", answer)
            identifier = ANSWER.search(answer)
            seen.append((path, identifier[1].decode() if identifier else None))
            if b"\r\nConnection: close" in answer:
                writer.close()
                writer = None
        except (OSError, asyncio.IncompleteReadError, asyncio.TimeoutError) as failure:
            report.expect(False, f"a visitor asks for {path}: no answer", failure)
            writer.close()
            writer = None
        # At the pace of people: visitors are to be there, and not to be the load.
        await asyncio.sleep(0.01)
    if writer:
        writer.close()


async def attack_all(makers, letter, connect, patience=0.4):
    """What came back for each, by its name in paths and ids."""
    results, waiting = {}, list(enumerate(makers))[::-1]

    async def work():
        while waiting:
            number, (_, make) = waiting.pop()
            n = f"{letter}{number}z"
            results[n] = await exchange(connect, make(n), patience)
    await asyncio.gather(*(work() for _ in range(WORKERS)))
    return results


# What is made of it.

def read_nginx(text):
    return [found.groupdict() for found in map(NGINX_LINE.match, text.splitlines()) if found]


def read_program(text):
    return [found.groupdict() for found in map(PROGRAM_LINE.search, text.splitlines()) if found]


def by_id(lines):
    found = {}
    for line in lines:
        found.setdefault(line["id"], []).append(line)
    return found


def disagreements(nginx, programs):
    """Sentences, of what one side knows and the other does not."""
    told, passed = [], {}
    for line in nginx:
        attempts = [address for address in re.split(r"[ ,:]+(?=unix)", line["upstream"]) if address not in ("", "-")]
        if attempts:
            passed[line["id"]] = (line, len(attempts))
    noted = by_id(line for line in programs if line["method"] != UNREAD)
    for identifier, lines in noted.items():
        if identifier not in passed:
            told.append(f"{lines[0]['service']} served what nginx has not passed on: {lines[0]}")
    # What a program can not read it refuses, closes the connection, and knows no id of nginx' for it: as many as nginx saw.
    refused = {"api": 0, "web": 0}
    for identifier, (line, attempts) in passed.items():
        lines = noted.get(identifier, [])
        if not lines and attempts == 1 and line["upstream_status"] in ("400", "414", "431", "501", "505"):
            refused["api" if "/api-" in line["upstream"] else "web"] += 1
        elif len(lines) != attempts:
            told.append(f"nginx passed on {attempts} and {len(lines)} came: {line}")
        elif any(found["method"] != line["method"] for found in lines):
            told.append(f"another method: {line} and {lines}")
        elif lines[-1]["status"] != line["upstream_status"].split(", ")[-1].split(" : ")[-1]:
            told.append(f"another status: {line} and {lines}")
    for service, count in refused.items():
        unread = sum(line["method"] == UNREAD and line["service"] == service for line in programs)
        if unread != count:
            told.append(f"{service} could not read {unread} requests, and nginx has passed on {count} that it says nothing of")
    return told


def whose(path, n):
    """Which of the requests of an attack it is: its own, the smuggled one, or the one that follows. None: somebody else's."""
    found = re.search(r"/(?:api/v1/)?([ast])(\w+z)", path)
    if found:
        return found[1] if found[2] == n else None
    return None if re.search(r"/v\d+x\d+", path) else "a"


def compare(report, nginx, programs, through, direct, names):
    """Whose requests were answered on each connection, and whether the API alone takes the same for requests."""
    lines, noted = by_id(nginx), {}
    # The answer to what could not be read has an id of the program's own.
    unread = {line["id"] for line in programs if line["method"] == UNREAD}
    for line in programs:
        found = re.fullmatch(r"(d\d+z)-(\w)", line["id"])
        if found and line["service"] == "api":
            noted.setdefault(found[1], []).append(found[2])
    sooner = 0
    for n, received in through.items():
        told = []
        for identifier in ANSWER.findall(received):
            if identifier.decode() in unread:
                continue
            line = lines.get(identifier.decode(), [None])[0]
            if not report.expect(line is not None, f"{names[n]}: an answer to no request", received[:300]):
                continue
            kind = whose(line["path"], n)
            report.expect(kind is not None, f"{names[n]}: an answer to somebody else's request", line)
            if line["upstream"] not in ("", "-"):
                told.append(kind)
        if n.replace("n", "d") not in direct:
            continue
        alone = noted.get(n.replace("n", "d"), [])
        shorter, longer = sorted((told, alone), key=len)
        sooner += told != alone
        report.expect(longer[:len(shorter)] == shorter, f"{names[n]}: nginx takes it for {told}, the API alone for {alone}")
    return sooner


async def work(report, installation, sockets):
    pick = random.Random(SEED)
    makers = list(handmade()) + [(f"mutation {number}", mutated(pick)) for number in range(COUNT)]
    h2 = list(second_version())
    names = {f"n{number}z": name for number, (name, _) in enumerate(makers)}
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_alpn_protocols(["h2"])
    is_over, seen = asyncio.Event(), []
    # While a stack starts nginx has nobody to ask.
    begun = len(read_nginx(installation.log("nginx")))
    visitors = [asyncio.create_task(visit(report, installation.port, number, is_over, seen)) for number in range(VISITORS)]
    through = await attack_all(makers, "n", lambda: asyncio.open_connection("127.0.0.1", installation.port))
    frames_through = await attack_all(
        h2, "h", lambda: asyncio.open_connection("127.0.0.1", installation.tls_port, ssl=context))
    report.expect(sum(b"\x00\x00" in data for data in frames_through.values()) > len(h2) * 0.9, "HTTP/2 is spoken")
    # A few more visits, which would be given what was left over.
    await asyncio.sleep(0.3)
    is_over.set()
    await asyncio.gather(*visitors)
    # Everything has an answer or was given up. Both write their logs a moment later.
    await asyncio.sleep(1)
    nginx = read_nginx(installation.log("nginx"))[begun:]
    programs = read_program(installation.log("api-1")) + read_program(installation.log("web-1"))
    direct = await attack_all(makers, "d", lambda: asyncio.open_unix_connection(sockets / "api-1"), 0.15)
    # As above.
    await asyncio.sleep(1)
    alone = [line for line in read_program(installation.log("api-1")) if line["id"].startswith("d")]
    return {"names": names, "nginx": nginx, "programs": programs, "through": through, "direct": direct, "alone": alone,
            "seen": seen, "h2": len(h2), "unreadable": sum(line["method"] == UNREAD for line in programs)}


def main():
    report = Attack("smuggling", "Request smuggling", COUNT=COUNT, SEED=SEED)
    with stack(report, **UNLIMITED) as installation:
        sockets = installation.folder / ".run/sockets"
        found = asyncio.run(work(report, installation, sockets))
        for sentence in disagreements(found["nginx"], found["programs"]):
            report.expect(False, sentence)
        report.count += len(found["nginx"])
        lines = by_id(found["nginx"])
        for path, identifier in found["seen"]:
            line = lines.get(identifier, [None])[0]
            report.expect(line is not None and line["path"] == path, f"the answer to a visitor's {path}", line)
        sooner = compare(report, found["nginx"], found["programs"] + found["alone"], found["through"], found["direct"], found["names"])
        report.expect(len(found["seen"]) > 100, "visitors came", len(found["seen"]))
        # What was smuggled would be seen: one request past nginx is found.
        asked = b"GET /api/v1/control HTTP/1.1\r\nHost: localhost\r\nX-Request-ID: control\r\n\r\n"
        asyncio.run(exchange(lambda: asyncio.open_unix_connection(sockets / "api-1"), asked))
        # The log is written a moment after the answer.
        time.sleep(0.5)
        control = [line for line in read_program(installation.log("api-1")) if line["id"] == "control"]
        if len(disagreements(found["nginx"], found["programs"] + control)) != len(disagreements(
                found["nginx"], found["programs"])) + 1:
            raise Failure("a request past nginx was not noticed: this test can not fail")
        if os.environ.get("KEEP_LOGS"):
            for part in ("nginx", "api-1", "web-1"):
                with open(os.path.join(os.environ["KEEP_LOGS"], f"{part}.log"), "w", encoding="utf-8") as file:
                    file.write(installation.log(part))
        passed = sum(line["upstream"] not in ("", "-") for line in found["nginx"])
    attacks = len(found["through"])
    report.tried = attacks + found["h2"] + len(found["direct"])
    report.figures = {
        "by HTTP/1.1": attacks, "by HTTP/2": found["h2"], "to the API alone": len(found["direct"]),
        "requests nginx has read": len(found["nginx"]), "of them passed on": passed,
        "of these refused behind it as malformed": found["unreadable"], "requests of visitors": len(found["seen"]),
        "refused sooner by one than by the other": sooner}
    return report.conclude(
        f"{attacks:,} inputs by HTTP/1.1 and {found['h2']} by HTTP/2 among {len(found['seen']):,} requests of visitors: nginx "
        f"has passed on {passed:,} requests. (SEED={SEED})")


if __name__ == "__main__":
    run(main)
