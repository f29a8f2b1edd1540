#!/usr/bin/env bash
# Run by the Postgres container at its first boot, which would run each file of the schema without a transaction: one that was
# killed halfway is applied in part then, and never again. Whatever is missing after a kill, `migrate` and the next start add.
set -euo pipefail

for file in "${MIGRATIONS_PATH:?}"/[0-9]*.sql; do
    psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --single-transaction --username="${POSTGRES_USER:?}" --dbname="${POSTGRES_DB:?}" \
        --file="$file"
done
"$MIGRATIONS_PATH/accounts.sh"
