"""Every page there is, and how somebody gets to see it. Used by the tests of the pages and by what takes pictures of them."""

import contextlib
import dataclasses
import typing


@dataclasses.dataclass
class Page:
    name: str
    #: None for somebody who is not signed in.
    viewer: str | None
    #: What leads from any page to this one: the address, or what is done.
    way: str | typing.Callable
    status: int = 200
    #: What the way needs around it.
    around: typing.Callable = contextlib.nullcontext

    def show(self, visitor):
        with self.around():
            if callable(self.way):
                self.way(visitor)
            else:
                visitor.open(self.way)


def refused_sign_in(visitor):
    visitor.sign_in("nobody-of-that-name", "a wrong password")


def refused_sign_up(visitor):
    visitor.open("/signup").page.locator("main form").evaluate("form => form.noValidate = true")
    visitor.type("Username", "!").type("E-mail", "ada@").type("Password", "password").press("Create account")


def refused_profile(visitor):
    visitor.open("/account").page.locator("#profile form").evaluate("form => form.noValidate = true")
    visitor.type("Username", "!").type("E-mail", "ada@").press("Save profile")


def changed_profile(visitor):
    visitor.open("/account").press("Save profile")


def refused_password(visitor):
    visitor.open("/account/password")
    visitor.type("Current password", "not this one").type("New password", "password").press("Change password")


def refused_user(visitor):
    visitor.open("/admin/users/new").page.locator("dialog form").evaluate("form => form.noValidate = true")
    visitor.type("Username", "!").type("E-mail", "ada@").type("Password", "password").press("Create user")


def show_each(stack, visitor, pages):
    """Each page in turn, as the visitor sees it."""
    viewer = None
    for page in pages:
        if page.viewer != viewer:
            visitor.context.clear_cookies()
            if page.viewer:
                agent = visitor.page.evaluate("navigator.userAgent")
                visitor.context.add_cookies(stack.signed_in(page.viewer, agent))
            viewer = page.viewer
        page.show(visitor)
        yield page


def all_pages(stack, viewer, admin, user):
    """`viewer` and `admin` are names of who looks, `user` is who is looked at."""
    own = stack.api("GET", f"users?search={admin}")["items"][0]["id"]
    person, own = f"/admin/users/{user['id']}", f"/admin/users/{own}"
    return [
        Page("sign-in", None, "/login"),
        Page("sign-in-refused", None, refused_sign_in, 422),
        Page("sign-up", None, "/signup"),
        Page("sign-up-refused", None, refused_sign_up, 422),
        Page("nothing-here", None, "/nothing", 404),
        Page("home", viewer, "/"),
        Page("hello", viewer, "/hello"),
        Page("account", viewer, "/account"),
        Page("account-changed", viewer, changed_profile),
        Page("account-refused", viewer, refused_profile, 422),
        Page("password-refused", viewer, refused_password, 422),
        Page("sign-out-everywhere", viewer, "/account/sessions/end-all"),
        Page("not-for-you", viewer, "/admin", 403),
        Page("not-found", viewer, "/nothing", 404),
        Page("not-available", viewer, "/hello", 503, lambda: stack.stalled("api-1")),
        Page("overview", admin, "/admin"),
        Page("users", admin, "/admin/users"),
        Page("users-second-page", admin, "/admin/users?page=2"),
        Page("users-empty", admin, "/admin/users?search=nobody-of-that-name&is_active=true&sort_by=username"),
        Page("user-creation", admin, "/admin/users/new"),
        Page("user-creation-refused", admin, refused_user, 422),
        Page("user-edit", admin, person),
        Page("user-edit-oneself", admin, own),
        Page("user-switch-off", admin, f"{person}/deactivate"),
        Page("user-make-admin", admin, f"{person}/make-admin"),
        Page("user-sign-out", admin, f"{person}/end-sessions"),
        Page("user-delete", admin, f"{person}/delete"),
        Page("audit", admin, "/admin/audit"),
        Page("audit-filtered", admin, "/admin/audit?action=user.create&since=2020-01-01"),
        Page("audit-empty", admin, "/admin/audit?action=refresh.reused"),
        Page("audit-refused", admin, "/admin/audit?since=soon", 422),
    ]
