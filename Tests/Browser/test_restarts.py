"""What people see while a part of the stack is away, and that nobody is signed out by it."""

import unittest

from browser import PASSWORD, BrowserTestCase, wait_until


class RestartTests(BrowserTestCase):
    def test_who_is_signed_in_stays_so_whatever_is_restarted(self):
        for part in ["api-1", "redis", "web-1"]:
            with self.subTest(part):
                visitor = self.person().follow("Account")
                visitor.type("E-mail", f"{visitor.name}@example.org")
                self.stack.kill(part)
                # The form is from before.
                visitor.press("Save profile")
                self.assertEqual(visitor.flash, "Your profile was changed.")
                self.assertEqual(visitor.follow("Hello").page.locator(".greeting").inner_text(), "hello world")
                self.assertSignedOut(visitor.sign_out())

    def test_a_session_that_was_ended_stays_so_whatever_is_restarted(self):
        for part in ["api-1", "redis", "web-1"]:
            with self.subTest(part):
                visitor = self.person().open("/account")
                other = self.person(visitor.name)
                other.open("/account/sessions").follow("Sign out everywhere").press("Sign out everywhere")
                self.stack.kill(part)
                self.assertSignedOut(visitor.follow("Hello"))


class StallTests(BrowserTestCase):
    def test_while_the_api_is_away_the_pages_say_so_and_keep_what_was_typed(self):
        visitor = self.person().follow("Account").type("E-mail", "kept@example.com")
        stranger = self.visitor().open("/login").type("Username or e-mail", visitor.name).type("Password", PASSWORD)
        with self.stack.stalled("api-1"):
            visitor.press("Save profile")
            self.assertEqual(visitor.status, 503)
            self.assertEqual(
                visitor.problems,
                ["The service did not answer in time. Whether this was done is not known: look before you try again."],
            )
            self.assertEqual(visitor.value("E-mail"), "kept@example.com")
            # A page that is only to be seen can be asked for again.
            visitor.follow("Hello")
            self.assertEqual((visitor.status, visitor.heading), (503, "Not available"))
            self.assertIn(visitor.name, visitor.page.locator(".viewer").inner_text())
            stranger.press("Sign in")
            self.assertEqual((stranger.status, stranger.value("Username or e-mail")), (503, visitor.name))
        self.assertEqual(visitor.open("/hello").page.locator(".greeting").inner_text(), "hello world")
        self.assertEqual(stranger.type("Password", PASSWORD).press("Sign in").path, "/")

    def test_while_the_sessions_are_away_nobody_is_taken_for_signed_out(self):
        visitor = self.person()
        with self.stack.stalled("redis"):
            visitor.follow("Hello")
            self.assertEqual(visitor.status, 503)
            self.assertIn("You have not been signed out", visitor.text)
            # Who is not signed in sees the sign-in.
            self.assertSignedOut(self.visitor().open("/login"))
        wait_until(lambda: visitor.open("/hello").status == 200, what="the sessions are back")
        self.assertEqual(visitor.page.locator(".viewer a").inner_text(), visitor.name)


if __name__ == "__main__":
    unittest.main()
