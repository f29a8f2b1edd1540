-- Merges what the search has gathered in pieces: the twin of ../0003_search_at_once.sql, which has a list to empty.

INSERT INTO users_search (users_search) VALUES ('optimize');
