#!/bin/sh
# Say what is late or waits. Silent when nothing does, so that cron sends a mail only when there is something to read.
#
#   CRMKIT     the program   (default: crmkit)
#   CRMKIT_DB  the database  (needed)
set -eu
program=${CRMKIT:-crmkit}
: "${CRMKIT_DB:?set CRMKIT_DB to the database file}"
export CRMKIT_DB

# 3 means "something waits": an answer, not a failure
"$program" remind "$@" || { code=$?; [ "$code" -eq 3 ] || exit "$code"; }
