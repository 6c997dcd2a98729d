"""The evening's lines as they are, or would be, kept; and what cannot be kept, line by line."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from crmkit.model.evening import Slip, SlipOfLine
from crmkit.model.visit import MissReason
from crmkit.report.fieldwords import FIELDS, field_word
from crmkit.report.page import Block, Column, Fact, Facts, Page, Table, Term, Text
from crmkit.report.papers.headings import unwritten
from crmkit.report.papers.visits import seen_words
from crmkit.report.terms import day_words, short_day, word
from crmkit.report.words import _, ngettext
from crmkit.workflow.enter_day import Evening, ShopKept

_JOINT = " · "
_SHOWN = 8
_STAMP = r"[\d\s:：/.,\-—–_=年月日]+"
_NO_WORD = re.compile(rf"^{_STAMP}|{_STAMP}$")  # of 张三 2026/11/27 18:02 the name is left


def evening_page(found: Evening, *, dry_run: bool = False, preview: bool = False) -> Page:
    """Shops in the order of the sheet, what is still to be typed, what cannot be kept. `preview`: about to be asked."""
    return Page(
        title=_("The day typed in"),
        subtitle=_JOINT.join((found.manager.name, day_words(found.day))),
        schema="evening/1",
        facts=tuple(_facts(found)),
        blocks=tuple(_blocks(found, dry_run=dry_run)),
        data={
            "manager": found.manager.code,
            "date": found.day.isoformat(),
            "shops": [_shop_data(shop) for shop in found.shops],
            "slips": [_slip_data(slip) for slip in found.slips],
            "waiting": [{"code": code, "customer": customer.code} for code, customer in found.waiting],
            "skipped_lines": sorted(line for line, _text in (*found.skipped, *found.asides)),
            "kept": not (found.slips or dry_run or preview),
            "dry_run": dry_run or preview,
        },
        generated_for=found.day,
    )


def slip_words(slip: SlipOfLine) -> str:
    """K7N is no code. Meant K7M Zhang's shop?"""
    if slip.slip is Slip.NOT_ON_SHEET and len(slip.near) > 1:
        name, day = slip.near
        return _(
            "{typed} {name} is not on this day's sheet but on that of {day}: --date {iso}. Not planned today: +{typed}"
        ).format(typed=slip.typed, name=name, day=short_day(date.fromisoformat(day)), iso=day)
    return _SLIPS[slip.slip](slip.typed, _near(slip))


def _slip_fact(slip: SlipOfLine) -> Fact:
    return Fact(_("Line {number}").format(number=slip.line), slip_words(slip))


def how_to_type() -> str:
    """What a person at the prompt is told first."""
    return _(
        "A shop a line: K7M ★2 ●43 text · P3X ✗ closed · +name ●item. 异: anomaly, 意: opinion, 诺: promise, "
        "v or 核: both fields right, v1: the first, v2=what is right. "
        "A dot ends, < takes a line back."
    )


def taken_back(line: str) -> str:
    return _("Taken back: {line}").format(line=line or "-")


def nothing_kept(lines: str) -> str:
    """After a no: what was typed stands there once more, to be copied and mended."""
    told = [_("Nothing was kept.")]
    return "\n".join([*told, _("Your lines, to be pasted again:"), lines] if lines else told)


def question(found: Evening) -> str:
    made = len(found.shops)
    return ngettext("Keep {count} shop?", "Keep {count} shops?", made).format(count=made)


def _facts(found: Evening) -> list[Fact]:
    made = [shop for shop in found.shops if shop.logged.visit.visited]
    counts = [ngettext("{count} visit made", "{count} visits made", len(made)).format(count=len(made))]
    if missed := len(found.shops) - len(made):
        counts.append(_("{count} missed").format(count=missed))
    if extra := sum(shop.logged.visit.ad_hoc for shop in made):
        counts.append(_("{count} of them not planned ●").format(count=extra))
    if stars := sum(len(shop.logged.done) for shop in found.shops):
        counts.append(f"★ {stars}")
    facts = [Fact(_("Together"), _(", ").join(counts))] if found.shops else []
    if unsure := [shop for shop in found.shops if shop.entry.missed_yet_said]:
        codes = _(", ").join(shop.code for shop in unsure)
        told = _("{codes}. Visited after all? {code} effect: and the text").format(codes=codes, code=unsure[0].code)
        facts.append(Fact(_("Read as missed, though more was said"), told))
    if found.waiting:
        names = [f"{code} {customer.name}" for code, customer in found.waiting[:_SHOWN]]
        more = [f"… (+{len(found.waiting) - _SHOWN})"] if len(found.waiting) > _SHOWN else []
        told = _("{count}: {names}").format(count=len(found.waiting), names=_("; ").join([*names, *more]))
        facts.append(Fact(_("Not typed in yet"), told))
    if found.skipped:
        lines = _(", ").join(str(line) for line, _text in found.skipped)
        words = list(dict.fromkeys(filter(None, (_NO_WORD.sub("", text) for _line, text in found.skipped))))
        told = _("; ").join([*words[:_SHOWN], *(["…"] if len(words) > _SHOWN else [])])
        facts.append(Fact(_("Lines of the messenger, not kept"), f"{lines} ({told})" if told else lines))
    if found.asides:
        said = _("; ").join(f"{line} {text}" for line, text in found.asides)
        facts.append(Fact(_("Said by others, not kept"), said))
    return facts


