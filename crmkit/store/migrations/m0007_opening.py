"""What a person answered when a month was opened: to which exception, as it stood then. Frozen once released.

Only answers that leave no other trace are kept here, and what the reviewer is to be told of them. `subject` is the code
of a customer, product or indicator; `basis` what it stood at; `asked` 0 where nobody saw the question.
"""

from crmkit.store.migrations.m0001_first import _flag, _month, _text, _word

STATEMENTS: tuple[str, ...] = (
    f"""CREATE TABLE opening_answer(
        id INTEGER PRIMARY KEY, manager INTEGER NOT NULL REFERENCES person(id), {_month("month")},
        {_text("matter", 40, null=False)}, {_text("subject", 100, null=False)}, {_text("basis", 100)},
        {_word("mark", "carried", "assumed", "taken", "changed")}, {_flag("asked")}, {_text("actor", 100, null=False)},
        {_text("at", 40, null=False)}, {_text("note", 1000)}, UNIQUE(manager, month, matter, subject)) STRICT""",
)
