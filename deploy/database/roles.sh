#!/bin/sh
# Makes the owner, who migrates, the runtime role, who serves, and their database, at the first start of the container.
# The passwords come from files: OWNER_PASSWORD_FILE and APP_PASSWORD_FILE.
set -eu
here="$(dirname "$0")"
owner_password="$(cat "$OWNER_PASSWORD_FILE")"
app_password="$(cat "$APP_PASSWORD_FILE")"
export owner_password app_password # read by psql itself, so that no argument shows them

psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --dbname=postgres --username="${POSTGRES_USER:-postgres}" <<'SQL'
\getenv owner_password owner_password
\getenv app_password app_password
CREATE ROLE homeward_owner LOGIN NOSUPERUSER NOCREATEROLE NOBYPASSRLS NOREPLICATION NOCREATEDB PASSWORD :'owner_password';
CREATE ROLE homeward_app LOGIN NOSUPERUSER NOCREATEROLE NOBYPASSRLS NOREPLICATION NOCREATEDB PASSWORD :'app_password';
CREATE DATABASE homeward OWNER homeward_owner;
SQL
psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --dbname=homeward --username="${POSTGRES_USER:-postgres}" \
    --file="${RIGHTS_FILE:-$here/rights.sql}"
