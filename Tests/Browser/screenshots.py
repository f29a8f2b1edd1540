"""Takes a picture of every page into docs/screenshots, narrow and wide, with plausible people: `make screenshots`."""

import datetime
import os
import pathlib
import subprocess
import sys

from browser import PASSWORD, Visitor, request, stack
from pages import all_pages, show_each

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "docs/screenshots"
WIDTHS = {360: 640, 1280: 800}
# These in the dark as well.
DARK = ["sign-in", "home", "account", "overview", "users", "user-edit"]
LARGEST = 3_000_000
NAMES = (
    "grace edsger barbara donald frances ken margaret dennis radia linus hedy alan jean niklaus karen bjarne katherine tim "
    "john annie kathleen claude dorothy adele kristen maurice joan stephanie vint elizabeth leslie shafi lynn robin anita"
).split()
BROWSERS = [
    "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 "
    "Mobile/15E148 Safari/604.1",
]


def sql(text):
    """By the owner of the database, who is the account that runs it."""
    run = stack().folder / ".run"
    account = []
    if os.geteuid() == 0:
        owner = run.stat()
        account = ["setpriv", f"--reuid={owner.st_uid}", f"--regid={owner.st_gid}", "--clear-groups"]
    subprocess.run(
        [*account, "psql", "-qX", "-v", "ON_ERROR_STOP=1", "-h", run / "sockets", "-U", "gatehouse", "gatehouse"],
        input=text, text=True, check=True, cwd=run, stdout=subprocess.DEVNULL,
    )


def people():
    """An installation that was used for a while. What the API lets nobody choose is written into the database."""
    users = {name: stack().user(name, email_verified=index % 3 > 0) for index, name in enumerate(NAMES)}
    users["ada"] = stack().user("ada", is_admin=True, email_verified=True)
    for name in ["donald", "jean"]:
        stack().api("POST", f"admin/users/{users[name]['id']}/make-admin")
    for name in ["linus", "tim", "joan"]:
        stack().api("POST", f"admin/users/{users[name]['id']}/deactivate")
    for index, name in enumerate(["grace", "hedy", "ken", "ada", "grace"]):
        request(stack().port, "/api/v1/auth/login", method="POST", body={"username": name, "password": PASSWORD},
                fields={"User-Agent": BROWSERS[index // 4]})
    request(stack().port, "/api/v1/auth/login", method="POST", body={"username": "linus", "password": "a wrong password"})
    today = (datetime.datetime.now(datetime.timezone.utc) - datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)).days
    days = []
    for index in range(30):
        day = today - index
        weekend = (day + 3) % 7 >= 5
        days += [
            f"({day}, 'login', {31 + day * 17 % 23 - (20 if weekend else 0)})", f"({day}, 'signup', {day * 5 % 4})",
            f"({day}, 'login.failed', {46 if index == 9 else day * 7 % 9})",
        ]
    sql(f"""
        INSERT INTO daily_counts (day, event, count) VALUES {', '.join(days)}
            ON CONFLICT (day, event) DO UPDATE SET count = daily_counts.count + excluded.count;
        WITH numbered AS (SELECT id, row_number() OVER (ORDER BY id) AS number FROM users)
        UPDATE users SET created_at = created_at - (60 - number) * interval '41 hours',
            last_login_at = CASE WHEN number % 6 = 5 THEN NULL ELSE now() - (60 - number) * interval '97 minutes' END
            FROM numbered WHERE users.id = numbered.id;
        WITH numbered AS (SELECT id, row_number() OVER (ORDER BY id DESC) AS number FROM audit)
        UPDATE audit SET at = now() - number * number * interval '83 seconds' FROM numbered WHERE audit.id = numbered.id;
        WITH numbered AS (SELECT id, row_number() OVER (ORDER BY id DESC) AS number FROM sessions)
        UPDATE sessions SET address = CASE number % 2 WHEN 1 THEN '192.0.2.7' ELSE '198.51.100.23' END,
            created_at = created_at - number * interval '50 hours', last_used_at = last_used_at - number * interval '74 minutes'
            FROM numbered WHERE sessions.id = numbered.id;
    """)
    return users


def main():
    users = people()
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.glob("*.png"):
        old.unlink()
    pages = all_pages(stack(), "grace", "ada", users["edsger"])
    for width, height in WIDTHS.items():
        visitor = Visitor(viewport={"width": width, "height": height}, reduced_motion="reduce", has_touch=width < 640)
        for page in show_each(stack(), visitor, pages):
            # As high as the page, so that what sticks to the window stands where it would.
            whole = visitor.page.evaluate("document.documentElement.scrollHeight")
            visitor.page.set_viewport_size({"width": width, "height": whole})
            for theme in ["light", "dark"] if page.name in DARK else ["light"]:
                visitor.page.emulate_media(color_scheme=theme)
                name = f"{page.name}-{width}{'-dark' if theme == 'dark' else ''}.png"
                visitor.page.screenshot(path=FOLDER / name, caret="initial")
            visitor.page.emulate_media(color_scheme="light")
            visitor.page.set_viewport_size({"width": width, "height": height})
        visitor.close()
    pictures = sorted(FOLDER.glob("*.png"))
    # 98: it would have been larger.
    done = subprocess.run(
        ["pngquant", "--force", "--skip-if-larger", "--strip", "--speed", "1", "--ext", ".png", "64", *pictures]
    )
    size = sum(picture.stat().st_size for picture in pictures)
    print(f"{len(pictures)} pictures in docs/screenshots, {size:,} bytes")
    return 0 if done.returncode in (0, 98) and size < LARGEST else 1


sys.exit(main())
