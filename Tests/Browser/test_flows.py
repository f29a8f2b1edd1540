"""What people do with the pages, as they do it: through nginx, in a real browser, without JavaScript."""

import unittest

from browser import PASSWORD, BrowserTestCase, numbers, stack


class SignUpTests(BrowserTestCase):
    def test_somebody_signs_up_and_signs_in(self):
        visitor = self.visitor().open("/").follow("Sign up")
        name = f"newcomer{next(numbers)}"
        visitor.type("Username", name).type("E-mail", f"{name}@example.com").type("Password", PASSWORD)
        visitor.press("Create account")
        self.assertEqual(visitor.path, "/login")
        self.assertEqual(visitor.flash, f"Your account {name} was made. Sign in to it now.")
        visitor.type("Username or e-mail", name).type("Password", PASSWORD).press("Sign in")
        self.assertEqual((visitor.path, visitor.heading), ("/", f"Hello, {name}"))
        self.assertEqual(visitor.page.title(), "Home · Gatehouse")

    def test_what_was_wrong_stands_beside_the_field_and_what_was_typed_is_kept(self):
        taken = self.stack.user()["username"]
        visitor = self.visitor().open("/signup")
        visitor.type("Username", taken).type("E-mail", "somebody@example.com").type("Password", PASSWORD)
        visitor.press("Create account")
        self.assertEqual((visitor.status, visitor.path), (409, "/signup"))
        field = visitor.page.get_by_label("Username", exact=True)
        self.assertEqual(field.get_attribute("aria-invalid"), "true")
        beside = visitor.page.locator("#" + field.get_attribute("aria-describedby").split()[0])
        self.assertIn(beside.inner_text(), visitor.problems[0])
        self.assertEqual(visitor.value("Username"), taken)
        self.assertEqual(visitor.value("E-mail"), "somebody@example.com")
        self.assertEqual(visitor.value("Password"), "")
        # The summary leads to the field.
        visitor.page.locator(".problems a").first.click()
        self.assertEqual(visitor.page.locator(":target").get_attribute("name"), "username")


