"""A book: many pages in chapters, with contents, in one file."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from crmkit.report.page import Page


@dataclass(frozen=True, slots=True)
class Entry:
    """One page of a chapter; `title` is what the contents call it, `anchor` the place they lead to."""

    anchor: str
    title: str
    page: Page


@dataclass(frozen=True, slots=True)
class Chapter:
    anchor: str
    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Book:
    """`foot` runs along the foot of each printed page; `places` are the anchors that cells of the tables lead to:
    `customer:` and a code, `date:` and a day, `week:` and a Monday.
    """

    title: str
    subtitle: str
    foot: str
    chapters: tuple[Chapter, ...]
    places: Mapping[str, str] = field(default_factory=dict)
