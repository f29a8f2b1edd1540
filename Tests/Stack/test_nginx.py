"""The configuration in nginx/, under a real nginx, before upstreams that note what reaches them."""

import base64
import gzip
import hashlib
import re
import subprocess
import time
import unittest
from concurrent.futures import ThreadPoolExecutor

from support import REPOSITORY, Nginx, Upstream, free_port, request

FORGED = {
    "X-Forwarded-For": "203.0.113.9",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Port": "1",
    "X-Forwarded-Prefix": "/evil",
    "X-Forwarded-Server": "evil",
    "X-Real-IP": "203.0.113.9",
    "Forwarded": "for=203.0.113.9",
    "X-Request-ID": "forged",
    "X-Auth-User-Id": "forged",
    "X-Auth-Username": "root",
    "X-Auth-Roles": "admin",
    "Proxy": "http://evil.example",
}
# Timeouts that a test can wait for, and no limits in the way of those that are not about them.
QUICK = [
    ("proxy.conf", "proxy_read_timeout 30s", "proxy_read_timeout 300ms"),
    ("limits.conf", "rate=100r/s", "rate=10000r/s"),
    ("limits.conf", "rate=10r/s", "rate=10000r/s"),
]


class RoutingTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.api = Upstream(lambda handler: (200, {"Content-Type": "application/json"}, b'{"from":"api"}' + b" " * 2000))
        cls.web = Upstream(lambda handler: (200, {"Content-Type": "text/html", "X-Frame-Options": "DENY"}, b"web"))
        cls.nginx = Nginx([cls.api.port], [cls.web.port], QUICK)

    @classmethod
    def tearDownClass(cls):
        for part in [cls.nginx, cls.api, cls.web]:
            part.close()

    def test_every_path_leads_where_it_belongs(self):
        for path in ["/api/v1/hello", "/api/", "/.well-known/jwks.json", "/health", "/health/ready", "/docs"]:
            self.assertEqual(self.nginx.get(path).json, {"from": "api"}, path)
        for path in ["/", "/login", "/healthy", "/documents", "/apis", "/metrics"]:
            self.assertEqual(self.nginx.get(path).text, "web", path)

    def test_the_address_reaches_the_programs_as_it_was_sent(self):
        self.nginx.get("/api/v1/users?search=a%2Fb&page=1")
        self.assertEqual(self.api.seen[-1][1], "/api/v1/users?search=a%2Fb&page=1")

    def test_forwarding_fields_of_a_client_are_never_passed(self):
        for upstream, path in [(self.api, "/api/v1/hello"), (self.web, "/")]:
            self.nginx.get(path, fields=FORGED)
            fields = upstream.seen[-1][2]
            self.assertEqual(fields.get_all("X-Forwarded-For"), ["127.0.0.1"])
            self.assertEqual(fields.get_all("X-Forwarded-Proto"), ["http"])
            self.assertRegex(fields["X-Request-ID"], "^[0-9a-f]{32}$")
            self.assertEqual(fields["Host"], f"127.0.0.1:{self.nginx.port}")
            for name in FORGED.keys() - {"X-Forwarded-For", "X-Forwarded-Proto", "X-Request-ID"}:
                self.assertNotIn(name, fields, path)

    def test_https_is_told_to_the_programs_and_speaks_http_2(self):
        self.assertEqual(request(self.nginx.tls_port, "/", tls=True).text, "web")
        self.assertEqual(self.web.seen[-1][2].get_all("X-Forwarded-Proto"), ["https"])
        version = subprocess.run(
            ["curl", "-sk", "-o", "/dev/null", "-w", "%{http_version}", f"https://127.0.0.1:{self.nginx.tls_port}/"],
            check=True, capture_output=True, text=True,
        ).stdout
        self.assertEqual(version, "2")

    def test_plain_http_on_the_port_for_https_is_sent_to_https(self):
        answer = request(self.nginx.tls_port, "/account?a=b")
        self.assertEqual(answer.status, 301)
        self.assertEqual(answer["Location"], f"https://127.0.0.1:{self.nginx.tls_port}/account?a=b")

    def test_with_an_address_by_https_http_leads_there(self):
        changes = QUICK + [("stack/settings.conf", '$https_origin ""', '$https_origin "https://accounts.example.com:8443"')]
        apps = f"""
            location /pages/ {{ include snippets/protect-pages.conf; proxy_pass http://127.0.0.1:{self.web.port}; }}
        """
        nginx = Nginx([self.api.port], [self.web.port], changes, apps)
        try:
            seen = len(self.api.seen) + len(self.web.seen)
            for path in ["/", "/login?next=/account", "/api/v1/auth/login", "/docs", "/static/site.css?v=1", "/pages/a%2Fb",
                         "/healthy", "/.well-known/jwks.json", "/static/missing"]:
                # Wherever the client says it is, and however it says it came.
                answer = nginx.get(path, method="POST", body={"password": "x"}, fields={**FORGED, "Host": "evil.example"})
                self.assertEqual((answer.status, answer["Location"]), (308, f"https://accounts.example.com:8443{path}"))
            self.assertEqual(len(self.api.seen) + len(self.web.seen), seen)
            # Who watches is answered, and so is who proves whose host this is.
            for path in ["/health", "/health/ready", "/.well-known/acme-challenge/a"]:
                self.assertEqual(nginx.get(path).json, {"from": "api"}, path)
            # What can not be read is not sent anywhere.
            self.assertEqual(nginx.get("/", fields={"Content-Length": "two"}).status, 400)
            self.assertEqual(request(nginx.tls_port, "/", tls=True).text, "web")
            self.assertEqual(request(nginx.tls_port, "/pages/", tls=True).status, 200)
        finally:
            nginx.close()

    def test_a_front_proxy_that_speaks_https_is_not_sent_there_again(self):
        changes = QUICK + [
            ("stack/settings.conf", '$https_origin ""', '$https_origin "https://accounts.example.com"'),
            ("proxies.conf", "# 10.0.0.0/8 1;", "127.0.0.1 1;"),
        ]
        nginx = Nginx([self.api.port], [self.web.port], changes)
        try:
            self.assertEqual(nginx.get("/", fields={"X-Forwarded-Proto": "https"}).text, "web")
            self.assertEqual(nginx.get("/", fields={"X-Forwarded-Proto": "http"}).status, 308)
        finally:
            nginx.close()

    def test_connections_to_the_programs_are_kept(self):
        peers = set()
        web = Upstream(lambda handler: (peers.add(handler.client_address), (200, {}, b""))[1])
        nginx = Nginx([web.port], [web.port], QUICK + [("nginx.conf", "worker_processes auto", "worker_processes 1")])
        try:
            for _ in range(10):
                nginx.get("/")
            self.assertEqual(len(peers), 1)
        finally:
            nginx.close()
            web.close()

    def test_static_files_come_from_disk_and_are_cached_by_their_version(self):
        seen = len(self.web.seen)
        answer = self.nginx.get("/static/site.css?v=3fa9")
        self.assertEqual((answer.status, answer["Content-Type"]), (200, "text/css"))
        self.assertEqual(answer["Cache-Control"], "public, max-age=31536000, immutable")
        self.assertEqual(self.nginx.get("/static/site.css")["Cache-Control"], "no-cache")
        missing = self.nginx.get("/static/missing.css?v=3fa9")
        self.assertEqual((missing.status, missing["Cache-Control"]), (404, "no-store"))
        self.assertEqual(self.nginx.get("/static/").status, 404)
        self.assertEqual(self.nginx.get("/static/../../nginx.conf").status, 400)
        self.assertEqual(self.nginx.get("/static/..%2f..%2fdevelopment.key").status, 400)
        refused = self.nginx.get("/static/site.css", method="POST")
        self.assertEqual((refused.status, refused["Allow"]), (405, "GET, HEAD"))
        self.assertEqual(len(self.web.seen), seen)

    def test_what_is_refused_by_its_method_is_told_which_would_do(self):
        for path in ["/", "/api/v1/hello"]:
            refused = self.nginx.get(path, method="TRACE")
            self.assertEqual(refused.status, 405)
            self.assertEqual(refused["Allow"], "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS")
        self.assertIsNone(self.nginx.get("/api/v1/hello")["Allow"])

    def test_text_is_compressed_for_who_can_read_it(self):
        for path in ["/static/site.css", "/api/v1/openapi.json"]:
            answer = self.nginx.get(path, fields={"Accept-Encoding": "gzip"})
            self.assertEqual(answer["Content-Encoding"], "gzip", path)
            self.assertIn("Accept-Encoding", answer["Vary"])
            self.assertEqual(gzip.decompress(answer.body), self.nginx.get(path).body)

    def test_security_fields_stand_on_every_answer_once(self):
        self.assertEqual(self.nginx.get("/").all("X-Frame-Options"), ["DENY"])
        for path in ["/static/site.css", "/static/missing"]:
            for tls, port in [(False, self.nginx.port), (True, self.nginx.tls_port)]:
                answer = request(port, path, tls=tls)
                for name in ["X-Frame-Options", "X-Content-Type-Options", "Content-Security-Policy", "Referrer-Policy"]:
                    self.assertEqual(len(answer.all(name)), 1, f"{name} of {path}")
                self.assertEqual(len(answer.all("Strict-Transport-Security")), 1 if tls else 0)

    def test_no_answer_tells_a_version(self):
        for path in ["/", "/static/missing", "/static/..%2f..%2fx"]:
            answer = self.nginx.get(path)
            self.assertEqual(answer["Server"], "nginx")
            self.assertNotRegex(answer.text, "nginx/")


