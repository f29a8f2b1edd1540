-- A login changes the time of the last one, which is sorted by, so Postgres writes the row into every index again. What is new
-- to this one waited in a list of up to 4 MB, which every search went through from its beginning to its end.

ALTER INDEX users_search SET (fastupdate = off);
DO $$
BEGIN
    PERFORM gin_clean_pending_list('users_search');
END
$$;
