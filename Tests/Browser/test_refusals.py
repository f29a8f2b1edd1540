"""What somebody else tries with a person's browser: forms and addresses of theirs, cookies they planted, the way back."""

import contextlib
import unittest
import urllib.parse

from playwright.sync_api import Error

from browser import PASSWORD, BrowserTestCase, Upstream, wait_until


class OtherSite(Upstream):
    """A site of somebody else, whose pages are what the test says."""

    def __init__(self):
        self.page = ""
        super().__init__(lambda handler: (200, {"Content-Type": "text/html; charset=utf-8"}, self.page.encode()))

    def origin(self, host):
        return f"http://{host}:{self.port}"


class RefusalTestCase(BrowserTestCase):
    @classmethod
    def setUpClass(cls):
        cls.other = OtherSite()

    @classmethod
    def tearDownClass(cls):
        cls.other.close()

    def setUp(self):
        super().setUp()
        # A neighbour on another port is of the same site to the browser, and so gets its cookies sent.
        self.neighbour, self.stranger = self.other.origin("127.0.0.1"), self.other.origin("localhost")
        self.elsewhere |= {self.neighbour, self.stranger}


class FormTests(RefusalTestCase):
    def test_a_form_without_its_token_is_refused(self):
        visitor = self.person().open("/account")
        self.tokens(visitor).evaluate_all("fields => fields.forEach(field => field.remove())")
        self.assertRefused(visitor.type("E-mail", "stolen@example.com").press("Save profile"))
        self.assertEqual(visitor.open("/account").value("E-mail"), f"{visitor.name}@example.com")

    def test_a_form_with_the_token_of_another_session_is_refused(self):
        attacker, visitor = self.person().open("/account"), self.person().open("/account")
        self.put_token(visitor, self.token(attacker))
        self.assertRefused(visitor.type("E-mail", "stolen@example.com").press("Save profile"))
        self.assertEqual(visitor.open("/account").value("E-mail"), f"{visitor.name}@example.com")

    def test_a_form_with_a_token_from_before_the_sign_in_is_refused(self):
        visitor = self.visitor().open("/login")
        token = self.token(visitor)
        visitor.sign_in(self.stack.user()["username"]).open("/account")
        self.put_token(visitor, token)
        self.assertRefused(visitor.sign_out())
        self.assertEqual(visitor.open("/").status, 200)

    def test_a_sign_in_without_its_token_is_refused(self):
        user = self.stack.user()
        visitor = self.visitor().open("/login")
        self.put_token(visitor, "")
        visitor.type("Username or e-mail", user["username"]).type("Password", PASSWORD)
        self.assertRefused(visitor.press("Sign in"))
        self.assertIsNone(visitor.cookie())

    def test_a_form_of_another_origin_is_refused_even_with_the_right_token(self):
        visitor = self.person().open("/account")
        token = self.token(visitor)
        forms = {
            "/account": {"username": visitor.name, "email": "stolen@example.com"},
            "/account/sessions/end-all": {},
            "/logout": {},
        }
        for origin in [self.neighbour, self.stranger]:
            for action, fields in forms.items():
                with self.subTest(f"{action} from {origin}"):
                    self.other.page = self.form(action, {**fields, "csrf_token": token})
                    self.assertRefused(visitor.open(f"{origin}/").press("Win"))
        self.assertEqual(visitor.open("/account").value("E-mail"), f"{visitor.name}@example.com")

    def test_nobody_is_signed_in_by_another_site(self):
        mallory = self.stack.user()["username"]
        fields = {"username": mallory, "password": PASSWORD, "csrf_token": self.token(self.visitor().open("/login"))}
        for origin in [self.neighbour, self.stranger]:
            visitor = self.visitor().open("/login")
            self.other.page = self.form("/login", fields)
            self.assertRefused(visitor.open(f"{origin}/").press("Win"))
            self.assertSignedOut(visitor.open("/"))

    def test_an_administrators_forms_are_refused_from_elsewhere(self):
        user, admin = self.stack.user(), self.administrator()
        self.other.page = self.form(f"/admin/users/{user['id']}/delete", {"csrf_token": self.token(admin)})
        self.assertRefused(admin.open(f"{self.neighbour}/").press("Win"))
        self.assertEqual(admin.open(f"/admin/users/{user['id']}").heading, f"Edit {user['username']}")

    def test_no_address_does_anything_by_being_opened(self):
        user, admin = self.stack.user(), self.administrator()
        self.assertEqual(admin.open("/logout").status, 405)
        for address in ["/account/sessions/end-all", f"/admin/users/{user['id']}/delete"]:
            self.assertEqual(admin.open(address).status, 200)
        self.assertEqual(admin.open(f"/admin/users/{user['id']}").status, 200)

    def test_no_other_site_shows_a_page_in_a_frame(self):
        visitor = self.person()
        for address in ["/account", "/login"]:
            self.other.page = f'<!DOCTYPE html><iframe src="{self.stack.origin}{address}"></iframe>'
            visitor.open(f"{self.neighbour}/")
            frame = visitor.page.frames[1]
            self.assertEqual(frame.locator("form").count(), 0)
            self.assertIn("frame", visitor.complaints.pop())

    def form(self, action, fields):
        hidden = "".join(f'<input type="hidden" name="{name}" value="{value}">' for name, value in fields.items())
        return f'<!DOCTYPE html><form method="post" action="{self.stack.origin}{action}">{hidden}<button>Win</button></form>'

    @staticmethod
    def tokens(visitor):
        return visitor.page.locator("[name=csrf_token]")

    def token(self, visitor):
        return self.tokens(visitor).first.input_value()

    def put_token(self, visitor, token):
        self.tokens(visitor).evaluate_all("(fields, token) => fields.forEach(field => field.value = token)", token)

    def assertRefused(self, visitor):
        self.assertEqual(visitor.status, 403, visitor.text)
        self.assertIn("was not sent from this site", visitor.text)