def _blocks(found: Evening, *, dry_run: bool) -> list[Block]:
    blocks: list[Block] = []
    if found.slips:
        blocks.append(Text(_("Nothing was kept. These lines cannot be:"), "warning"))
        blocks.append(Facts(tuple(_slip_fact(slip) for slip in found.slips)))
    blocks.append(_table(found))
    if not found.slips and found.shops and all(shop.unchanged for shop in found.shops):
        blocks.append(Text(_("The same was typed before; nothing changed."), "note"))
    return [*blocks, *unwritten(dry_run=dry_run)]


def _table(found: Evening) -> Table:
    columns = (
        Column("code", _("Short")),
        Column("name", _("Name")),
        Column("state", _("State")),
        Column("tasks", "★", "number"),
        Column("items", "●"),
        Column("text", _("Text")),
    )
    return Table(columns, tuple(map(_row, found.shops)), empty=_("No shop was named."))


def _row(shop: ShopKept) -> tuple[str | int | Term | None, ...]:
    visit = shop.logged.visit
    state = word(visit.miss_reason) if visit.miss_reason else _("visited")
    told = [state, *(["●"] if visit.ad_hoc else []), *([_("corrected")] if shop.logged.corrected else [])]
    promised = [_("promised: {text}").format(text=text) for text in shop.entry.promises]
    return (
        shop.code,
        shop.entry.customer.name,
        Term("missed" if visit.miss_reason else "visited", " ".join(told)),
        len(shop.logged.done) or None,
        _("; ").join([*(f"●{number}" for number in shop.entry.finished), *shop.entry.items, *promised]) or None,
        _texts(shop) or None,
    )


def _texts(shop: ShopKept) -> str:
    visit = shop.logged.visit
    clock = f"{visit.arrived or '…'}-{visit.left or '…'}" if visit.arrived or visit.left else ""
    anomaly = _("anomaly: {text}").format(text=visit.anomaly) if visit.anomaly else ""
    opinion = _("opinion: {text}").format(text=visit.opinion) if visit.opinion else ""
    checked = [_("verified: {text}").format(text=seen_words(one)) for one in shop.logged.seen]
    return _("; ").join(part for part in (clock, visit.effect, anomaly, opinion, *checked) if part)


def _near(slip: SlipOfLine) -> str:
    if slip.slip is Slip.NO_REASON:
        return _(", ").join(word(MissReason(reason)) for reason in slip.near)
    if slip.slip is Slip.NOT_ASKED:
        return _(", ").join(f"{number} {field_word(name)}" for number, name in enumerate(slip.near, start=1))
    if slip.slip is Slip.NO_VALUE and slip.near[0] in FIELDS:
        return _(", ").join([field_word(slip.near[0]), *slip.near[1:]])
    return _(", ").join(slip.near)


