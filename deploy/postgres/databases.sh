#!/bin/sh
# A database and an owner for each service; none may see another's.
set -eu
for name in registry requests notify keycloak; do
    variable="$(printf '%s' "$name" | tr '[:lower:]' '[:upper:]')_DATABASE_PASSWORD"
    psql -v ON_ERROR_STOP=1 -U postgres -v name="$name" -v password="$(printenv "$variable")" <<'SQL'
create role :"name" login password :'password';
create database :"name" owner :"name";
revoke connect on database :"name" from public;
SQL
done
