#!/usr/bin/env bash
# Makes the account with which the API signs in to Postgres, or gives it another password. It can not alter the schema.
# Run by the Postgres container at its first boot, after the schema, and by the stack at every start; POSTGRES_USER,
# POSTGRES_DB and how to reach the server come from the environment, the password from the file that
# POSTGRES_APP_PASSWORD_FILE names.
set -euo pipefail

# Over a pipe: arguments are seen by everybody on the machine.
{
    printf '\\set password %s\n' "'$(sed "s/['\\\\]/\\\\&/g" "${POSTGRES_APP_PASSWORD_FILE:?}")'"
    cat <<'SQL'
SELECT NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'gatehouse_app') AS schema_is_missing \gset
\if :schema_is_missing
    CREATE ROLE gatehouse_app NOLOGIN;
\endif
SELECT NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'gatehouse_api') AS account_is_missing \gset
\if :account_is_missing
    CREATE ROLE gatehouse_api LOGIN IN ROLE gatehouse_app;
\endif
ALTER ROLE gatehouse_api PASSWORD :'password';
SQL
} | psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --username="${POSTGRES_USER:?}" --dbname="${POSTGRES_DB:?}" >/dev/null