_Words = Callable[[str, str], str]
_SLIPS: Mapping[Slip, _Words] = {
    Slip.NO_SHOP: lambda typed, near: _(
        "“{typed}” names no shop; a line begins with its code. Not needed? Take the line out."
    ).format(typed=typed),
    Slip.WRONG_CODE: lambda typed, near: (
        (_("{typed} is no code. Meant {near}?") if not typed.isalpha() else _(
            "{typed} is no code. Meant {near}? Is it a word? Then it belongs on the line of its shop."
        )) if near else _("{typed} is no code, nor near to one.")
    ).format(typed=typed, near=near),
    Slip.NOT_ON_SHEET: lambda typed, near: _(
        "{typed} {near} is not on this day's sheet. Another day's paper? A visit not planned: +{typed}"
    ).format(typed=typed, near=near),
    Slip.UNKNOWN_SHOP: lambda typed, near: _(
        "no customer “{typed}” of yours. A new one: crmkit import, or part of the name as in the file."
    ).format(typed=typed),
    Slip.SEVERAL_SHOPS: lambda typed, near: _("“{typed}” may be {near}; type + and the code.").format(
        typed=typed, near=near
    ),
    Slip.OTHER_SHEET: lambda typed, near: _("#{typed} is the sheet of {near}; type its day: --date {iso}").format(
        typed=typed, near=short_day(date.fromisoformat(near)), iso=near
    ),
    Slip.WHICH_TASK: lambda typed, near: _("{typed}: which? {near} are open; ★2, ★1,3 or ★all.").format(
        typed=typed, near=near
    ),
    Slip.NO_SUCH_TASK: lambda typed, near: (
        _("{typed}: no such task; there are {near}.") if near else _("{typed}: this month has no task for the shop.")
    ).format(typed=typed, near=near),
    Slip.DONE_OR_NOT: lambda typed, near: _(
        "{typed}: done or not? One ★ is done; without ★ the task stays open and the words are text."
    ).format(typed=typed),
    Slip.NO_WORDS: lambda typed, near: _("{typed}: what was done? ● and the words behind it.").format(typed=typed),
    Slip.NO_SUCH_ITEM: lambda typed, near: (
        _("{typed}: no such item of the shop; there are {near}.") if near else _("{typed}: the shop has no item.")
    ).format(typed=typed, near=near),
    Slip.NO_TIME: lambda typed, near: _("{typed} is no time of day; 09:30 is one.").format(typed=typed),
    Slip.NOT_APPROVED: lambda typed, near: _("{typed}: marks wait until the month is approved.").format(typed=typed),
    Slip.MADE_AND_MISSED: lambda typed, near: _("{typed} was visited and missed at once; which?").format(typed=typed),
    Slip.WHETHER: lambda typed, near: _(
        "{typed} “{near}”: missed? {typed} ✗{near} and the rest. Visited? {typed} 效: and the text."
    ).format(typed=typed, near=near),
    Slip.TWO_SHOPS: lambda typed, near: _(
        "{near} stands in the text of {typed}: a line of its own, or its name where it is only spoken of."
    ).format(typed=typed, near=near),
    Slip.NO_REASON: lambda typed, near: _("{typed}: why not? {near}, or your own words.").format(
        typed=typed, near=near
    ),
    Slip.LEFT_FIRST: lambda typed, near: _("{typed}: left before it was entered.").format(typed=typed),
    Slip.TOO_LONG: lambda typed, near: _("{typed}: a text is longer than {near} characters.").format(
        typed=typed, near=near
    ),
    Slip.LOGGED_BEFORE: lambda typed, near: _(
        "{typed} was typed in before, with other words. More to say: --add; said wrongly: --correct"
    ).format(
        typed=typed
    ),
    Slip.NOT_ASKED: lambda typed, near: (
        _("{typed}: the sheet asks to verify {near}; 核1, 核2 or 核 for both.").format(typed=typed, near=near)
        if near
        else _("{typed}: the sheet asks to verify nothing here. By hand: crmkit customer verify, crmkit customer set")
    ),
    Slip.NO_VALUE: lambda typed, near: _(
        "{typed} cannot stand there ({near}). A new value ends with ; and has no blanks."
    ).format(typed=typed, near=near),
    Slip.TAKEN_EARLY: lambda typed, near: _("{typed}: another visit stands for this one; it is not missed.").format(
        typed=typed
    ),
}


def _shop_data(shop: ShopKept) -> dict[str, Any]:
    visit, entry = shop.logged.visit, shop.entry
    return {
        "code": shop.code,
        "customer": entry.customer.code,
        "line": entry.line,
        "visited": visit.visited,
        "miss_reason": visit.miss_reason.value if visit.miss_reason else None,
        "method": visit.method.value,
        "ad_hoc": visit.ad_hoc,
        "arrived": visit.arrived,
        "left": visit.left,
        "anomaly": visit.anomaly,
        "opinion": visit.opinion,
        "effect": visit.effect,
        "done": list(entry.done),
        "items": list(entry.items),
        "promises": list(entry.promises),
        "verified": [{"field": one.field, "before": one.before, "after": one.after} for one in shop.logged.seen],
        "finished": list(entry.finished),
        "corrected": shop.logged.corrected is not None,
        "unchanged": shop.unchanged,
    }


def _slip_data(slip: SlipOfLine) -> dict[str, Any]:
    return {"line": slip.line, "slip": slip.slip.value, "typed": slip.typed, "near": list(slip.near)}
