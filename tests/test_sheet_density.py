"""How many shops a printed page holds: eight to ten, over whole months (the month of Des Moines: test_closed_month)."""

import io
import sqlite3
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pypdf import PdfReader

from crmkit.report.formats import Format, encoded, render
from crmkit.report.papers.daily_sheet import daily_sheet
from crmkit.report.words import LANGUAGES, Language, use_language
from crmkit.store import people
from crmkit.store.opening import open_store
from crmkit.workflow.compare_policies import policy_named
from crmkit.workflow.print_sheet import seen_sheet

_BOXES = ("missedshutaway", "未拜访关门店主不在")  # stand once in each shop that was planned


def shops_a_page(pdf: bytes) -> list[int]:
    """The shops on each page up to the one with the last of them."""
    texts = ["".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages]
    counts = [sum(text.count(boxes) for boxes in _BOXES) for text in texts]
    return counts[: max(place for place, count in enumerate(counts) if count) + 1]


def assert_dense(days: list[list[int]], *, share: float = 0.95) -> None:
    """Of the pages that are full (behind each comes another with shops) at least this share holds eight to ten, none
    fewer than seven.
    """
    full = [count for pages in days for count in pages[:-1]]
    assert len(full) >= len(days)
    assert min(full) >= 7, days
    assert sum(8 <= count <= 10 for count in full) >= share * len(full), days


def planned_days(path: Path) -> Iterator[date]:
    with sqlite3.connect(path) as file:
        yield from (date.fromisoformat(day) for (day,) in file.execute("SELECT DISTINCT day FROM planned_visit"))


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_the_month_of_the_demo_is_printed_with_eight_to_ten_shops_a_page(demo_folder: Path, spoken: Language) -> None:
    use_language(spoken)
    store = open_store(demo_folder / "crmkit.db")
    (manager,) = people.named(store, "001")
    days = []
    for day in sorted(planned_days(demo_folder / "crmkit.db")):
        now = datetime(day.year, day.month, day.day, 7, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
        sheet = seen_sheet(store, policy_named("standard"), manager, day, now)
        if sheet.stops:
            days.append(shops_a_page(encoded(render(daily_sheet(sheet), Format.PDF))))
    store.close()
    assert len(days) >= 15
    # five tasks a shop in the long words of English: a page of seven now and then
    assert_dense(days, share=0.95 if spoken == "zh" else 0.8)
