-- Merges what the search has gathered in pieces: the twin of ../0003_search_without_pending_list.sql, which has a list to empty.

INSERT INTO users_search (users_search) VALUES ('optimize');

INSERT INTO schema_migrations (version, name) VALUES (3, '0003_search_without_pending_list')
    ON CONFLICT (version) DO NOTHING;