class TroubleTests(unittest.TestCase):
    def assertIsEnvelope(self, answer, status, code):
        self.assertEqual((answer.status, answer["Content-Type"]), (status, "application/json"))
        error = answer.json["error"]
        self.assertEqual(set(error), {"code", "message", "details", "request_id"})
        self.assertEqual(error["code"], code)
        self.assertEqual(error["request_id"], answer["X-Request-ID"])

    def assertIsPage(self, answer, status):
        self.assertEqual((answer.status, answer["Content-Type"]), (status, "text/html; charset=utf-8"))
        self.assertIn("· Gatehouse</title>", answer.text)
        self.assertIn(answer["X-Request-ID"], answer.text)
        style = re.search("<style>(.*?)</style>", answer.text, re.DOTALL).group(1)
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        self.assertIn(f"style-src 'sha256-{digest}'", answer["Content-Security-Policy"])

    def test_programs_that_are_away_leave_a_page_or_an_envelope(self):
        nginx = Nginx([free_port()], [free_port()], QUICK)
        try:
            page, envelope = nginx.get("/account"), nginx.get("/api/v1/hello")
            self.assertIsPage(page, 502)
            self.assertIsEnvelope(envelope, 502, "SERVICE_UNAVAILABLE")
            self.assertEqual((page["Retry-After"], envelope["Retry-After"]), ("1", "1"))
            self.assertIsEnvelope(nginx.get("/health"), 502, "SERVICE_UNAVAILABLE")
        finally:
            nginx.close()

    def test_programs_that_do_not_answer_leave_a_page_or_an_envelope(self):
        silent = Upstream(lambda handler: (time.sleep(0.6), (200, {}, b""))[1])
        nginx = Nginx([silent.port], [silent.port], QUICK)
        try:
            self.assertIsPage(nginx.get("/"), 504)
            self.assertIsEnvelope(nginx.get("/api/v1/hello"), 504, "SERVICE_UNAVAILABLE")
        finally:
            nginx.close()
            silent.close()

    def test_what_nginx_refuses_itself_is_a_page_or_an_envelope(self):
        upstream = Upstream()
        nginx = Nginx([upstream.port], [upstream.port], QUICK)
        try:
            large = b"x" * 1_100_000
            self.assertIsEnvelope(nginx.get("/api/v1/users", method="POST", body=large), 413, "VALIDATION_ERROR")
            self.assertIsPage(nginx.get("/login", method="POST", body=large), 413)
            self.assertIsPage(nginx.get("/" + "x" * 9_000), 414)
            self.assertIsPage(nginx.get("/", fields={"X-Large": "x" * 9_000}), 400)
            self.assertIsPage(nginx.get("/", fields={"Content-Length": "two"}), 400)
            self.assertIsPage(nginx.get("/static/missing"), 404)
            self.assertEqual(upstream.seen, [])
        finally:
            nginx.close()
            upstream.close()

    def test_errors_of_the_programs_pass_unchanged(self):
        upstream = Upstream(lambda handler: (int(handler.path.split("/")[-1]), {"X-Own": "yes"}, b"own words"))
        nginx = Nginx([upstream.port], [upstream.port], QUICK)
        try:
            for status in [400, 401, 403, 404, 409, 413, 422, 429, 500, 502, 503, 504]:
                for path in [f"/api/v1/{status}", f"/{status}"]:
                    answer = nginx.get(path)
                    self.assertEqual((answer.status, answer["X-Own"], answer.text), (status, "yes", "own words"))
        finally:
            nginx.close()
            upstream.close()


