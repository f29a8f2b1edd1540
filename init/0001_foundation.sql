-- The first schema: who has an account, where they are signed in, what was revoked, what was done, and the keys.
--
-- Run by `gatehouse-api migrate` as the owner of the database, each file in one transaction, and by the Postgres
-- container at its first boot. Never changed once it has been released: a later file changes what it made.

CREATE TABLE schema_migrations (
    version     integer PRIMARY KEY,
    name        text NOT NULL,
    -- SHA-256 of the file; empty until `migrate` has seen a file that the container ran.
    checksum    text NOT NULL DEFAULT '',
    applied_at  timestamptz NOT NULL DEFAULT now()
);

-- Trigram search for the user list; a trusted extension, which the owner of a database may create.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

CREATE TABLE users (
    id                   uuid PRIMARY KEY,
    -- Compared byte by byte, whatever the database's collation: names are restricted to ASCII by the program.
    username             text COLLATE "C" NOT NULL CONSTRAINT users_username_length CHECK (char_length(username) BETWEEN 1 AND 64),
    email                text COLLATE "C" NOT NULL CONSTRAINT users_email_length CHECK (char_length(email) BETWEEN 3 AND 254),
    password_hash        text NOT NULL,
    is_admin             boolean NOT NULL DEFAULT false,
    is_active            boolean NOT NULL DEFAULT true,
    email_verified       boolean NOT NULL DEFAULT false,
    created_at           timestamptz NOT NULL,
    updated_at           timestamptz NOT NULL,
    last_login_at        timestamptz,
    password_changed_at  timestamptz NOT NULL,
    -- Tokens that were issued before are refused: logout everywhere, a new password, another role.
    valid_after          timestamptz NOT NULL,
    -- Set by a soft deletion. The row stays for the audit, its names are free again.
    deleted_at           timestamptz,
    CONSTRAINT users_deleted_is_inactive CHECK (deleted_at IS NULL OR NOT is_active)
);

-- lower() is applied to names that the program has restricted to ASCII, so both databases mean the same by it.
CREATE UNIQUE INDEX users_username_key ON users (lower(username)) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX users_email_key ON users (lower(email)) WHERE deleted_at IS NULL;
-- What the user list is sorted by; the id makes every place in it unique.
CREATE INDEX users_by_created_at ON users (created_at, id) WHERE deleted_at IS NULL;
-- Who has never signed in comes before everybody else.
CREATE INDEX users_by_last_login_at ON users (last_login_at NULLS FIRST, id) WHERE deleted_at IS NULL;
CREATE INDEX users_by_username ON users (lower(username), id) WHERE deleted_at IS NULL;
CREATE INDEX users_by_email ON users (lower(email), id) WHERE deleted_at IS NULL;
CREATE INDEX users_administrators ON users (created_at, id) WHERE is_admin AND deleted_at IS NULL;
-- What is rare is found without a walk through all others.
CREATE INDEX users_inactive ON users (created_at, id) WHERE NOT is_active AND deleted_at IS NULL;
CREATE INDEX users_search ON users USING gin ((lower(username) || ' ' || lower(email)) gin_trgm_ops)
    WHERE deleted_at IS NULL;
-- How often a part of a name stands in others: without it every search would seem to find few.
CREATE STATISTICS users_search_text ON (lower(username) || ' ' || lower(email)) FROM users;

-- Never fewer than one active administrator once there was one. Two transactions that each take away one of the last two
-- do not see each other; the lock makes the second wait, and its look at the table comes after the first has committed.
CREATE FUNCTION users_keep_an_administrator() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.is_admin AND OLD.is_active AND OLD.deleted_at IS NULL
        AND (TG_OP = 'DELETE' OR NOT (NEW.is_admin AND NEW.is_active AND NEW.deleted_at IS NULL))
    THEN
        PERFORM pg_advisory_xact_lock(hashtext('gatehouse.users.administrators'));
        IF NOT EXISTS (SELECT FROM users WHERE is_admin AND is_active AND deleted_at IS NULL) THEN
            RAISE EXCEPTION 'the last active administrator must stay'
                USING ERRCODE = 'P0001', CONSTRAINT = 'users_last_administrator', TABLE = 'users';
        END IF;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER users_last_administrator AFTER UPDATE OR DELETE ON users
    FOR EACH ROW EXECUTE FUNCTION users_keep_an_administrator();

