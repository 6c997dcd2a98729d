"""Markdown: what a person pastes into a mail or a wiki; nothing in a text becomes markup."""

import re
from typing import assert_never

from crmkit.report.harmless import lines, one_line
from crmkit.report.page import Block, Card, Chart, Fact, Facts, Heading, Page, Road, Scatter, Table, Text, shown
from crmkit.report.words import _

_MARKUP = re.compile(r"[\\`*_{}\[\]<>|~$#&]|^[-+=:](?= |$|[-=])|(?<=^[0-9])[.)]|(?<=^[0-9][0-9])[.)]")


def render_md(page: Page) -> str:
    """The whole page as GitHub-flavoured Markdown."""
    parts = [f"# {_safe(page.title)}"]
    if page.subtitle:
        parts.append(_safe(page.subtitle))
    if page.facts:
        parts.append(_facts(page.facts))
    parts.extend(_block(block) for block in page.blocks if not _for_eyes_only(block))
    return "\n\n".join(parts) + "\n"


def _for_eyes_only(block: Block) -> bool:
    return isinstance(block, Chart | Scatter | Road) or (isinstance(block, Card) and block.paper_only)


def _block(block: Block) -> str:
    match block:
        case Heading(text):
            return f"## {_safe(text)}"
        case Text(text):
            return "  \n".join(_safe(line) for line in lines(text))
        case Facts(facts):
            return _facts(facts)
        case Table():
            return _table(block)
        case Card():
            return _card(block)
        case Chart() | Scatter() | Road():
            return ""  # its numbers stand in a table of the page
    assert_never(block)


def _facts(facts: tuple[Fact, ...]) -> str:
    return "\n".join(f"- **{_safe(fact.word)}** {_safe(fact.value)}" for fact in facts)


def _table(table: Table) -> str:
    from tabulate import tabulate

    title = f"**{_safe(table.title)}**\n\n" if table.title else ""
    if not table.rows:
        return title + _safe(table.empty)
    return title + tabulate(
        [[_safe(shown(cell)) for cell in row] for row in table.rows],
        headers=[_safe(column.word) for column in table.columns],
        tablefmt="pipe",
        disable_numparse=True,
        colalign=["right" if column.kind == "number" else "left" for column in table.columns],
    )


def _card(card: Card) -> str:
    parts = (card.number, card.code, card.title, card.mark)
    head = " · ".join(_safe(part) for part in parts if part)
    written = [f"### {head}", *(f"{_safe(line)}  " for line in (card.aside, *card.lines) if line)]
    written.extend(f"{_safe(note.word)}: {_safe(note.value)}  " for note in card.notes)
    if card.verify:
        written.append(f"{_safe(card.verify[0])}: {_safe(_(', ').join(card.verify[1:]))}  ")
    written.append("")
    written.extend(f"- [ ] {_safe(f'{task.code} {task.text} {task.note}'.strip())}" for task in card.tasks)
    return "\n".join(written).rstrip()


def _safe(text: str) -> str:
    return _MARKUP.sub(r"\\\g<0>", one_line(text))
