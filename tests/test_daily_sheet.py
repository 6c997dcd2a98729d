"""The daily visit sheet: what one carries into the street, in both languages and all formats."""

import io
import json
import re
from collections.abc import Callable
from dataclasses import replace

import pytest
import wcwidth
from pypdf import PdfReader
from sheet_examples import DAY, MANAGER, empty_sheet, sheet

from crmkit.model.policy import CatalogueEntry
from crmkit.model.sheet import Sheet, SheetTask
from crmkit.model.strategy import StrategyOrigin
from crmkit.report.formats import Format, encoded, render
from crmkit.report.papers.daily_sheet import daily_sheet
from crmkit.report.words import LANGUAGES, Language, use_language

Golden = Callable[[str, str], None]


def shown(of: Sheet, form: Format) -> str:
    return encoded(render(daily_sheet(of), form)).decode()


def pdf_pages(of: Sheet) -> list[str]:
    """The text of each page, blanks at line ends and doubled ones taken out."""
    reader = PdfReader(io.BytesIO(encoded(render(daily_sheet(of), Format.PDF))))
    return [
        "".join(f"{' '.join(line.split())}\n" for line in page.extract_text().splitlines() if line.strip())
        for page in reader.pages
    ]


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_the_sheet_looks_as_it_was_approved(spoken: Language, golden: Golden) -> None:
    use_language(spoken)
    day = sheet(6, calls=1)
    golden(f"daily_sheet.{spoken}.txt", shown(day, Format.TABLE))
    golden(f"daily_sheet.{spoken}.html", shown(day, Format.HTML))
    golden(f"daily_sheet.{spoken}.pdf.txt", "\f".join(pdf_pages(day)))
    golden(f"daily_sheet.{spoken}.message.txt", shown(day, Format.TEXT))


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_an_empty_day_says_so_and_borrows_no_other(spoken: Language, golden: Golden) -> None:
    use_language(spoken)
    golden(f"empty_sheet.{spoken}.txt", shown(empty_sheet(), Format.TABLE))
    assert "2026" in shown(empty_sheet(), Format.PLAIN)
    assert len(pdf_pages(empty_sheet())) == 1
    assert json.loads(shown(empty_sheet(), Format.JSON))["data"]["stops"] == []


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_the_terminal_form_fits_80_cells(spoken: Language) -> None:
    use_language(spoken)
    assert all(wcwidth.width(line) <= 80 for line in shown(sheet(25, 3), Format.TABLE).splitlines())


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_a_page_holds_about_nine_shops(spoken: Language) -> None:
    use_language(spoken)
    pages = pdf_pages(sheet(28))
    heads = [len(set(re.findall(r"00420\d{5}", page))) for page in pages]
    assert sum(heads) == 28
    assert all(8 <= shops <= 10 for shops in heads[:-1]), heads


def test_every_page_names_manager_day_version_and_its_number() -> None:
    use_language("zh")
    pages = pdf_pages(sheet(25))
    for number, page in enumerate(pages, start=1):
        flat = "".join(page.split())
        assert f"日拜访记录表・张伟・2026年11月24日周二・#{sheet(1).code}・第2版" in flat.replace("·", "・")
        assert f"第{number}页/共{len(pages)}页" in flat


def test_every_shop_prints_its_code_and_every_task_its_digit() -> None:
    day = sheet(12, calls=2)
    for form in (Format.TABLE, Format.PLAIN, Format.MD, Format.HTML):
        text = shown(day, form).replace("\\", "")
        for stop in (*day.stops, *day.calls):
            assert stop.short_code in text
            assert all(f"{stop.short_code}-{task.number}" in text for task in stop.tasks)


def test_a_shop_without_open_strategies_gets_the_routine_items() -> None:
    use_language("zh")
    day = sheet(1)
    assert day.stops[0].tasks == ()
    text = shown(day, Format.TABLE)
    assert "本月策略已完成" in text
    assert text.count("□") == len(day.routine) == 3
    busy = replace(day, stops=(replace(day.stops[0], tasks=(task(),)),))
    assert "本月策略已完成" not in shown(busy, Format.TABLE)


