"""The lines of a mapping file that would translate the words an import did not know."""

import json
from collections.abc import Iterable

from crmkit.model.importing import Reason, Rejected
from crmkit.report.page import Block, Text
from crmkit.report.words import _

OPEN = "?"  # to be replaced by a known word
_WORDS = 10  # of one column


def translations(rejected: Iterable[Rejected]) -> tuple[Block, ...]:
    """What to write, where, with the words filled in; nothing when no word was unknown."""
    words: dict[tuple[str, str], dict[str, None]] = {}
    for reject in rejected:
        if reject.reason is Reason.UNKNOWN_WORD and reject.field and word_of(reject):
            words.setdefault((reject.field, reject.column), {})[word_of(reject)] = None
    if not words:
        return ()
    told = _(
        "Words that are not known can be translated: write these lines into a file, say words.toml, with a known word "
        "in place of each {open}, and import again with --map words.toml (crmkit help mapping). "
        "With a mapping file in use, add the values there."
    ).format(open=OPEN)
    lines = ['others = "headings"']
    for (field, heading), found in words.items():
        lines += [f"[{field}]", f"column = {_quoted(heading)}"]
        lines += [f"values.{_quoted(word)} = {_quoted(OPEN)}" for word in [*found][:_WORDS]]
    return Text(told, "note"), Text("\n".join(lines))


def word_of(reject: Rejected) -> str:
    """The unknown word: what stands before the known ones."""
    return reject.detail.rpartition(" (")[0]


def pointer(reject: Rejected) -> str:
    """Where a mapping file translates one unknown word."""
    if not (reject.field and word_of(reject)):
        return ""
    key = f"{reject.field}.values.{_quoted(word_of(reject))}"
    return _("translate it in a mapping file: {key} (crmkit help mapping)").format(key=key)


def _quoted(text: str) -> str:
    """A TOML string: of what may stand in a cell, JSON writes it the same way."""
    return json.dumps(text, ensure_ascii=False)