class SeveralInstancesTests(unittest.TestCase):
    def setUp(self):
        self.parts = []

    def tearDown(self):
        for part in reversed(self.parts):
            part.close()

    def add(self, part):
        self.parts.append(part)
        return part

    def test_what_may_be_repeated_is_given_to_another_instance(self):
        broken = self.add(Upstream(lambda handler: (None, {}, b"")))
        sound = self.add(Upstream())
        nginx = self.add(Nginx([broken.port, sound.port], [sound.port], QUICK))
        answers = [nginx.get("/api/v1/hello").status for _ in range(20)]
        self.assertEqual(answers, [200] * 20)
        self.assertGreater(len(broken.seen), 0)

    def test_what_may_have_had_an_effect_is_not_repeated(self):
        broken = self.add(Upstream(lambda handler: (None, {}, b"")))
        sound = self.add(Upstream())
        nginx = self.add(Nginx([broken.port, sound.port], [sound.port], QUICK))
        answers = [nginx.get("/api/v1/hello", method="POST", body={}).status for _ in range(6)]
        self.assertEqual(len(broken.seen) + len(sound.seen), 6)
        self.assertEqual(answers.count(502), len(broken.seen))
        self.assertGreater(len(broken.seen), 0)

    def test_an_instance_that_is_gone_costs_no_request_of_any_kind(self):
        sound = self.add(Upstream())
        nginx = self.add(Nginx([free_port(), sound.port], [sound.port], QUICK))
        for method in ["GET", "POST", "PATCH", "DELETE"]:
            answers = [nginx.get("/api/v1/hello", method=method).status for _ in range(6)]
            self.assertEqual(answers, [200] * 6, method)


