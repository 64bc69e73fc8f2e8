#!/bin/sh
# Once, when the database is made: who the site is, and who follows.
psql -v ON_ERROR_STOP=1 -U postgres -d repertoire -v site="$POSTGRES_PASSWORD" -v copy="$REPLICATION_PASSWORD" <<'SQL'
CREATE ROLE repertoire LOGIN PASSWORD :'site';
ALTER DATABASE repertoire OWNER TO repertoire;
CREATE ROLE replique LOGIN REPLICATION PASSWORD :'copy';
SQL