class SignInTests(BrowserTestCase):
    def test_somebody_signs_in_by_username_and_by_e_mail(self):
        user = self.stack.user()
        for name in [user["username"], user["email"], user["email"].upper()]:
            visitor = self.visitor().sign_in(name)
            self.assertEqual((visitor.path, visitor.heading), ("/", f"Hello, {user['username']}"))
            self.assertEqual(visitor.page.locator(".viewer a").inner_text(), user["username"])

    def test_a_wrong_password_and_an_unknown_name_are_answered_alike(self):
        seen = []
        for name in [self.stack.user()["username"], "nobody-of-that-name"]:
            visitor = self.visitor().sign_in(name, "a wrong password")
            self.assertSignedOut(visitor)
            self.assertEqual(visitor.value("Username or e-mail"), name)
            self.assertEqual(visitor.value("Password"), "")
            self.assertIsNone(visitor.cookie())
            seen.append((visitor.status, visitor.problems))
        self.assertEqual(seen[0], (422, ["The name or the password is wrong."]))
        self.assertEqual(seen[1], seen[0])

    def test_the_page_that_was_asked_for_comes_after_the_sign_in(self):
        user = self.stack.user()
        visitor = self.visitor().open("/account/sessions")
        self.assertEqual(visitor.path, "/login?next=%2Faccount%2Fsessions")
        visitor.type("Username or e-mail", user["username"]).type("Password", "wrong").press("Sign in")
        visitor.type("Password", PASSWORD).press("Sign in")
        self.assertEqual(visitor.path, "/account/sessions")
        # Who is signed in has no use for the sign-in.
        self.assertEqual(visitor.open("/login").path, "/")

    def test_signing_in_takes_a_keyboard_and_nothing_else(self):
        user = self.stack.user()
        visitor = self.visitor().open("/login")
        keyboard = visitor.page.keyboard
        # Typing can begin at once.
        keyboard.type(user["username"])
        keyboard.press("Tab")
        keyboard.type(PASSWORD)
        keyboard.press("Tab")
        self.assertTrue(visitor.page.get_by_label("Keep me signed in").is_checked())
        self.assertFocusIsSeen(visitor)
        keyboard.press("Space")
        keyboard.press("Tab")
        self.assertFocusIsSeen(visitor)
        with visitor.page.expect_navigation():
            keyboard.press("Enter")
        self.assertEqual(visitor.heading, f"Hello, {user['username']}")
        # Without the box the cookie is gone with the browser.
        self.assertEqual(visitor.cookie()["expires"], -1)
        # The first stop leads past the navigation.
        keyboard.press("Tab")
        self.assertEqual(visitor.page.locator(":focus").inner_text(), "Skip to content")
        self.assertFocusIsSeen(visitor)
        keyboard.press("Enter")
        keyboard.press("Tab")
        self.assertEqual(visitor.page.locator(":focus").inner_text(), "Manage account")

    def assertFocusIsSeen(self, visitor):
        style = visitor.page.locator(":focus").evaluate(
            "element => { const s = getComputedStyle(element), b = element.getBoundingClientRect();"
            " return [s.outlineStyle, parseFloat(s.outlineWidth), b.top >= 0 && b.width > 0] }"
        )
        self.assertEqual(style, ["solid", 2, True])

    def test_who_is_kept_signed_in_has_a_cookie_that_outlives_the_browser(self):
        cookie = self.visitor().sign_in(self.stack.user()["username"]).cookie()
        self.assertGreater(cookie["expires"], 0)
        self.assertTrue(cookie["httpOnly"])
        self.assertIn(cookie["sameSite"], ["Lax", "Strict"])

    def test_https_has_a_secure_cookie_that_is_bound_to_the_host(self):
        origin = f"https://127.0.0.1:{self.stack.tls_port}"
        self.elsewhere.add(origin)
        user = self.stack.user()
        visitor = self.visitor(base_url=origin, ignore_https_errors=True).sign_in(user["username"])
        self.assertEqual((visitor.origin, visitor.heading), (origin, f"Hello, {user['username']}"))
        self.assertTrue(visitor.cookie("__Host-gatehouse")["secure"])
        self.assertIsNone(visitor.cookie())


class HelloTests(BrowserTestCase):
    def test_the_greeting_is_what_the_api_says(self):
        visitor = self.person().follow("Hello")
        self.assertEqual(visitor.page.locator(".greeting").inner_text(), "hello world")
        self.assertIn(visitor.name, visitor.page.locator("main").inner_text())
        self.assertEqual(visitor.page.locator("nav [aria-current]").inner_text(), "Hello")