-- How many users of each kind there are, so that nobody counts a million of them. The sum over the shards counts; there are
-- several so that those who sign up at the same time do not wait for each other.
CREATE TABLE user_counts (
    shard      integer NOT NULL,
    is_active  boolean NOT NULL,
    is_admin   boolean NOT NULL,
    count      bigint NOT NULL,
    PRIMARY KEY (shard, is_active, is_admin)
);

CREATE FUNCTION users_count() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Always in the same order: two at once may wait for each other, but never in a circle.
    IF TG_OP = 'INSERT' THEN
        INSERT INTO user_counts AS counts (shard, is_active, is_admin, count)
            SELECT pg_backend_pid() % 64, is_active, is_admin, count(*) FROM new_users WHERE deleted_at IS NULL
            GROUP BY is_active, is_admin ORDER BY is_active, is_admin
            ON CONFLICT (shard, is_active, is_admin) DO UPDATE SET count = counts.count + excluded.count;
    ELSE
        INSERT INTO user_counts AS counts (shard, is_active, is_admin, count)
            SELECT pg_backend_pid() % 64, is_active, is_admin, -count(*) FROM old_users WHERE deleted_at IS NULL
            GROUP BY is_active, is_admin ORDER BY is_active, is_admin
            ON CONFLICT (shard, is_active, is_admin) DO UPDATE SET count = counts.count + excluded.count;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER users_count_inserted AFTER INSERT ON users
    REFERENCING NEW TABLE AS new_users FOR EACH STATEMENT EXECUTE FUNCTION users_count();
CREATE TRIGGER users_count_deleted AFTER DELETE ON users
    REFERENCING OLD TABLE AS old_users FOR EACH STATEMENT EXECUTE FUNCTION users_count();

CREATE FUNCTION users_recount() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO user_counts AS counts (shard, is_active, is_admin, count)
        SELECT pg_backend_pid() % 64, is_active, is_admin, sum(change) FROM (
            SELECT OLD.is_active, OLD.is_admin, -1 WHERE OLD.deleted_at IS NULL
            UNION ALL
            SELECT NEW.is_active, NEW.is_admin, 1 WHERE NEW.deleted_at IS NULL
        ) AS changes (is_active, is_admin, change)
        GROUP BY is_active, is_admin ORDER BY is_active, is_admin
        ON CONFLICT (shard, is_active, is_admin) DO UPDATE SET count = counts.count + excluded.count;
    RETURN NULL;
END
$$;
CREATE TRIGGER users_count_changed AFTER UPDATE ON users FOR EACH ROW
    WHEN ((OLD.is_active, OLD.is_admin, OLD.deleted_at IS NULL)
        IS DISTINCT FROM (NEW.is_active, NEW.is_admin, NEW.deleted_at IS NULL))
    EXECUTE FUNCTION users_recount();

CREATE TABLE sessions (
    id              uuid PRIMARY KEY,
    user_id         uuid NOT NULL CONSTRAINT sessions_user_id_fkey REFERENCES users (id) ON DELETE CASCADE,
    -- How many times its refresh token was exchanged: the one that is valid carries this number.
    counter         bigint NOT NULL DEFAULT 0 CONSTRAINT sessions_counter_positive CHECK (counter >= 0),
    created_at      timestamptz NOT NULL,
    last_used_at    timestamptz NOT NULL,
    expires_at      timestamptz NOT NULL,
    revoked_at      timestamptz,
    revoke_reason   text,
    address         text NOT NULL DEFAULT '',
    user_agent      text NOT NULL DEFAULT '',
    CONSTRAINT sessions_expire_later CHECK (expires_at > created_at),
    CONSTRAINT sessions_revoked_with_reason CHECK ((revoked_at IS NULL) = (revoke_reason IS NULL))
);
CREATE INDEX sessions_of_user ON sessions (user_id, created_at) WHERE revoked_at IS NULL;
-- The cascade looks for all sessions of a user, ended ones too.
CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);
CREATE INDEX sessions_alive ON sessions (expires_at) WHERE revoked_at IS NULL;

