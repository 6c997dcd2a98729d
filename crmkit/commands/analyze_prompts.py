"""What a person is asked line by line: one customer's demand. A slip is told and asked again, nothing typed is lost."""

import sys

from crmkit.context import Context, write_stream
from crmkit.model.customer import Customer
from crmkit.model.errors import Refusal
from crmkit.report import faults
from crmkit.report.words import _
from crmkit.workflow.take_demand import read_entry


def ask_demand(context: Context, customer: Customer) -> list[str]:
    """The lines of one questionnaire, as P1=5 or 服务=送货, until an empty one."""
    told = _("{customer}: a line each, as P1=5 or 服务=送货; an empty line ends.")
    context.say(told.format(customer=f"{customer.code} {customer.name}"))
    asked: list[str] = []
    while line := ask("> "):
        try:
            read_entry(context.store(), context.policy, [line])
        except Refusal as refusal:
            tell(context, refusal)
        else:
            asked.append(line)
    return asked


def ask(question: str) -> str | None:
    """One line a person types; None when there is no more (Ctrl-D)."""
    write_stream(sys.stderr, question)
    line = sys.stdin.readline()
    return line.strip() if line else None


def tell(context: Context, refusal: Refusal) -> None:
    """Say what was wrong, and go on."""
    for line in faults.lines(refusal):
        context.say(line)
