"""`visit log` of one visit, not the day's first write, against `sqlite-utils insert` of one JSON row: at most 1.5 ×.

Each pair writes another customer's visit and another row. The row goes into a table that is there already, of an own
file with its default settings; ours keeps the log of changes, the short codes of tasks and a commit that survives a
power cut.
"""

import json
import sqlite3

from area import WORKING_DAY, fresh, sweep
from pairs import CRMKIT, Measured, interleaved, run

SQLITE_UTILS = CRMKIT.with_name(CRMKIT.name.replace("crmkit", "sqlite-utils"))


def measure(pairs: int = 25) -> Measured:
    folder = fresh("visit-log")
    with sqlite3.connect(folder / "crmkit.db") as connection:
        found = connection.execute("SELECT code FROM customer WHERE state = 'active' ORDER BY code")
        codes = [code for (code,) in found]
    connection.close()

    def ours(number: int) -> None:
        code = codes[number + 1]
        run(CRMKIT, "visit", "log", code, "--effect", "two cartons more", cwd=folder, now=WORKING_DAY)

    def theirs(number: int) -> None:
        row = {"customer": codes[number + 1], "day": "2026-11-05", "method": "onsite", "effect": "two cartons more"}
        run(SQLITE_UTILS, "insert", folder / "plain.db", "visit", "-", text=json.dumps(row))

    return interleaved("visit log / sqlite-utils insert of one row", ours, theirs, pairs, 1.5)


if __name__ == "__main__":
    print(measure().line())
    sweep()