class AccountTests(BrowserTestCase):
    def test_somebody_changes_name_and_address(self):
        visitor = self.person().follow("Account")
        name = f"renamed{next(numbers)}"
        visitor.type("Username", name).type("E-mail", f"{name}@example.org").press("Save profile")
        self.assertEqual((visitor.path, visitor.flash), ("/account", "Your profile was changed."))
        self.assertEqual(visitor.value("E-mail"), f"{name}@example.org")
        self.assertEqual(visitor.page.locator(".viewer a").inner_text(), name)
        # Once: the sentence is about what was just done.
        self.assertIsNone(visitor.open("/account").flash)
        self.assertEqual(self.person(f"{name}@example.org").heading, f"Hello, {name}")

    def test_an_address_that_is_taken_changes_nothing(self):
        taken = self.stack.user()["email"]
        visitor = self.person().follow("Account").type("E-mail", taken).press("Save profile")
        self.assertEqual(visitor.status, 409)
        self.assertEqual(visitor.value("E-mail"), taken)
        self.assertEqual(visitor.page.locator(".problem").count(), 1)
        self.assertEqual(visitor.open("/account").value("E-mail"), f"{visitor.name}@example.com")

    def test_a_new_password_ends_every_other_session(self):
        visitor = self.person()
        elsewhere = self.person(visitor.name).open("/account")
        visitor.open("/account/password")
        visitor.type("Current password", "not this").type("New password", "amber-Tundra-19-kelp").press("Change password")
        self.assertEqual(visitor.status, 422)
        self.assertEqual(visitor.page.get_by_label("Current password").get_attribute("aria-invalid"), "true")
        visitor.type("Current password", PASSWORD).type("New password", "amber-Tundra-19-kelp").press("Change password")
        self.assertEqual(visitor.flash, "Your password was changed. Everywhere else you have been signed out.")
        self.assertSignedOut(elsewhere.follow("Home"))
        self.assertEqual(visitor.follow("Home").heading, f"Hello, {visitor.name}")
        self.assertEqual(self.visitor().sign_in(visitor.name).status, 422)
        self.assertEqual(self.visitor().sign_in(visitor.name, "amber-Tundra-19-kelp").path, "/")

    def test_a_session_that_is_ended_in_another_browser_ends_there(self):
        visitor = self.person()
        firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
        other = self.person(visitor.name, user_agent=firefox).open("/account")
        visitor.open("/account/sessions")
        rows = visitor.page.locator("#sessions li")
        self.assertEqual(rows.count(), 2)
        here, there = rows.filter(has_text="This device"), rows.filter(has_text="Firefox on Linux")
        self.assertEqual((here.count(), there.count()), (1, 1))
        self.assertEqual(here.get_by_role("button").count(), 0)
        there.get_by_role("button").click()
        self.assertEqual(visitor.flash, "You have been signed out there.")
        self.assertEqual(rows.count(), 1)
        self.assertSignedOut(other.follow("Hello"))
        self.assertEqual(other.flash, "Your session has ended. Sign in again to go on.")
        self.assertEqual(other.path, "/login?next=%2Fhello")

    def test_signing_out_everywhere_ends_this_session_too(self):
        visitor = self.person()
        other = self.person(visitor.name)
        visitor.open("/account/sessions").follow("Sign out everywhere")
        self.assertEqual(visitor.heading, "Sign out everywhere?")
        visitor.press("Sign out everywhere")
        self.assertSignedOut(visitor)
        self.assertSignedOut(other.follow("Account"))

    def test_signing_out_ends_the_session(self):
        visitor = self.person()
        cookie = visitor.cookie()
        visitor.sign_out()
        self.assertSignedOut(visitor)
        self.assertEqual(visitor.flash, "You have signed out.")
        # Whoever kept the cookie has nothing.
        thief = self.visitor()
        thief.context.add_cookies([cookie])
        self.assertSignedOut(thief.open("/account"))


