-- How many sessions have not been ended: the twin of ../0002_session_counts.sql.

CREATE TABLE session_counts (
    shard  INTEGER PRIMARY KEY,
    count  INTEGER NOT NULL
) STRICT;

CREATE TRIGGER sessions_count_inserted AFTER INSERT ON sessions WHEN NEW.revoked_at IS NULL BEGIN
    UPDATE session_counts SET count = count + 1;
END;
CREATE TRIGGER sessions_count_deleted AFTER DELETE ON sessions WHEN OLD.revoked_at IS NULL BEGIN
    UPDATE session_counts SET count = count - 1;
END;
CREATE TRIGGER sessions_count_changed AFTER UPDATE OF revoked_at ON sessions
WHEN (OLD.revoked_at IS NULL) <> (NEW.revoked_at IS NULL)
BEGIN
    UPDATE session_counts SET count = count + CASE WHEN NEW.revoked_at IS NULL THEN 1 ELSE -1 END;
END;

INSERT INTO session_counts (shard, count) SELECT 0, count(*) FROM sessions WHERE revoked_at IS NULL;

INSERT INTO schema_migrations (version, name) VALUES (2, '0002_session_counts') ON CONFLICT (version) DO NOTHING;
