#!/usr/bin/env bash
# make test-backup: deploy/backup and deploy/restore_drill on a PostgreSQL and two repositories made for it, with the
# configurations of deploy/ themselves; a fiche deleted by mistake, and the site of just before brought back.
set -euo pipefail
cd "$(dirname "$0")/.."
server=/usr/lib/postgresql/15/bin
for needed in $server/initdb pgbackrest psql; do
  command -v $needed > /dev/null || { echo "$needed is not installed: apt-get install postgresql-15 pgbackrest"; exit 1; }
done

# As nobody where we are root (PostgreSQL refuses root), on a copy that nobody may read.
folder=$(mktemp -d) site=$folder/site
mkdir "$site"
cp -r manage.py repertoire initiatives templates static locale fixtures deploy "$site/"
base=$(.venv/bin/python -c 'import sys; print(sys._base_executable)')
system=/usr/bin/python$("$base" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
[ ! -x "$system" ] || base=$system    # root's own may stand where nobody else may read
"$base" -m venv --without-pip "$site/.venv"
cp -r .venv/lib/. "$site/.venv/lib/"
as=()
if [ "$(id -u)" = 0 ]; then chown -R nobody "$folder"; chmod 755 "$folder"; as=(setpriv --reuid=nobody --clear-groups); fi
trap '"${as[@]}" $server/pg_ctl -D "$folder/data" -m immediate -s stop || true; rm -rf "$folder"' EXIT

sed -e "s|^repo1-path=.*|repo1-path=$folder/here|" -e "s|CHANGE-ME|$(head -c 30 /dev/urandom | base64)|" \
    -e "s|^pg1-path=.*|pg1-path=$folder/data\npg1-socket-path=$folder\npg1-user=postgres|" deploy/pgbackrest.conf > "$folder/pgbackrest.conf"
cat >> "$folder/pgbackrest.conf" <<END
[global:archive-push]
log-level-console=error
END
sed -i "/^\[global\]/a repo2-path=$folder/elsewhere\nrepo2-cipher-type=aes-256-cbc\nrepo2-cipher-pass=another\nrepo2-retention-full=2" "$folder/pgbackrest.conf"
export PGBACKREST_CONFIG=$folder/pgbackrest.conf PGBACKREST_LOG_PATH=$folder PGBACKREST_LOCK_PATH=$folder/lock PGBACKREST_SPOOL_PATH=$folder/spool HOME=$folder
export PGHOST=$folder PGUSER=postgres DATABASE_URL="postgresql://postgres@/repertoire?host=$folder" REPERTOIRE_ENV=development
export SECRET_KEY=$(head -c 60 /dev/urandom | base64 -w0) READ_SENTENCES=0 RESERVE=none PYTHONDONTWRITEBYTECODE=1
manage() { "${as[@]}" "$site/.venv/bin/python" "$site/manage.py" "$@"; }
shell() { manage shell --no-imports -c "$1"; }
step() { printf '\n== %s\n' "$1"; }

step "a site, whose PostgreSQL has the settings of deploy/postgresql.conf"
"${as[@]}" $server/initdb -D "$folder/data" -U postgres --auth=trust --encoding=UTF8 --locale=C.UTF-8 > /dev/null
cat deploy/postgresql.conf >> "$folder/data/postgresql.conf"
"${as[@]}" $server/pg_ctl -D "$folder/data" -s -w -l "$folder/log" -o "-k $folder -c listen_addresses=''" start
"${as[@]}" createdb repertoire
for_all() { "${as[@]}" pgbackrest --stanza=repertoire "$@"; }
for_all stanza-create
manage migrate --verbosity 0
manage load_directory | tail -1
manage collectstatic --noinput --verbosity 0

step "a full backup, an edit, an incremental one"
"${as[@]}" "$site/deploy/backup" full
shell "from initiatives.models import Initiative; Initiative.objects.filter(slug='mobilis').update(frequence='motsecretdelessai')"
"${as[@]}" "$site/deploy/backup" incr
for_all info
! grep -rql motsecretdelessai "$folder/here" "$folder/elsewhere" || { echo "A repository can be read without its key."; exit 1; }

step "the drill: the restored site says the same"
"${as[@]}" "$site/deploy/restore_drill" "$folder/drill"
test ! -e "$folder/drill"
step "the same from the other repository"
"${as[@]}" "$site/deploy/restore_drill" --repo 2 --without-documents "$folder/drill"

step "a fiche is deleted by mistake, and the site of just before comes back"
before=$(psql -XqAt -d repertoire -c 'SELECT clock_timestamp()')
sleep 1
psql -Xq -d repertoire -c "SET session_replication_role = replica; DELETE FROM initiatives_initiative WHERE slug = 'mobilis'"
for_all check
"${as[@]}" "$site/deploy/restore_drill" --to "$before" --without-documents --keep "$folder/before"
found() { psql -XqAt -h "$1" -d repertoire -c "SELECT statut, frequence FROM initiatives_initiative WHERE slug = 'mobilis'"; }
echo "now: « $(found "$folder") »; restored: « $(found "$folder/before") »"
[ "$(found "$folder")" = "" ] && [ "$(found "$folder/before")" = "publiee|motsecretdelessai" ]
"${as[@]}" $server/pg_ctl -D "$folder/before/data" -m immediate -s stop

step "what was marked in the site"
psql -Xq -d repertoire -c 'SELECT tache, reussi, round(duree_s) AS secondes, detail FROM initiatives_execution ORDER BY 1, 2'

step "a drill whose site is not the same fails"
psql -Xq -d repertoire -c "ALTER SYSTEM SET datestyle = 'SQL'" -c 'SELECT pg_reload_conf()' > /dev/null    # in no WAL
if "${as[@]}" "$site/deploy/restore_drill" --without-documents "$folder/drill"; then echo "It said that all was well."; exit 1; fi
echo; echo "all passed"