class AdministrationTests(BrowserTestCase):
    def test_an_administrator_creates_a_user_who_can_sign_in(self):
        admin = self.administrator().follow("Users").follow("Create user")
        self.assertEqual(admin.page.get_by_role("dialog").count(), 1)
        name = f"made{next(numbers)}"
        admin.type("Username", name).type("E-mail", "not an address")
        # The browser's own check would not let that through.
        admin.page.locator("dialog form").evaluate("form => form.noValidate = true")
        admin.type("Password", PASSWORD).press("Create user")
        self.assertEqual(admin.status, 422)
        self.assertEqual((admin.value("Username"), admin.value("E-mail")), (name, "not an address"))
        admin.type("E-mail", f"{name}@example.com").type("Password", PASSWORD).press("Create user")
        self.assertEqual((admin.path, admin.flash), ("/admin/users", f"The user {name} was created."))
        self.assertEqual(admin.column(1)[0], name)
        self.assertEqual(self.person(name).heading, f"Hello, {name}")

    def test_an_administrator_edits_a_user(self):
        user = self.stack.user()
        admin = self.administrator().open(f"/admin/users?search={user['username']}").follow(user["username"])
        self.assertEqual(admin.heading, f"Edit {user['username']}")
        name = f"edited{next(numbers)}"
        admin.type("Username", name).type("New password", "amber-Tundra-19-kelp").press("Save")
        # Back in the list as it was.
        self.assertEqual(admin.path, f"/admin/users?search={user['username']}")
        self.assertEqual(admin.flash, f"The user {name} was changed.")
        self.assertEqual(self.visitor().sign_in(name, "amber-Tundra-19-kelp").path, "/")

    def test_who_is_switched_off_is_out_at_the_next_click_and_back_when_switched_on(self):
        person, admin = self.person(), self.administrator()
        self.go_to(admin, person.name).follow("Switch off…")
        self.assertEqual(admin.heading, f"Switch {person.name} off?")
        admin.press(f"Switch {person.name} off")
        self.assertEqual(admin.flash, f"{person.name} was switched off and signed out everywhere.")
        self.assertSignedOut(person.follow("Hello"))
        person.type("Username or e-mail", person.name).type("Password", PASSWORD).press("Sign in")
        self.assertEqual((person.status, person.problems), (403, ["This account is not active. Ask an administrator."]))
        self.go_to(admin, person.name).follow("Switch on…").press(f"Switch {person.name} on")
        # To where the click was going.
        self.assertEqual(person.type("Password", PASSWORD).press("Sign in").path, "/hello")

    def test_who_is_made_an_administrator_is_one_at_the_next_click(self):
        person, admin = self.person(), self.administrator()
        self.assertEqual(person.open("/admin/users").status, 403)
        self.assertEqual(person.page.get_by_role("link", name="Users").count(), 0)
        self.go_to(admin, person.name).follow("Make administrator…")
        admin.press(f"Make {person.name} an administrator")
        self.assertEqual(admin.flash, f"{person.name} is an administrator now.")
        self.assertEqual(person.open("/").follow("Users").status, 200)
        self.go_to(admin, person.name).follow("Remove administrator…")
        admin.press(f"Remove {person.name} as administrator")
        self.assertEqual(person.follow("Audit").status, 403)

    def test_an_administrator_signs_somebody_out(self):
        person, admin = self.person(), self.administrator()
        self.go_to(admin, person.name).follow("Sign out everywhere…").press(f"Sign {person.name} out")
        self.assertEqual(admin.flash, f"{person.name} was signed out everywhere.")
        self.assertSignedOut(person.follow("Account"))

    def test_who_is_deleted_is_gone(self):
        person, admin = self.person(), self.administrator()
        self.go_to(admin, person.name).follow("Delete user…")
        self.assertEqual(admin.heading, f"Delete {person.name}?")
        # The question alone does nothing.
        admin.follow("Cancel")
        self.assertEqual(person.follow("Account").status, 200)
        admin.follow("Delete user…").press(f"Delete {person.name}")
        self.assertEqual((admin.path, admin.flash), (f"/admin/users?search={person.name}", f"{person.name} was deleted."))
        self.assertIn("Nobody matches.", admin.text)
        self.assertSignedOut(person.follow("Home"))
        self.assertEqual(self.visitor().sign_in(person.name).status, 422)

    def test_an_administrator_can_not_lock_the_own_door(self):
        admin = self.administrator()
        self.go_to(admin, admin.name)
        self.assertEqual(admin.page.locator(".dangers a").all_inner_texts(), ["Sign out everywhere…"])

    def test_what_was_done_stands_in_the_audit(self):
        person, admin = self.person(), self.administrator()
        self.go_to(admin, person.name).follow("Switch off…").press(f"Switch {person.name} off")
        admin.follow("Audit")
        admin.page.get_by_label("What").select_option("user.deactivate")
        admin.press("Filter")
        self.assertEqual(admin.column(2)[0], admin.name)
        self.assertIn(person.name, admin.column(3)[0])
        self.assertEqual(admin.column(4)[0], "127.0.0.1")
        admin.page.locator("tbody a").first.click()
        self.assertIn(f"Only what {admin.name} did.", admin.text)
        self.assertEqual(set(admin.column(2)), {admin.name})

    def test_the_overview_has_figures_and_charts_with_words(self):
        admin = self.administrator().follow("Overview")
        figures = dict(zip(
            admin.page.locator(".figures dt").all_inner_texts(),
            admin.page.locator(".figures dd:not(.help)").all_inner_texts(),
        ))
        self.assertEqual(len(figures), 4)
        self.assertEqual(int(figures["Users"].replace(",", "")), self.stack.api("GET", "users?page_size=1")["total"])
        for chart in admin.page.locator("[role=img]").all():
            for name in chart.get_attribute("aria-labelledby").split():
                self.assertNotEqual(admin.page.locator(f"#{name}").inner_text(), "")
        table = admin.page.locator("details").first
        self.assertFalse(table.locator("table").is_visible())
        table.locator("summary").click()
        self.assertEqual(table.locator("tbody tr").count(), 30)

    def go_to(self, admin, name):
        """The page of a user, by the list."""
        admin.open(f"/admin/users?search={name}").page.locator("tbody").get_by_role("link", name=name, exact=True).click()
        return admin


