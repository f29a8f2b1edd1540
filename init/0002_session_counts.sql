-- How many sessions have not been ended, so that nobody counts a million of them.
--
-- Sessions also come to their end by themselves, which no trigger sees: those are few at any time, since they are removed
-- soon after, and whoever wants to know how many are alive takes them off.

CREATE TABLE session_counts (
    -- There are several, as of users, so that those who sign in at the same time do not wait for each other.
    shard  integer PRIMARY KEY,
    count  bigint NOT NULL
);

CREATE FUNCTION sessions_count() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    change bigint;
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT count(*) INTO change FROM new_sessions WHERE revoked_at IS NULL;
    ELSE
        SELECT -count(*) INTO change FROM old_sessions WHERE revoked_at IS NULL;
    END IF;
    IF change <> 0 THEN
        INSERT INTO session_counts AS counts (shard, count) VALUES (pg_backend_pid() % 64, change)
            ON CONFLICT (shard) DO UPDATE SET count = counts.count + excluded.count;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER sessions_count_inserted AFTER INSERT ON sessions
    REFERENCING NEW TABLE AS new_sessions FOR EACH STATEMENT EXECUTE FUNCTION sessions_count();
CREATE TRIGGER sessions_count_deleted AFTER DELETE ON sessions
    REFERENCING OLD TABLE AS old_sessions FOR EACH STATEMENT EXECUTE FUNCTION sessions_count();

CREATE FUNCTION sessions_recount() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO session_counts AS counts (shard, count)
        VALUES (pg_backend_pid() % 64, CASE WHEN NEW.revoked_at IS NULL THEN 1 ELSE -1 END)
        ON CONFLICT (shard) DO UPDATE SET count = counts.count + excluded.count;
    RETURN NULL;
END
$$;
-- At the end of the transaction, when it waits for no other session any more: two that end several could otherwise wait for
-- each other. Not for a refresh, which leaves the column alone.
CREATE CONSTRAINT TRIGGER sessions_count_changed AFTER UPDATE OF revoked_at ON sessions
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN ((OLD.revoked_at IS NULL) IS DISTINCT FROM (NEW.revoked_at IS NULL))
    EXECUTE FUNCTION sessions_recount();

-- Nobody else adds or ends one meanwhile: the triggers above took a lock that is kept until the commit.
INSERT INTO session_counts (shard, count) SELECT 0, count(*) FROM sessions WHERE revoked_at IS NULL;

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'gatehouse_app') THEN
        -- Kept by triggers, which have the rights of whoever changes a session.
        GRANT SELECT, INSERT, UPDATE ON session_counts TO gatehouse_app;
    END IF;
END
$$;

INSERT INTO schema_migrations (version, name) VALUES (2, '0002_session_counts') ON CONFLICT (version) DO NOTHING;
