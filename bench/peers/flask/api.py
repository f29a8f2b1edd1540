"""The API in Flask, as one would deploy it: gunicorn, a pool of psycopg2, redis-py with hiredis, PyJWT, argon2-cffi."""

import contextlib
import functools
import os
import time
import uuid
from datetime import datetime, timedelta, timezone

import jwt
import psycopg2.extras
import psycopg2.pool
import redis
from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from flask import Flask, g, jsonify, request

SECRET = os.environ["JWT_SECRET"]
ISSUER = AUDIENCE = "gatehouse"
ACCESS_LIFE = int(os.environ.get("ACCESS_TOKEN_EXPIRE_SECONDS") or 900)
SESSION_LIFE = timedelta(days=30)
COLUMNS = "id, username, email, is_admin, is_active, email_verified, created_at, updated_at, last_login_at"
# What the name of nobody is checked against, for as long as any other.
NOBODYS_HASH = ("$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$"
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")

app = Flask(__name__)
# One connection for each thread of a worker. As many at least as at most: this pool closes what it has beyond the former.
pool = psycopg2.pool.ThreadedConnectionPool(
    4, 4, os.environ["DATABASE_URL"], cursor_factory=psycopg2.extras.RealDictCursor)
store = redis.Redis.from_url(os.environ["REDIS_URL"])
hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


@contextlib.contextmanager
def database():
    """A connection on which each statement is a transaction of its own, unless `with connection` makes one of several."""
    connection = pool.getconn()
    try:
        if not connection.autocommit:
            connection.autocommit = True
        yield connection
    finally:
        pool.putconn(connection)


def rows(statement, *values):
    with database() as connection, connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def refusal(status, code, message):
    answer = jsonify(error={"code": code, "message": message})
    answer.status_code = status
    if status == 401:
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def text_of(moment):
    return moment and moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def body_of(user):
    return dict(user, created_at=text_of(user["created_at"]), updated_at=text_of(user["updated_at"]),
                last_login_at=text_of(user["last_login_at"]))


def is_revoked(claims):
    """Whether the session has ended, or its user signed out everywhere since: both in one round trip."""
    ended, valid_after = store.mget(f"gh:revoked:s:{claims['sid']}", f"gh:revoked:u:{claims['sub']}")
    return ended is not None or (valid_after is not None and claims["iat"] * 1_000_000 < int(valid_after))


def signed_in(view):
    """Lets those pass who have a token that counts."""

    @functools.wraps(view)
    def checked(*arguments, **named):
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        try:
            claims = jwt.decode(token, SECRET, algorithms=["HS256"], issuer=ISSUER, audience=AUDIENCE,
                                options={"require": ["exp", "iat", "sub", "sid"]})
        except jwt.InvalidTokenError:
            claims = None
        if scheme != "Bearer" or not claims or claims.get("token_type") != "access" or is_revoked(claims):
            return refusal(401, "INVALID_TOKEN", "the token is missing or none that counts")
        g.claims = claims
        return view(*arguments, **named)

    return checked


@app.get("/health")
def health():
    return jsonify(status="healthy")


@app.post("/api/v1/auth/login")
def login():
    body = request.get_json()
    found = rows(f"SELECT {COLUMNS}, password_hash FROM users WHERE lower(username) = %s AND deleted_at IS NULL",
                 body["username"].lower())
    user = found[0] if found else None
    try:
        hasher.verify(user["password_hash"] if user else NOBODYS_HASH, body["password"])
    except VerificationError:
        user = None
    if not user or not user["is_active"]:
        return refusal(401, "AUTHENTICATION_ERROR", "the name or the password is wrong")
    del user["password_hash"]
    session, now = str(uuid.uuid4()), datetime.now(timezone.utc)
    agent = request.headers.get("User-Agent", "")
    with database() as connection, connection, connection.cursor() as cursor:
        cursor.execute("UPDATE users SET last_login_at = %s WHERE id = %s", (now, user["id"]))
        cursor.execute(
            "INSERT INTO sessions (id, user_id, created_at, last_used_at, expires_at, address, user_agent) "
            "VALUES (%s, %s, %s, %s, %s, %s, %s)",
            (session, user["id"], now, now, now + SESSION_LIFE, request.remote_addr, agent))
        cursor.execute(
            "INSERT INTO audit (id, at, actor_id, actor_name, action, is_success, address) "
            "VALUES (%s, %s, %s, %s, 'login', true, %s)",
            (str(uuid.uuid4()), now, user["id"], user["username"], request.remote_addr))
    user["last_login_at"] = now
    issued = int(now.timestamp())
    token = jwt.encode({
        "iss": ISSUER, "aud": AUDIENCE, "sub": user["id"], "sid": session, "jti": str(uuid.uuid4()), "iat": issued,
        "exp": issued + ACCESS_LIFE, "token_type": "access", "username": user["username"], "email": user["email"],
        "roles": ["admin", "user"] if user["is_admin"] else ["user"],
    }, SECRET, algorithm="HS256")
    answer = jsonify(access_token=token, token_type="bearer", expires_in=ACCESS_LIFE, user=body_of(user))
    answer.headers["Cache-Control"] = "no-store"
    return answer


@app.post("/api/v1/auth/logout")
@signed_in
def logout():
    session = g.claims["sid"]
    with database() as connection, connection.cursor() as cursor:
        cursor.execute("UPDATE sessions SET revoked_at = %s, revoke_reason = 'logout' "
                       "WHERE id = %s AND revoked_at IS NULL", (datetime.now(timezone.utc), session))
    store.set(f"gh:revoked:s:{session}", int(time.time() * 1_000_000), ex=ACCESS_LIFE)
    return "", 204


@app.get("/api/v1/hello")
@signed_in
def hello():
    return jsonify(message="hello world", username=g.claims["username"])


@app.get("/api/v1/auth/me")
@signed_in
def me():
    found = rows(f"SELECT {COLUMNS} FROM users WHERE id = %s AND deleted_at IS NULL", g.claims["sub"])
    return jsonify(body_of(found[0])) if found else refusal(404, "NOT_FOUND", "there is no such user")


@app.get("/api/v1/auth/sessions")
@signed_in
def sessions():
    found = rows("SELECT id, created_at, last_used_at, expires_at, address, user_agent FROM sessions "
                 "WHERE user_id = %s AND revoked_at IS NULL AND expires_at > %s ORDER BY created_at DESC LIMIT 1000",
                 g.claims["sub"], datetime.now(timezone.utc))
    return jsonify(items=[
        dict(session, created_at=text_of(session["created_at"]), last_used_at=text_of(session["last_used_at"]),
             expires_at=text_of(session["expires_at"]), is_current=session["id"] == g.claims["sid"])
        for session in found])


@app.get("/api/v1/users")
@signed_in
def users():
    if "admin" not in g.claims["roles"]:
        return refusal(403, "FORBIDDEN", "this is for administrators")
    page = max(1, request.args.get("page", 1, type=int))
    size = min(100, max(1, request.args.get("page_size", 20, type=int)))
    # A page with how many there are, in one statement. The schema keeps the sum.
    found = rows(f"SELECT {COLUMNS}, (SELECT sum(count)::bigint FROM user_counts) AS total FROM users "
                 "WHERE deleted_at IS NULL ORDER BY created_at DESC, id DESC LIMIT %s OFFSET %s",
                 size, (page - 1) * size)
    total = found[0]["total"] if found else 0
    for user in found:
        del user["total"]
    return jsonify(items=[body_of(user) for user in found], page=page, page_size=size, total=total,
                   pages=-(-total // size))