class LimitTests(unittest.TestCase):
    def test_a_flood_from_one_address_is_refused_before_the_programs(self):
        upstream = Upstream()
        nginx = Nginx([upstream.port], [upstream.port])
        try:
            with ThreadPoolExecutor(16) as pool:
                answers = list(pool.map(lambda _: nginx.get("/api/v1/auth/login", method="POST"), range(120)))
            refused = [answer for answer in answers if answer.status == 429]
            # 41 at once, and ten a second while the others arrive.
            self.assertEqual(len(upstream.seen), 120 - len(refused))
            self.assertGreater(len(refused), 30)
            self.assertEqual(refused[0].json["error"]["code"], "RATE_LIMIT_EXCEEDED")
            self.assertEqual(refused[0]["Retry-After"], "1")
            # Others than credentials are not touched by it.
            self.assertEqual(nginx.get("/api/v1/hello").status, 200)
        finally:
            nginx.close()
            upstream.close()


class FrontProxyTests(unittest.TestCase):
    def test_only_a_named_front_proxy_may_say_who_the_client_is(self):
        upstream = Upstream()
        changes = QUICK + [
            ("proxies.conf", "# set_real_ip_from 10.0.0.0/8;", "set_real_ip_from 127.0.0.1;"),
            ("proxies.conf", "# 10.0.0.0/8 1;", "127.0.0.1 1;"),
        ]
        nginx = Nginx([upstream.port], [upstream.port], changes)
        try:
            # What the client wrote stands left of what the front proxy has added.
            nginx.get("/", fields={"X-Forwarded-For": "203.0.113.9, 198.51.100.7", "X-Forwarded-Proto": "https"})
            fields = upstream.seen[-1][2]
            self.assertEqual(fields.get_all("X-Forwarded-For"), ["198.51.100.7"])
            self.assertEqual(fields.get_all("X-Forwarded-Proto"), ["https"])
        finally:
            nginx.close()
            upstream.close()