class RedirectTests(RefusalTestCase):
    def addresses(self):
        host = f"localhost:{self.other.port}"
        return [
            f"http://{host}", f"//{host}", f"///{host}", f"/\\{host}", f"\\\\{host}", f"/\t/{host}", f"\t//{host}", f"/\n/{host}",
            "javascript:alert(1)", "/\u2028/x", "/a" * 4_000, f" //{host}", f"/ /{host}", f"/..//{host}", f"/%2f/{host}", f"@{host}",
            f".{host}", f"http:{host}", f"http:/{host}", f"/login?next=//{host}", f"/login?next={urllib.parse.quote('//' + host)}",
            "data:text/html,<b>x</b>", "\u3000//x", self.neighbour, f"//127.0.0.1:{self.other.port}",
        ]

    def test_who_is_signed_in_is_led_nowhere_else(self):
        visitor = self.person()
        for address in self.addresses():
            with self.subTest(address[:60]):
                visitor.open("/login?next=" + urllib.parse.quote(address[:1_500]))
                self.assertEqual(visitor.origin, self.stack.origin)

    def test_a_sign_in_leads_nowhere_else(self):
        name = self.stack.user()["username"]
        visitor = self.visitor()
        for address in self.addresses()[:11]:
            with self.subTest(address[:60]):
                # Whoever could write into the page would write there.
                visitor.open("/login?next=%2Faccount").page.locator("[name=next]").evaluate(
                    "(field, address) => field.value = address", address
                )
                visitor.type("Username or e-mail", name).type("Password", PASSWORD).press("Sign in")
                self.assertEqual(visitor.origin, self.stack.origin)
                self.assertIsNotNone(visitor.cookie())
                visitor.context.clear_cookies()

    def test_links_beside_the_sign_in_lead_nowhere_else(self):
        visitor = self.visitor()
        for address in self.addresses():
            visitor.open("/login?next=" + urllib.parse.quote(address[:1_500]))
            for link in visitor.page.locator("a").all():
                self.assertTrue(link.evaluate("link => link.href").startswith(self.stack.origin + "/"))


class SessionTests(RefusalTestCase):
    def test_a_session_that_was_planted_is_not_the_one_that_is_signed_in(self):
        planted = "A" * 43
        visitor, attacker = self.visitor(), self.visitor()
        for browser in [visitor, attacker]:
            self.plant(browser, planted)
        visitor.sign_in(self.stack.user()["username"])
        self.assertEqual(visitor.path, "/")
        self.assertNotEqual(visitor.cookie()["value"], planted)
        self.assertSignedOut(attacker.open("/account"))

    def test_the_session_of_an_attacker_that_was_planted_ends_with_the_sign_in(self):
        attacker = self.person()
        name = self.stack.user()["username"]
        visitor = self.visitor().open("/login")
        self.plant(visitor, attacker.cookie()["value"])
        visitor.type("Username or e-mail", name).type("Password", PASSWORD).press("Sign in")
        self.assertEqual(visitor.heading, f"Hello, {name}")
        self.assertNotEqual(visitor.cookie()["value"], attacker.cookie()["value"])
        self.assertSignedOut(attacker.open("/account"))

    def test_each_sign_in_has_a_session_of_its_own(self):
        visitor = self.person()
        first = visitor.cookie()["value"]
        visitor.sign_out().sign_in(visitor.name)
        self.assertNotEqual(visitor.cookie()["value"], first)

    def plant(self, visitor, value):
        visitor.context.add_cookies([{"name": "gatehouse", "value": value, "url": self.stack.origin}])


class WayBackTests(RefusalTestCase):
    def test_nothing_private_is_shown_on_the_way_back_after_a_sign_out(self):
        for keeps_pages in [False, True]:
            with self.subTest(keeps_pages=keeps_pages):
                visitor = self.person(keeps_pages=keeps_pages)
                visitor.follow("Account").follow("Hello").sign_out()
                self.assertSignedOut(visitor)
                for _ in range(3):
                    self.step(visitor, -1)
                    self.assertSignedOut(visitor)
                    self.assertNotIn(visitor.name, visitor.page.content())
                self.step(visitor, 1)
                self.assertNotIn(visitor.name, visitor.page.content())

    def test_the_browser_does_keep_pages_where_it_may(self):
        # Otherwise the test above would show nothing.
        visitor = self.visitor(keeps_pages=True)
        self.other.page = "<!DOCTYPE html><title>x</title><p>one</p>"
        visitor.open(f"{self.neighbour}/one").page.evaluate("window.mark = 1")
        visitor.open(f"{self.neighbour}/two")
        self.step(visitor, -1)
        self.assertEqual(visitor.page.evaluate("window.mark"), 1)

    def step(self, visitor, by):
        """As the buttons of the browser go. Playwright's own waits for a page to be loaded, and one that was kept is not."""
        index, entries = self.history(visitor)
        goal = index + by
        client = visitor.context.new_cdp_session(visitor.page)
        client.send("Page.navigateToHistoryEntry", {"entryId": entries[goal]["id"]})
        wait_until(lambda: self.history(visitor)[0] == goal, what="the step is made")
        visitor.page.wait_for_function("document.readyState == 'complete'")

    def history(self, visitor):
        # For a moment between two pages there is none.
        with contextlib.suppress(Error):
            history = visitor.context.new_cdp_session(visitor.page).send("Page.getNavigationHistory")
            return history["currentIndex"], history["entries"]
        return None, []


if __name__ == "__main__":
    unittest.main()
