"""The same users for everybody: many rows, made by the database itself, on the schema that gatehouse-api has migrated."""

import hashlib

ADMINISTRATORS = 16
DIGITS = str.maketrans("0123456789", "ghijklmnop")
SECONDS = 900


def username(number):
    """Letters that tell nothing of the order: a search for some of them finds who has them."""
    return hashlib.md5(str(number).encode()).hexdigest()[:12].translate(DIGITS)


def spread(count, size, first=1, step=1):
    """So many numbers up to a size, spread over all of them."""
    distance = max(step, size // count // step * step)
    return [first + place * distance for place in range(count) if first + place * distance <= size]


def fill(postgres, count, password_hash, cheap_hash=None, database="postgres"):
    """Users 1 to `count`, the first ones administrators, with a session and a line in the audit each.

    Those with an odd number have the cheap hash, if there is one."""
    # Filling it row by row would take most of the time.
    [(index,)] = postgres.ask("SELECT indexdef FROM pg_indexes WHERE indexname = 'users_search'", database)
    postgres.ask(f"""
        SET synchronous_commit = off;
        SET maintenance_work_mem = '512MB';
        DROP INDEX users_search;
        INSERT INTO users (id, username, email, password_hash, is_admin, created_at, updated_at, last_login_at,
            password_changed_at, valid_after)
        SELECT gen_random_uuid(), name, name || '@example.com',
            CASE WHEN number % 2 = 1 THEN '{cheap_hash or password_hash}' ELSE '{password_hash}' END,
            number <= {ADMINISTRATORS}, at, at, CASE WHEN number % 3 > 0 THEN at END, at, at
        FROM (
            SELECT number, translate(left(md5(number::text), 12), '0123456789', 'ghijklmnop') AS name,
                date_trunc('second', now()) - number * interval '1 minute' AS at
            FROM generate_series(1, {count}) AS number
        ) AS people;
        {index};
        INSERT INTO sessions (id, user_id, created_at, last_used_at, expires_at)
        SELECT gen_random_uuid(), id, created_at, created_at, now() + interval '30 days' FROM users;
        INSERT INTO audit (id, at, actor_id, actor_name, action, is_success)
        SELECT gen_random_uuid(), created_at, id, username, 'login', true FROM users;
        """, database, SECONDS)
    settle(postgres, database)


def revoke(postgres, count, database="postgres"):
    """So many sessions that ended a moment ago, with tokens that are still running."""
    postgres.ask(f"""
        INSERT INTO revocations (kind, subject, valid_after, expires_at)
        SELECT 'session', gen_random_uuid(), now() - interval '10 minutes', now() + interval '2 hours'
        FROM generate_series(1, {count})""", database, SECONDS)
    settle(postgres, database)


def settle(postgres, database):
    """What a database would do sooner or later, so that it does not do it while it is measured."""
    postgres.ask("VACUUM (ANALYZE)", database, SECONDS)
    postgres.ask("CHECKPOINT", database, SECONDS)
