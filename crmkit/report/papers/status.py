"""The front page: the month's fourteen steps."""

from collections.abc import Callable

from crmkit.model.status import StepState, StepStatus
from crmkit.report import terms
from crmkit.report.page import Column, Fact, Page, Table, Term, Text
from crmkit.report.papers.headings import rejected
from crmkit.report.papers.visit_debts import debt_line
from crmkit.report.words import _, later, ngettext
from crmkit.workflow.month_status import Front

STEP_WORDS: dict[str, str] = {
    "base": later("Base data"),
    "demand": later("Direct demand"),
    "operating": later("Operating state"),
    "brand_targets": later("Brand targets"),
    "target_customers": later("Target customers"),
    "brand_state": later("Brand state"),
    "market": later("Market"),
    "strategies": later("Service strategies"),
    "plan": later("Month plan"),
    "visits": later("Visit plan"),
    "week": later("Week schedule"),
    "day": later("Daily visits"),
    "annotation": later("Annotation"),
    "week_summary": later("Week summary"),
    "month_summary": later("Month summary"),
    "approval": later("Approval"),
    "watch_list": later("Watch list"),
}

STATE_WORDS: dict[StepState, str] = {
    StepState.DONE: later("done"),
    StepState.OPEN: later("open"),
    StepState.LATE: later("late"),
    StepState.BLOCKED: later("blocked"),
    StepState.AHEAD: later("later"),
}

_REST: dict[str, str] = {
    "import": later("FILE…"),
    "analyze score": later("--carry | --all 3 | CUSTOMER display=4 …"),
    "analyze target set": later("PRODUCT on_shelf=60 sell_through=85 repurchase=70 stock_out=5"),
    "analyze target choose": later("PRODUCT --where grade=20-30"),
    "plan strategies --satisfaction": "90",
    "plan approve": later("--as MARKETMANAGER"),
    "plan week": later("--market TEXT --brand TEXT"),
    "summarize week --week": "2026-W45",
}
"""What a person adds to a command that cannot be typed as it is."""

_OF_A_MONTH = ("analyze", "plan", "annotate", "summarize month")  # take --month

MARKS: dict[StepState, str] = {
    StepState.DONE: "★",
    StepState.OPEN: "○",
    StepState.LATE: "!",
    StepState.BLOCKED: "×",
    StepState.AHEAD: "·",
}


def page(front: Front, carry: Callable[[str], str] = str) -> Page:
    """Every step of the month and the one command to type next; `carry` says whose month it is."""
    columns = (
        Column("mark", ""),
        Column("step", _("No."), "number"),
        Column("name", _("Step")),
        Column("state", _("State")),
        Column("due", _("Due")),
        Column("note", _("Waits for")),
        Column("command", _("Type")),
    )
    rows = tuple(
        (
            MARKS[step.state],
            step.number,
            Term(step.key, _(STEP_WORDS[step.key])),
            Term(step.state.value, _(STATE_WORDS[step.state])),
            step.due,
            _note(step),
            step.command,
        )
        for step in front.status.steps
    )
    return Page(
        title=_("{manager}: {month}").format(manager=front.manager.name, month=terms.month_words(front.status.month)),
        schema="status/1",
        generated_for=front.today,
        facts=(
            Fact(_("Today"), terms.day_words(front.today)),
            Fact(_("Valid customers"), str(front.facts.customers)),
            Fact(_("Planned visits"), str(front.facts.owed_visits)),
            Fact(_("Not yet typed in"), str(front.facts.unrecorded)),
        ),
        blocks=(Table(columns, rows), *_sent_back(front), *debt_line(front.owed), Text(carry(_next(front)))),
        data=_data(front),
    )


def reminders(front: Front) -> Page | None:
    """What is late, what is not typed in, what was sent back; None when nothing waits."""
    rows = [
        (Term(step.key, _(STEP_WORDS[step.key])), Term("late", _("late")), step.due, step.command)
        for step in front.status.steps
        if step.late
    ]
    if front.facts.unrecorded:
        missing = _("{count} visits not typed in").format(count=front.facts.unrecorded)
        rows.append((Term("unrecorded", missing), Term("open", _("open")), front.today, _evening(front)))
    if front.left_over:
        text = _("{count} visits of {month} not typed in")
        missing = text.format(count=len(front.left_over), month=terms.month_words(front.status.month.previous))
        first = front.left_over[0]
        rows.append((Term("left_over", missing), Term("late", _("late")), first, f"visit list --date {first}"))
    if front.waiting:
        rows.append((Term("approval", _waiting(front)), Term("open", _("open")), front.today, "review"))
    if not rows and front.rejection is None:
        return None
    columns = (
        Column("step", _("Step")),
        Column("state", _("State")),
        Column("due", _("Due")),
        Column("command", _("Type")),
    )
    return Page(
        title=_("{manager}: what waits").format(manager=front.manager.name),
        schema="reminders/1",
        generated_for=front.today,
        blocks=(*((Table(columns, tuple(rows)),) if rows else ()), *_sent_back(front)),
    )


def _sent_back(front: Front) -> tuple[Text, ...]:
    """Why the month was sent back, and how many single lines wait for an answer."""
    if not front.feedback:
        return rejected(front.rejection)
    count = len(front.feedback)
    told = ngettext("{count} line has feedback: {command}", "{count} lines have feedback: {command}", count)
    command = f"crmkit plan show --month {front.status.month}"
    return (*rejected(front.rejection), Text(told.format(count=count, command=command), "warning"))


def _waiting(front: Front) -> str:
    return ngettext("{count} plan waits", "{count} plans wait", front.waiting).format(count=front.waiting)


def _next_command(front: Front) -> str | None:
    """Whoever decides on others' months decides first."""
    return "review" if front.waiting else front.status.next_command


def _next(front: Front) -> str:
    """The command as it can be typed: what it needs besides, and the month where it is not this one."""
    command = _next_command(front)
    if command is None:
        return _("Nothing waits.")
    if front.waiting:
        return _("{count}. Next: {command}").format(count=_waiting(front), command=f"crmkit {command}")
    words = ["crmkit", command]
    if command == "visit enter":
        words = ["crmkit", _evening(front)]
    if command in _REST:
        words.append(_(_REST[command]))
    if front.today not in front.status.month and command.startswith(_OF_A_MONTH):
        words.append(f"--month {front.status.month}")
    return _("Next: {command}").format(command=" ".join(words))


def _evening(front: Front) -> str:
    """The lines of the first day that waits to be typed in."""
    return f"visit enter --date {front.facts.unrecorded_since or front.today}"


def _note(step: StepStatus) -> str:
    if step.blocked_by:
        return _(STEP_WORDS[step.blocked_by])
    return _("{count} missing").format(count=step.missing) if step.missing else ""


def _data(front: Front) -> dict[str, object]:
    return {
        "manager": front.manager.code,
        "month": str(front.status.month),
        "next": _next_command(front),
        "rejected": front.rejection.reason if front.rejection else None,
        "feedback": len(front.feedback),
        "visit_debts": len(front.owed),
        "steps": [
            {
                "number": step.number,
                "key": step.key,
                "state": step.state.value,
                "due": step.due.isoformat() if step.due else None,
                "late": step.late,
                "missing": step.missing,
                "blocked_by": step.blocked_by,
                "command": step.command,
            }
            for step in front.status.steps
        ],
    }
