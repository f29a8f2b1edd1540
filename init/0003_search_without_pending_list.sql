-- Every login writes its row into every index again, because last_login_at is in one. GIN kept such rows in a list of up to 4 MB,
-- which each search read whole.

-- Most of the list is emptied before the index is locked, and what has come meanwhile after it.
SELECT gin_clean_pending_list('users_search');
ALTER INDEX users_search SET (fastupdate = off);
SELECT gin_clean_pending_list('users_search');

INSERT INTO schema_migrations (version, name) VALUES (3, '0003_search_without_pending_list')
    ON CONFLICT (version) DO NOTHING;
