"""The chain of a month's steps: each link carries the digest of the one before, so that none can be left out,
put in or altered without changing all that follow.
"""

from collections.abc import Iterable, Sequence
from dataclasses import astuple
from hashlib import sha256

from crmkit.model.document import DocumentKind, Documents, DocumentState, Transition
from crmkit.model.package import Link
from crmkit.rules.states import MOVES

BEGINNING = "0" * 64


def chained(steps: Iterable[tuple[DocumentKind, Transition]]) -> tuple[Link, ...]:
    """The steps of both documents, oldest first, as a chain."""
    links: list[Link] = []
    previous = BEGINNING
    for kind, step in steps:
        link = Link(kind, step.action, step.before, step.after, step.actor, step.role, step.at, step.reason, previous)
        links.append(link)
        previous = digest(link)
    return tuple(links)


def digest(link: Link) -> str:
    """SHA-256 over the fields in their order, each as its length in bytes, a colon and its text; "-" for none."""
    parts = [_part(None if value is None else str(value)) for value in astuple(link)]
    return sha256(b"".join(parts)).hexdigest()


def head(chain: Sequence[Link]) -> str:
    return digest(chain[-1]) if chain else BEGINNING


def holds(chain: Sequence[Link], states: Documents, last: str) -> bool:
    """Is the chain whole, is every step one the rules allow, and does it lead to these states?"""
    now: dict[DocumentKind, DocumentState] = dict.fromkeys(DocumentKind, DocumentState.DRAFT)
    previous = BEGINNING
    for link in chain:
        allowed = MOVES.get((link.document, link.before, link.action))
        if link.previous != previous or link.before is not now[link.document] or link.after is not allowed:
            return False
        now[link.document] = link.after
        previous = digest(link)
    reached = all(states.state(kind) in (now[kind], *_unborn(now[kind])) for kind in DocumentKind)
    return previous == last and reached


def _unborn(state: DocumentState) -> tuple[None, ...]:
    """A document that is not there yet has taken no step."""
    return (None,) if state is DocumentState.DRAFT else ()


def _part(text: str | None) -> bytes:
    if text is None:
        return b"-"
    plain = text.encode()
    return b"%d:%s" % (len(plain), plain)
