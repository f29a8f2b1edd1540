-- The first schema, for the embedded database: the twin of ../0001_foundation.sql.
--
-- Times are microseconds since 1970, identifiers 16 bytes, booleans 0 and 1; STRICT tables hold columns to their types.

CREATE TABLE schema_migrations (
    version     INTEGER PRIMARY KEY,
    name        TEXT NOT NULL,
    checksum    TEXT NOT NULL DEFAULT '',
    applied_at  INTEGER NOT NULL DEFAULT (unixepoch() * 1000000)
) STRICT;

CREATE TABLE users (
    -- What the search index knows a user by.
    number               INTEGER PRIMARY KEY,
    id                   BLOB NOT NULL CONSTRAINT users_id_key UNIQUE CONSTRAINT users_id_length CHECK (length(id) = 16),
    username             TEXT NOT NULL CONSTRAINT users_username_length CHECK (length(username) BETWEEN 1 AND 64),
    email                TEXT NOT NULL CONSTRAINT users_email_length CHECK (length(email) BETWEEN 3 AND 254),
    password_hash        TEXT NOT NULL,
    is_admin             INTEGER NOT NULL DEFAULT 0 CONSTRAINT users_is_admin_boolean CHECK (is_admin IN (0, 1)),
    is_active            INTEGER NOT NULL DEFAULT 1 CONSTRAINT users_is_active_boolean CHECK (is_active IN (0, 1)),
    email_verified       INTEGER NOT NULL DEFAULT 0 CONSTRAINT users_email_verified_boolean CHECK (email_verified IN (0, 1)),
    created_at           INTEGER NOT NULL,
    updated_at           INTEGER NOT NULL,
    last_login_at        INTEGER,
    password_changed_at  INTEGER NOT NULL,
    valid_after          INTEGER NOT NULL,
    deleted_at           INTEGER,
    CONSTRAINT users_deleted_is_inactive CHECK (deleted_at IS NULL OR NOT is_active)
) STRICT;

