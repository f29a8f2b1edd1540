"""The API in FastAPI, as one would deploy it: uvicorn with uvloop, asyncpg, redis.asyncio with hiredis, PyJWT, and argon2 in
a thread."""

import contextlib
import os
import time
import uuid
from datetime import datetime, timedelta, timezone
from typing import Annotated

import anyio
import asyncpg
import jwt
import redis.asyncio as redis
from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from fastapi import Depends, FastAPI, HTTPException, Query, Request, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel

SECRET = os.environ["JWT_SECRET"]
ISSUER = AUDIENCE = "gatehouse"
ACCESS_LIFE = int(os.environ.get("ACCESS_TOKEN_EXPIRE_SECONDS") or 900)
SESSION_LIFE = timedelta(days=30)
COLUMNS = "id, username, email, is_admin, is_active, email_verified, created_at, updated_at, last_login_at"
# What the name of nobody is checked against, for as long as any other.
NOBODYS_HASH = ("$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$"
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")

hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
bearer = HTTPBearer(auto_error=False)


class Credentials(BaseModel):
    username: str
    password: str


class User(BaseModel):
    id: uuid.UUID
    username: str
    email: str
    is_admin: bool
    is_active: bool
    email_verified: bool
    created_at: datetime
    updated_at: datetime
    last_login_at: datetime | None


class Tokens(BaseModel):
    access_token: str
    token_type: str = "bearer"
    expires_in: int = ACCESS_LIFE
    user: User


class Hello(BaseModel):
    message: str
    username: str


class Page(BaseModel):
    items: list[User]
    page: int
    page_size: int
    total: int
    pages: int


@contextlib.asynccontextmanager
async def lifespan(application):
    # As many hashes at once as there are processors: more would take memory and give nothing.
    application.state.hashing = anyio.CapacityLimiter(os.cpu_count())
    # One that waits for a connection: the usual pool fails when all are in use.
    store = redis.Redis.from_pool(redis.BlockingConnectionPool.from_url(os.environ["REDIS_URL"], max_connections=64))
    async with asyncpg.create_pool(os.environ["DATABASE_URL"], min_size=4, max_size=4) as database, store:
        application.state.database, application.state.store = database, store
        yield


app = FastAPI(lifespan=lifespan)


def refusal():
    return HTTPException(401, "the token is missing or none that counts", {"WWW-Authenticate": "Bearer"})


async def signed_in(
        request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]) -> dict:
    """What the token says, of those who have one that counts."""
    try:
        claims = jwt.decode(credentials.credentials if credentials else "", SECRET, algorithms=["HS256"], issuer=ISSUER,
                            audience=AUDIENCE, options={"require": ["exp", "iat", "sub", "sid"]})
    except jwt.InvalidTokenError:
        raise refusal() from None
    # Whether the session has ended, or its user signed out everywhere since: both in one round trip.
    ended, valid_after = await request.app.state.store.mget(
        f"gh:revoked:s:{claims['sid']}", f"gh:revoked:u:{claims['sub']}")
    if ended is not None or (valid_after is not None and claims["iat"] * 1_000_000 < int(valid_after)):
        raise refusal()
    if claims.get("token_type") != "access":
        raise refusal()
    return claims


Caller = Annotated[dict, Depends(signed_in)]


def is_right(stored, typed):
    try:
        return hasher.verify(stored, typed)
    except VerificationError:
        return False


@app.get("/health")
async def health():
    return {"status": "healthy"}


@app.post("/api/v1/auth/login")
async def login(body: Credentials, request: Request, response: Response) -> Tokens:
    database = request.app.state.database
    row = await database.fetchrow(
        f"SELECT {COLUMNS}, password_hash FROM users WHERE lower(username) = $1 AND deleted_at IS NULL",
        body.username.lower())
    matches = await anyio.to_thread.run_sync(
        is_right, row["password_hash"] if row else NOBODYS_HASH, body.password, limiter=request.app.state.hashing)
    if not matches or not row or not row["is_active"]:
        raise HTTPException(401, "the name or the password is wrong")
    session, now, address = uuid.uuid4(), datetime.now(timezone.utc), request.client.host
    async with database.acquire() as connection, connection.transaction():
        await connection.execute("UPDATE users SET last_login_at = $1 WHERE id = $2", now, row["id"])
        await connection.execute(
            "INSERT INTO sessions (id, user_id, created_at, last_used_at, expires_at, address, user_agent) "
            "VALUES ($1, $2, $3, $3, $4, $5, $6)",
            session, row["id"], now, now + SESSION_LIFE, address, request.headers.get("user-agent", ""))
        await connection.execute(
            "INSERT INTO audit (id, at, actor_id, actor_name, action, is_success, address) "
            "VALUES ($1, $2, $3, $4, 'login', true, $5)", uuid.uuid4(), now, row["id"], row["username"], address)
    issued = int(now.timestamp())
    token = jwt.encode({
        "iss": ISSUER, "aud": AUDIENCE, "sub": str(row["id"]), "sid": str(session), "jti": str(uuid.uuid4()),
        "iat": issued, "exp": issued + ACCESS_LIFE, "token_type": "access", "username": row["username"],
        "email": row["email"], "roles": ["admin", "user"] if row["is_admin"] else ["user"],
    }, SECRET, algorithm="HS256")
    response.headers["Cache-Control"] = "no-store"
    return Tokens(access_token=token, user=User(**(dict(row) | {"last_login_at": now})))


@app.post("/api/v1/auth/logout", status_code=204)
async def logout(request: Request, caller: Caller) -> None:
    await request.app.state.database.execute(
        "UPDATE sessions SET revoked_at = $1, revoke_reason = 'logout' WHERE id = $2 AND revoked_at IS NULL",
        datetime.now(timezone.utc), uuid.UUID(caller["sid"]))
    await request.app.state.store.set(f"gh:revoked:s:{caller['sid']}", int(time.time() * 1_000_000), ex=ACCESS_LIFE)


@app.get("/api/v1/hello")
async def hello(caller: Caller) -> Hello:
    return Hello(message="hello world", username=caller["username"])


@app.get("/api/v1/auth/me")
async def me(request: Request, caller: Caller) -> User:
    row = await request.app.state.database.fetchrow(
        f"SELECT {COLUMNS} FROM users WHERE id = $1 AND deleted_at IS NULL", uuid.UUID(caller["sub"]))
    if not row:
        raise HTTPException(404, "there is no such user")
    return User(**row)


@app.get("/api/v1/users")
async def users(
        request: Request, caller: Caller, page: Annotated[int, Query(ge=1)] = 1,
        page_size: Annotated[int, Query(ge=1, le=100)] = 20) -> Page:
    if "admin" not in caller["roles"]:
        raise HTTPException(403, "this is for administrators")
    # A page with how many there are, in one statement. The schema keeps the sum.
    rows = await request.app.state.database.fetch(
        f"SELECT {COLUMNS}, (SELECT sum(count)::bigint FROM user_counts) AS total FROM users "
        "WHERE deleted_at IS NULL ORDER BY created_at DESC, id DESC LIMIT $1 OFFSET $2", page_size, (page - 1) * page_size)
    total = rows[0]["total"] if rows else 0
    return Page(items=[User(**row) for row in rows], page=page, page_size=page_size, total=total,
                pages=-(-total // page_size))
