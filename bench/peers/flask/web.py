"""The pages in Flask: templates of Jinja2, a signed cookie as the session, and the API called over HTTP for everything."""

import functools
import hmac
import os
import secrets
import threading

import requests
from flask import Flask, abort, g, redirect, render_template, request, session

API = f"{os.environ['API_URL']}/api/v1"
TIMEOUT = 10

app = Flask(__name__)
app.secret_key = os.environ["SECRET_KEY"]
app.config.update(SESSION_COOKIE_HTTPONLY=True, SESSION_COOKIE_SAMESITE="Lax")
own = threading.local()


class SignedOut(Exception):
    """The token does not count any more."""


def call(method, path, **options):
    """Asks the API, on a connection that each thread keeps."""
    if not hasattr(own, "client"):
        own.client = requests.Session()
    fields = {"X-Forwarded-For": request.remote_addr}
    if "token" in session:
        fields["Authorization"] = f"Bearer {session['token']}"
    answer = own.client.request(method, f"{API}/{path}", headers=fields, timeout=TIMEOUT, **options)
    if answer.status_code == 401 and "token" in session:
        raise SignedOut
    return answer


def ask(path, **query):
    answer = call("GET", path, params=query)
    if answer.status_code == 403:
        abort(403)
    answer.raise_for_status()
    return answer.json()


def form_token():
    if "form_token" not in session:
        session["form_token"] = secrets.token_urlsafe(32)
    return session["form_token"]


app.jinja_env.globals["csrf_token"] = form_token


@app.before_request
def check_form():
    if request.method == "POST":
        if not hmac.compare_digest(request.form.get("csrf_token", ""), session.get("form_token", " ")):
            abort(403)


@app.after_request
def protect(answer):
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["X-Frame-Options"] = "DENY"
    return answer


@app.errorhandler(SignedOut)
def sign_in_again(_):
    session.clear()
    return redirect("/login", 303)


def signed_in(view):
    @functools.wraps(view)
    def checked(*arguments, **named):
        if "token" not in session:
            return redirect("/login", 303)
        g.viewer = session["viewer"]
        return view(*arguments, **named)

    return checked


@app.get("/health")
def health():
    return {"status": "healthy"}


@app.get("/login")
def sign_in_form():
    return render_template("sign-in.html", problem=None)


@app.post("/login")
def sign_in():
    session.pop("token", None)
    answer = call("POST", "auth/login", json={
        "username": request.form.get("username", ""), "password": request.form.get("password", "")})
    if answer.status_code == 401:
        return render_template("sign-in.html", problem="The name or the password is wrong."), 422
    answer.raise_for_status()
    tokens = answer.json()
    session.clear()
    session["token"] = tokens["access_token"]
    session["viewer"] = {"username": tokens["user"]["username"], "is_admin": tokens["user"]["is_admin"]}
    return redirect("/", 303)


@app.post("/logout")
@signed_in
def sign_out():
    call("POST", "auth/logout")
    session.clear()
    return redirect("/login", 303)


@app.get("/")
@signed_in
def dashboard():
    return render_template("dashboard.html", user=ask("auth/me"), sessions=len(ask("auth/sessions")["items"]))


@app.get("/admin/users")
@signed_in
def users():
    page = max(1, request.args.get("page", 1, type=int))
    return render_template("users.html", users=ask("users", page=page, page_size=20))