-- What tokens that are still running must be checked against: a session that ended (kind 'session'), or everything a
-- user got before a time (kind 'user'). A row is of no use once the last token it concerns has expired.
CREATE TABLE revocations (
    kind         text NOT NULL CONSTRAINT revocations_kind CHECK (kind IN ('session', 'user')),
    subject      uuid NOT NULL,
    valid_after  timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    PRIMARY KEY (kind, subject)
);
CREATE INDEX revocations_by_time ON revocations (valid_after);
CREATE INDEX revocations_by_expiry ON revocations (expires_at);

-- What was done, by whom, to what. Without foreign keys: it outlives what it tells of.
CREATE TABLE audit (
    id           uuid PRIMARY KEY,
    at           timestamptz NOT NULL,
    actor_id     uuid,
    actor_name   text NOT NULL DEFAULT '',
    action       text NOT NULL,
    is_success   boolean NOT NULL,
    target_id    uuid,
    target_name  text NOT NULL DEFAULT '',
    -- JSON objects of what changed, without secrets.
    before       text,
    after        text,
    address      text NOT NULL DEFAULT '',
    request_id   text NOT NULL DEFAULT ''
);
CREATE INDEX audit_by_actor ON audit (actor_id, at, id);
CREATE INDEX audit_by_target ON audit (target_id, at, id);
CREATE INDEX audit_by_action ON audit (action, at, id);
CREATE INDEX audit_by_time ON audit (at, id);

-- What happened on each day, for the dashboard: counted by the programs, and added up here now and then.
CREATE TABLE daily_counts (
    -- Since 1970.
    day    bigint NOT NULL,
    event  text NOT NULL,
    count  bigint NOT NULL,
    PRIMARY KEY (day, event)
);

CREATE TABLE signing_keys (
    id            text PRIMARY KEY,
    algorithm     text NOT NULL CONSTRAINT signing_keys_algorithm CHECK (algorithm IN ('HS256', 'RS256', 'ES256', 'EdDSA')),
    state         text NOT NULL CONSTRAINT signing_keys_state CHECK (state IN ('next', 'active', 'retired')),
    public_key    bytea,
    -- Encrypted under a key that is derived from JWT_SECRET.
    private_key   bytea NOT NULL,
    created_at    timestamptz NOT NULL,
    activated_at  timestamptz,
    retired_at    timestamptz
);
CREATE UNIQUE INDEX signing_keys_one_active ON signing_keys (algorithm) WHERE state = 'active';

-- The role of the running programs: it reads and writes, and can not alter what is above. The account a program signs in
-- with is a member of it, or is the owner itself where there is only one account.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'gatehouse_app') THEN
        CREATE ROLE gatehouse_app NOLOGIN;
    END IF;
EXCEPTION
    WHEN duplicate_object OR unique_violation THEN NULL;
    WHEN insufficient_privilege THEN
        RAISE NOTICE 'the role gatehouse_app could not be made: this account may not create roles';
END
$$;
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'gatehouse_app') THEN
        GRANT USAGE ON SCHEMA public TO gatehouse_app;
        GRANT SELECT, INSERT, UPDATE, DELETE ON users, sessions, revocations, signing_keys, daily_counts
            TO gatehouse_app;
        -- Kept by triggers, which have the rights of whoever changes a user.
        GRANT SELECT, INSERT, UPDATE ON user_counts TO gatehouse_app;
        -- History is added to, never changed.
        GRANT SELECT, INSERT ON audit TO gatehouse_app;
        GRANT SELECT ON schema_migrations TO gatehouse_app;
    END IF;
END
$$;

INSERT INTO schema_migrations (version, name) VALUES (1, '0001_foundation') ON CONFLICT (version) DO NOTHING;
