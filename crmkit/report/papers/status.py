"""The front page: the month's fourteen steps."""

from crmkit.model.status import StepState, StepStatus
from crmkit.report import terms
from crmkit.report.page import Column, Fact, Page, Table, Term, Text
from crmkit.report.words import _, later
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
}

STATE_WORDS: dict[StepState, str] = {
    StepState.DONE: later("done"),
    StepState.OPEN: later("open"),
    StepState.LATE: later("late"),
    StepState.BLOCKED: later("blocked"),
    StepState.AHEAD: later("later"),
}

MARKS: dict[StepState, str] = {
    StepState.DONE: "★",
    StepState.OPEN: "○",
    StepState.LATE: "!",
    StepState.BLOCKED: "×",
    StepState.AHEAD: "·",
}


def page(front: Front) -> Page:
    """Every step of the month and the one command to type next."""
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
    following = front.status.next_command
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
        blocks=(Table(columns, rows), Text(_next(following))),
        data=_data(front),
    )


def reminders(front: Front) -> Page | None:
    """What is late, what is not typed in, and the next command; None when nothing waits."""
    rows = [
        (Term(step.key, _(STEP_WORDS[step.key])), Term("late", _("late")), step.due, step.command)
        for step in front.status.steps
        if step.late
    ]
    if front.facts.unrecorded:
        missing = _("{count} visits not typed in").format(count=front.facts.unrecorded)
        rows.append((Term("unrecorded", missing), Term("open", _("open")), front.today, "visit log"))
    if not rows:
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
        blocks=(Table(columns, tuple(rows)),),
    )


def _next(command: str | None) -> str:
    if command is None:
        return _("Nothing waits.")
    return _("Next: {command}").format(command=f"crmkit {command}")


def _note(step: StepStatus) -> str:
    if step.blocked_by:
        return _(STEP_WORDS[step.blocked_by])
    return _("{count} missing").format(count=step.missing) if step.missing else ""


def _data(front: Front) -> dict[str, object]:
    return {
        "manager": front.manager.code,
        "month": str(front.status.month),
        "next": front.status.next_command,
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