class ListTests(BrowserTestCase):
    @classmethod
    def setUpClass(cls):
        cls.names = [f"lister{number:02}" for number in range(25)]
        for index, name in enumerate(cls.names):
            user = stack().user(name, is_admin=index < 2)
            if index >= 20:
                stack().api("POST", f"admin/users/{user['id']}/deactivate")

    def test_a_long_list_comes_in_pages(self):
        admin = self.administrator().open("/admin/users?search=lister").follow("Name")
        self.assertEqual(admin.column(1), self.names[:20])
        self.assertIn("1–20 of 25", admin.text)
        self.assertEqual(admin.page.get_by_role("link", name="Previous").count(), 0)
        admin.follow("Next")
        self.assertEqual(admin.column(1), self.names[20:])
        self.assertIn("21–25 of 25", admin.text)
        self.assertEqual(admin.page.get_by_role("link", name="Next").count(), 0)
        admin.follow("Previous")
        self.assertEqual(admin.column(1), self.names[:20])

    def test_a_column_sorts_and_turns_round(self):
        admin = self.administrator().open("/admin/users?search=lister").follow("Name")
        self.assertEqual(admin.page.locator("[aria-sort]").get_attribute("aria-sort"), "ascending")
        admin.page.locator("[aria-sort] a").click()
        self.assertEqual(admin.page.locator("[aria-sort]").get_attribute("aria-sort"), "descending")
        self.assertEqual(admin.column(1), self.names[:4:-1])
        self.assertEqual(admin.value("Search by name or e-mail"), "lister")

    def test_a_search_finds_parts_of_names_and_addresses(self):
        admin = self.administrator().open("/admin/users")
        for text in ["ISTER07", "lister07@exam"]:
            admin.type("Search by name or e-mail", text)
            with admin.page.expect_navigation():
                admin.page.keyboard.press("Enter")
            self.assertEqual(admin.column(1), ["lister07"])
            self.assertEqual(admin.value("Search by name or e-mail"), text)
        admin.type("Search by name or e-mail", "100%_nobody").press("Search")
        self.assertIn("Nobody matches.", admin.text)
        self.assertEqual(admin.follow("Show all users").path, "/admin/users")

    def test_a_filter_keeps_the_search(self):
        admin = self.administrator().open("/admin/users?search=lister").follow("Off")
        self.assertEqual(sorted(admin.column(1)), self.names[20:])
        admin.follow("Admins")
        self.assertEqual(sorted(admin.column(1)), self.names[:2])
        self.assertEqual(admin.page.locator(".filters [aria-current]").inner_text(), "Admins")

    def test_behind_the_last_page_is_the_last_page(self):
        admin = self.administrator().open("/admin/users?search=lister&page=9")
        self.assertIn("21–25 of 25", admin.text)
        self.assertEqual(len(admin.column(1)), 5)


if __name__ == "__main__":
    unittest.main()
