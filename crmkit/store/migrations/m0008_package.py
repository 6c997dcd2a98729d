"""Packages that left for another machine, and answers received. Frozen once released.

`strategies` and `plan` are the steps that a package carried away, or that an answer brought about. `answers` is the
digest of the package an answer is to.
"""

from crmkit.store.migrations.m0001_first import _month, _text

_DIGEST = "length({0})=64 AND {0} NOT GLOB '*[^0-9a-f]*'"

STATEMENTS: tuple[str, ...] = (
    f"""CREATE TABLE package(
        id INTEGER PRIMARY KEY, manager INTEGER NOT NULL REFERENCES person(id), {_month("month")},
        digest TEXT NOT NULL CHECK({_DIGEST.format("digest")}),
        answers TEXT CHECK(answers IS NULL OR ({_DIGEST.format("answers")})),
        strategies INTEGER REFERENCES transition(id), plan INTEGER REFERENCES transition(id),
        {_text("at", 40, null=False)}, {_text("actor", 100, null=False)}, UNIQUE(manager, digest)) STRICT""",
    "CREATE INDEX package_strategies ON package(strategies)",
    "CREATE INDEX package_plan ON package(plan)",
)
