#!/bin/sh
# Keep a checked copy of the database in another place: a second disk, a memory stick, a folder of the office.
# crmkit makes backups of its own beside the file before the first write of a day; this one survives the disk.
#
#   CRMKIT     the program                (default: crmkit)
#   CRMKIT_DB  the database               (needed)
#   BACKUPS    where the copies go        (needed)
#   KEEP       how many copies are kept   (default: 60)
set -eu
umask 077
program=${CRMKIT:-crmkit}
: "${CRMKIT_DB:?set CRMKIT_DB to the database file}"
: "${BACKUPS:?set BACKUPS to the folder for the copies}"
export CRMKIT_DB

mkdir -p "$BACKUPS"
copy=$BACKUPS/crmkit-$(date -u +%Y%m%dT%H%M%SZ).db
"$program" db backup "$copy" --quiet >/dev/null
"$program" --db "$copy" db check

# the oldest copies go; their names sort by time
set -- "$BACKUPS"/crmkit-????????T??????Z.db
while [ "$#" -gt "${KEEP:-60}" ]; do
    rm -- "$1"
    shift
done
