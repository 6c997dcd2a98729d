#!/bin/sh
# Print the sheet of the next working day into a folder, as PDF (to print) and HTML (to read on a phone).
# Cron's day and zone do not matter: crmkit counts working days in the business zone of its settings.
#
#   CRMKIT     the program           (default: crmkit)
#   CRMKIT_DB  the database          (needed)
#   SHEETS     where the sheets go   (needed)
set -eu
umask 077
program=${CRMKIT:-crmkit}
: "${CRMKIT_DB:?set CRMKIT_DB to the database file}"
: "${SHEETS:?set SHEETS to the folder for the sheets}"
export CRMKIT_DB

# 3 means "done, with a warning": the warning is on stderr, cron mails it
sheet() {
    "$program" visit sheet --date "$@" || { code=$?; [ "$code" -eq 3 ] || exit "$code"; }
}

mkdir -p "$SHEETS"
found=$(sheet next --no-mark --format json)
day=$(printf '%s\n' "$found" | sed -n 's/^ *"generated_for": "\([0-9-]*\)".*/\1/p')
[ -n "$day" ] || { echo "print-sheet: no working day found" >&2; exit 1; }
sheet "$day" --no-mark --quiet -o "$SHEETS/sheet-$day.html"
sheet "$day" --quiet -o "$SHEETS/sheet-$day.pdf"
echo "$SHEETS/sheet-$day.pdf"