class ProtectedApplicationTests(unittest.TestCase):
    """The snippets: an application of somebody else's, behind Gatehouse."""

    @classmethod
    def setUpClass(cls):
        cls.signed_in = True

        def verify(handler):
            cls.asked = handler.headers
            if not cls.signed_in:
                return 401, {"WWW-Authenticate": "Bearer"}, b"{}"
            identity = {"X-Auth-User-Id": "0192", "X-Auth-Username": "ada", "X-Auth-Roles": "user"}
            return 204, identity, b""

        cls.api, cls.web, cls.app = Upstream(verify), Upstream(verify), Upstream()
        apps = f"""
            location /pages/ {{ include snippets/protect-pages.conf; proxy_pass http://127.0.0.1:{cls.app.port}; }}
            location /programs/ {{ include snippets/protect-api.conf; proxy_pass http://127.0.0.1:{cls.app.port}; }}
        """
        cls.nginx = Nginx([cls.api.port], [cls.web.port], QUICK, apps)

    @classmethod
    def tearDownClass(cls):
        for part in [cls.nginx, cls.api, cls.web, cls.app]:
            part.close()

    def test_who_is_signed_in_passes_with_their_identity(self):
        type(self).signed_in = True
        for path in ["/pages/a?b=c", "/programs/a?b=c"]:
            answer = self.nginx.get(path, method="POST", body={"a": 1}, fields=FORGED)
            self.assertEqual((answer.status, answer.text), (200, "upstream"))
            method, address, fields = self.app.seen[-1]
            self.assertEqual((method, address), ("POST", path))
            self.assertEqual(fields.get_all("X-Auth-User-Id"), ["0192"])
            self.assertEqual(fields.get_all("X-Auth-Username"), ["ada"])
            self.assertEqual(fields.get_all("X-Auth-Roles"), ["user"])
            self.assertEqual(fields.get_all("X-Forwarded-For"), ["127.0.0.1"])

    def test_each_way_is_asked_about_with_its_own_proof(self):
        type(self).signed_in = True
        proof = {"Authorization": "Bearer abc", "Cookie": "gatehouse=secret"}
        self.nginx.get("/programs/a", fields=proof)
        self.assertEqual((self.api.seen[-1][:2]), ("GET", "/api/v1/auth/verify"))
        self.assertEqual((self.asked["Authorization"], self.asked["Cookie"]), ("Bearer abc", None))
        self.nginx.get("/pages/a", fields=proof)
        self.assertEqual((self.web.seen[-1][:2]), ("GET", "/auth/verify"))
        self.assertEqual((self.asked["Authorization"], self.asked["Cookie"]), (None, "gatehouse=secret"))

    def test_the_application_does_not_get_our_cookies(self):
        type(self).signed_in = True
        names = re.findall(r'case \w+ = "(gatehouse[\w-]*)"', (REPOSITORY / "Sources/Web/Sessions/CookieSettings.swift").read_text())
        self.assertEqual(len(names), 4)
        for sent, passed in [
            ("gatehouse=secret", ""),
            ("__Host-gatehouse=secret", ""),
            ("a=1; __Host-gatehouse=secret; b=2", "a=1; b=2"),
            ("gatehouse=secret; b=2", "b=2"),
            ("a=1; gatehouse=secret; __Host-gatehouse=secret", "a=1;"),
            ("gatehouse-theme=dark; mygatehouse=1", "gatehouse-theme=dark; mygatehouse=1"),
            ("gatehouse-visitor=v; a=1; __Host-gatehouse-device=d; __Host-gatehouse=secret; b=2", "a=1; b=2"),
            ("; ".join(prefix + name + "=1" for prefix in ("", "__Host-") for name in names) + "; a=1", "a=1"),
            # More than anybody has by right, and what is written so that only some read it as ours.
            ("gatehouse=1; a=1; gatehouse=2; a=2; gatehouse=3; a=3; gatehouse-device=d; a=4; gatehouse=secret", ""),
            ("a=1; gatehouse-device\t=secret", ""),
            ("; ".join(["gatehouse=secret", "__Host-gatehouse=secret"] * 20), ""),
            ("a=1; gatehouse =secret", ""),
            ("a=1;\tgatehouse=secret", ""),
            ("a=1 ; \t __Host-gatehouse\t=secret", ""),
            ("a=1, gatehouse=secret", ""),
        ]:
            self.nginx.get("/pages/a", fields={"Cookie": sent})
            self.assertEqual((self.app.seen[-1][2]["Cookie"] or "").strip(), passed, sent)

    def test_who_is_not_signed_in_is_sent_to_the_sign_in_and_back(self):
        type(self).signed_in = False
        seen = len(self.app.seen)
        for path, back in [
            ("/pages/", "/pages/"),
            ("/pages/report?year=2026", "/pages/report?year=2026"),
            ("/pages/report?a=1&b=2", "/pages/report"),
            ("/pages/%0d%0aSet-Cookie:%20a=b", "/"),
        ]:
            # By a name and a port of which nginx knows nothing, as behind a container's published port.
            answer = self.nginx.get(path, fields={**FORGED, "Host": "accounts.example.com:8443"})
            self.assertEqual(answer.status, 303, path)
            self.assertEqual(answer["Location"], f"/login?next={back}")
        self.assertEqual(len(self.app.seen), seen)

    def test_a_program_that_is_not_signed_in_gets_an_envelope(self):
        type(self).signed_in = False
        seen = len(self.app.seen)
        answer = self.nginx.get("/programs/a", fields=FORGED)
        self.assertEqual((answer.status, answer["Content-Type"]), (401, "application/json"))
        self.assertEqual(answer.json["error"]["code"], "AUTHENTICATION_ERROR")
        self.assertEqual(answer.all("WWW-Authenticate"), ["Bearer"])
        self.assertEqual(len(self.app.seen), seen)

    def test_the_questions_can_not_be_asked_from_outside(self):
        type(self).signed_in = True
        for path in ["/_gatehouse/token", "/_gatehouse/session"]:
            self.assertEqual(self.nginx.get(path).status, 404)

    def test_when_nobody_can_be_asked_nobody_passes(self):
        seen = len(self.app.seen)
        nginx = Nginx([free_port()], [free_port()], QUICK, f"""
            location /pages/ {{ include snippets/protect-pages.conf; proxy_pass http://127.0.0.1:{self.app.port}; }}
            location /programs/ {{ include snippets/protect-api.conf; proxy_pass http://127.0.0.1:{self.app.port}; }}
        """)
        try:
            self.assertEqual([nginx.get("/pages/").status, nginx.get("/programs/").status], [500, 500])
            self.assertEqual(len(self.app.seen), seen)
        finally:
            nginx.close()


if __name__ == "__main__":
    unittest.main()