CREATE UNIQUE INDEX users_username_key ON users (lower(username)) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX users_email_key ON users (lower(email)) WHERE deleted_at IS NULL;
CREATE INDEX users_by_created_at ON users (created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX users_by_last_login_at ON users (last_login_at, id) WHERE deleted_at IS NULL;
CREATE INDEX users_by_username ON users (lower(username), id) WHERE deleted_at IS NULL;
CREATE INDEX users_by_email ON users (lower(email), id) WHERE deleted_at IS NULL;
CREATE INDEX users_administrators ON users (created_at, id) WHERE is_admin AND deleted_at IS NULL;
CREATE INDEX users_inactive ON users (created_at, id) WHERE NOT is_active AND deleted_at IS NULL;

-- Trigram search for the user list. It holds no text of its own.
CREATE VIRTUAL TABLE users_search USING fts5 (
    username, email, content = 'users', content_rowid = 'number', tokenize = 'trigram', detail = 'full'
);
CREATE TRIGGER users_search_insert AFTER INSERT ON users BEGIN
    INSERT INTO users_search (rowid, username, email) VALUES (NEW.number, NEW.username, NEW.email);
END;
CREATE TRIGGER users_search_delete AFTER DELETE ON users BEGIN
    INSERT INTO users_search (users_search, rowid, username, email)
        VALUES ('delete', OLD.number, OLD.username, OLD.email);
END;
CREATE TRIGGER users_search_update AFTER UPDATE OF username, email ON users BEGIN
    INSERT INTO users_search (users_search, rowid, username, email)
        VALUES ('delete', OLD.number, OLD.username, OLD.email);
    INSERT INTO users_search (rowid, username, email) VALUES (NEW.number, NEW.username, NEW.email);
END;

-- How many users of each kind there are, so that nobody counts a million of them.
CREATE TABLE user_counts (
    is_active  INTEGER NOT NULL,
    is_admin   INTEGER NOT NULL,
    count      INTEGER NOT NULL,
    PRIMARY KEY (is_active, is_admin)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER users_count_inserted AFTER INSERT ON users WHEN NEW.deleted_at IS NULL BEGIN
    INSERT INTO user_counts VALUES (NEW.is_active, NEW.is_admin, 1)
        ON CONFLICT DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER users_count_deleted AFTER DELETE ON users WHEN OLD.deleted_at IS NULL BEGIN
    UPDATE user_counts SET count = count - 1 WHERE is_active = OLD.is_active AND is_admin = OLD.is_admin;
END;
CREATE TRIGGER users_count_changed AFTER UPDATE OF is_active, is_admin, deleted_at ON users BEGIN
    UPDATE user_counts SET count = count - 1
        WHERE is_active = OLD.is_active AND is_admin = OLD.is_admin AND OLD.deleted_at IS NULL;
    INSERT INTO user_counts SELECT NEW.is_active, NEW.is_admin, 1 WHERE NEW.deleted_at IS NULL
        ON CONFLICT DO UPDATE SET count = count + 1;
END;

-- There is one writer, so what a trigger sees can not change under it.
CREATE TRIGGER users_last_administrator_update BEFORE UPDATE ON users
WHEN OLD.is_admin AND OLD.is_active AND OLD.deleted_at IS NULL
    AND NOT (NEW.is_admin AND NEW.is_active AND NEW.deleted_at IS NULL)
    AND NOT EXISTS (
        SELECT 1 FROM users WHERE is_admin AND is_active AND deleted_at IS NULL AND id <> OLD.id
    )
BEGIN
    SELECT RAISE(ABORT, 'users_last_administrator');
END;
CREATE TRIGGER users_last_administrator_delete BEFORE DELETE ON users
WHEN OLD.is_admin AND OLD.is_active AND OLD.deleted_at IS NULL
    AND NOT EXISTS (
        SELECT 1 FROM users WHERE is_admin AND is_active AND deleted_at IS NULL AND id <> OLD.id
    )
BEGIN
    SELECT RAISE(ABORT, 'users_last_administrator');
END;

CREATE TABLE sessions (
    id              BLOB PRIMARY KEY NOT NULL CONSTRAINT sessions_id_length CHECK (length(id) = 16),
    user_id         BLOB NOT NULL CONSTRAINT sessions_user_id_fkey REFERENCES users (id) ON DELETE CASCADE,
    counter         INTEGER NOT NULL DEFAULT 0 CONSTRAINT sessions_counter_positive CHECK (counter >= 0),
    created_at      INTEGER NOT NULL,
    last_used_at    INTEGER NOT NULL,
    expires_at      INTEGER NOT NULL,
    revoked_at      INTEGER,
    revoke_reason   TEXT,
    address         TEXT NOT NULL DEFAULT '',
    user_agent      TEXT NOT NULL DEFAULT '',
    CONSTRAINT sessions_expire_later CHECK (expires_at > created_at),
    CONSTRAINT sessions_revoked_with_reason CHECK ((revoked_at IS NULL) = (revoke_reason IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_of_user ON sessions (user_id, created_at) WHERE revoked_at IS NULL;
-- The cascade looks for all sessions of a user, ended ones too.
CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);
CREATE INDEX sessions_alive ON sessions (expires_at) WHERE revoked_at IS NULL;

CREATE TABLE revocations (
    kind         TEXT NOT NULL CONSTRAINT revocations_kind CHECK (kind IN ('session', 'user')),
    subject      BLOB NOT NULL CONSTRAINT revocations_subject_length CHECK (length(subject) = 16),
    valid_after  INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    PRIMARY KEY (kind, subject)
) STRICT, WITHOUT ROWID;
CREATE INDEX revocations_by_time ON revocations (valid_after);
CREATE INDEX revocations_by_expiry ON revocations (expires_at);

CREATE TABLE audit (
    id           BLOB PRIMARY KEY NOT NULL CONSTRAINT audit_id_length CHECK (length(id) = 16),
    at           INTEGER NOT NULL,
    actor_id     BLOB,
    actor_name   TEXT NOT NULL DEFAULT '',
    action       TEXT NOT NULL,
    is_success   INTEGER NOT NULL CONSTRAINT audit_is_success_boolean CHECK (is_success IN (0, 1)),
    target_id    BLOB,
    target_name  TEXT NOT NULL DEFAULT '',
    before       TEXT,
    after        TEXT,
    address      TEXT NOT NULL DEFAULT '',
    request_id   TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;
CREATE INDEX audit_by_actor ON audit (actor_id, at, id);
CREATE INDEX audit_by_target ON audit (target_id, at, id);
CREATE INDEX audit_by_action ON audit (action, at, id);
CREATE INDEX audit_by_time ON audit (at, id);

CREATE TABLE daily_counts (
    day    INTEGER NOT NULL,
    event  TEXT NOT NULL,
    count  INTEGER NOT NULL,
    PRIMARY KEY (day, event)
) STRICT, WITHOUT ROWID;

CREATE TABLE signing_keys (
    id            TEXT PRIMARY KEY NOT NULL,
    algorithm     TEXT NOT NULL CONSTRAINT signing_keys_algorithm CHECK (algorithm IN ('HS256', 'RS256', 'ES256', 'EdDSA')),
    state         TEXT NOT NULL CONSTRAINT signing_keys_state CHECK (state IN ('next', 'active', 'retired')),
    public_key    BLOB,
    private_key   BLOB NOT NULL,
    created_at    INTEGER NOT NULL,
    activated_at  INTEGER,
    retired_at    INTEGER
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX signing_keys_one_active ON signing_keys (algorithm) WHERE state = 'active';

INSERT INTO schema_migrations (version, name) VALUES (1, '0001_foundation') ON CONFLICT (version) DO NOTHING;
