#!/bin/sh
# Runs once, when the management server makes its data: the login of the application, which owns nothing.
set -eu
psql --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" --set ON_ERROR_STOP=1 \
  --set password="$APPLICATION_PASSWORD" <<'SQL'
create role clouddb_app login password :'password';
SQL