def task() -> SheetTask:
    return SheetTask(1, CatalogueEntry("keep", "保持沟通", "Keep in touch"), StrategyOrigin.QUADRANT)


def test_paper_has_room_to_write_and_boxes_for_what_happened() -> None:
    use_language("zh")
    page = pdf_pages(sheet(1))[0]
    for word in (
        "市场异常信息",
        "客户意见建议",
        "拜访效果及感受",
        "到店",
        "离店",
        "关门",
        "店主不在",
        "拒访",
        "临时拜访",
    ):
        assert word in page
    assert "市场异常信息" not in shown(sheet(1), Format.TABLE)


def test_calls_stand_apart_and_last() -> None:
    use_language("zh")
    day = sheet(2, calls=2)
    text = shown(day, Format.TABLE)
    heading = text.index("电话及其他方式拜访")
    assert all(text.index(stop.short_code) < heading for stop in day.stops)
    assert all(text.index(call.short_code) > heading for call in day.calls)
    assert "电话及其他方式拜访" not in shown(sheet(2), Format.TABLE)


def test_a_provisional_day_says_so() -> None:
    assert "provisional" in shown(empty_sheet(), Format.TABLE)
    assert "provisional" not in shown(sheet(1), Format.TABLE)


def test_json_carries_codes_in_either_language() -> None:
    english = shown(sheet(3, 1), Format.JSON)
    use_language("zh")
    assert shown(sheet(3, 1), Format.JSON) == english
    page = json.loads(english)
    assert (page["schema"], page["generated_for"]) == ("crmkit.daily-sheet/1", DAY.isoformat())
    data = page["data"]
    assert data["manager"] == {"code": MANAGER.code, "name": MANAGER.name}
    first = data["stops"][0]
    assert (first["frequency"], first["reasons"]) == ("weekly", ["relative_volume", "on_shelf:10034"])
    assert first["last_visit"]["day"] == "2026-11-10"
    assert data["calls"][0]["method"] == "phone"


def test_json_is_as_programs_know_it(golden: Golden) -> None:
    data = json.loads(shown(sheet(2, 1), Format.JSON))["data"]
    golden("daily_sheet.json", json.dumps(data, ensure_ascii=False, indent=1) + "\n")


def test_the_picture_is_the_road_alone() -> None:
    assert shown(sheet(6), Format.SVG).startswith("<svg")
    assert "<svg" in shown(sheet(6), Format.HTML)
    assert "Sketch of the road" not in shown(sheet(6), Format.TABLE)


def test_ndjson_and_csv_have_one_record_a_shop() -> None:
    day = sheet(4, 1)
    records = [json.loads(line) for line in shown(day, Format.NDJSON).splitlines()]
    assert [record["short_code"] for record in records] == [s.short_code for s in (*day.stops, *day.calls)]
    assert records[1]["tasks"] == f"{day.stops[1].short_code}-1 weak.volume_growth"
    assert len(shown(day, Format.CSV).splitlines()) == 6


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_long_names_and_many_tasks_stay_on_the_paper(spoken: Language) -> None:
    use_language(spoken)
    day = sheet(3)
    long = replace(day.stops[0].customer, name="很长的店名" * 12, address="一条很长很长的路" * 12)
    words = CatalogueEntry("hand", "逐项说明" * 20, "explain it word by word " * 8)
    tasks = tuple(SheetTask(n, words, StrategyOrigin.HAND) for n in range(1, 10))
    crowded = replace(day, stops=(replace(day.stops[0], customer=long, tasks=tasks), *day.stops[1:]))
    flat = "".join("".join(pdf_pages(crowded)).split())
    assert "很长的店名" * 12 in flat
    assert all(f"{day.stops[0].short_code}-{n}" in flat for n in range(1, 10))
    assert all(wcwidth.width(line) <= 80 for line in shown(crowded, Format.TABLE).splitlines())
