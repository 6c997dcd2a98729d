"""Every format carries the same page, fits its reader, and turns no text into anything else."""

import csv
import io
import json
import re
import subprocess
import sys
from dataclasses import replace
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import PurePath

import pytest
import wcwidth
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from crmkit import __version__
from crmkit.model.errors import Fault, Refusal
from crmkit.report.formats import Format, encoded, format_of, render
from crmkit.report.formats.csv import guarded
from crmkit.report.formats.pdf import missing_glyphs
from crmkit.report.harmless import one_line
from crmkit.report.page import (
    Bar,
    Card,
    Cell,
    Chart,
    Column,
    Fact,
    Facts,
    Heading,
    Page,
    Table,
    Task,
    Term,
    Text,
    with_fields,
)
from crmkit.report.typesetting import fact_lines, unpainted, width_of, wrapped
from crmkit.report.words import use_language

COLUMNS = (
    Column("code", "customer code"),
    Column("name", "name"),
    Column("state", "state"),
    Column("volume", "volume", "number"),
    Column("since", "since"),
)
ROWS: tuple[tuple[Cell, ...], ...] = (
    ("00123", "福满多便利店", Term("active", "正常"), Decimal("12.50"), date(2026, 11, 2)),
    ("00124", "𠮷祥", Term("closed", "歇业"), Decimal("-3"), None),
)
PAGE = Page("Customers", "customers/1", (Table(COLUMNS, ROWS),), generated_for=date(2026, 11, 24))

HOSTILE = (
    "<script>alert(1)</script>",
    '" onmouseover="alert(1)',
    "</td></table></style><b>x",
    "{{7*7}}{% raw %}",
    "[/] [bold red]x[/bold red]",
    '#eval("7*7") $7*7$ *b* #link("x")',
    "\x1b[31mred\x1b]0;title\x07",
    "abc\u202edcba",
    "=1+1",
    "a\tb\nc\rd",
    "|---| `x` ![i](http://x/y) &lt;",
    "\\u{1b} \\1f &#27;",
    "0;</style>\\3c",
)
HARMFUL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def hostile_page(text: str) -> Page:
    """The text in every place a page has."""
    card = Card(
        number=text, code=text, title=text, aside=text, mark=text, lines=(text,), notes=(Fact(text, text),),
        tasks=(Task(text, text, text), Task(text)), went=text, blanks=(text,), missed=(text, text), writing=(text,),
    )  # fmt: skip
    table = Table((Column("a", text), Column("b", text, "number")), ((text, Term(text, text)),), title=text)
    bars = (Bar(text, text, Decimal("12.5")), Bar(text, "", None), Bar(text, text, Decimal(-3), hollow=True))
    chart = Chart(text, bars)
    blocks = (Heading(text), Text(text), Text(text, "warning"), Facts((Fact(text, text),)), table, card, chart)
    facts = (Fact(text, text),)
    return Page(text, "hostile/1", (*blocks, Table(COLUMNS, (), empty=text)), text, facts, foot=text)


class Markup(HTMLParser):
    """Collects what a browser would see: tags with their attributes, and text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.said: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _value in attrs}

    def handle_data(self, data: str) -> None:
        self.said.append(data)


def text_of(form: Format, page: Page, **options: bool) -> str:
    return encoded(render(page, form, **options)).decode()


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("form", [form for form in Format if form not in (Format.PDF, Format.PNG)])
def test_no_format_lets_a_control_character_through(form: Format, text: str) -> None:
    assert not HARMFUL.search(text_of(form, hostile_page(text)))


@pytest.mark.parametrize("text", HOSTILE)
def test_colour_is_the_only_escape_sequence_and_comes_from_us(text: str) -> None:
    coloured = text_of(Format.TABLE, hostile_page(text), colour=True)
    assert re.search(r"\x1b\[[0-9;]*m", coloured)
    assert not HARMFUL.search(re.sub(r"\x1b\[[0-9;]*m", "", coloured))
    if text.startswith("["):
        assert coloured.count("[/] [bold red]x[/bold red]") >= 10


@pytest.mark.parametrize("text", HOSTILE)
def test_html_shows_text_and_nothing_else(text: str) -> None:
    plain, hostile = (Markup(text_of(Format.HTML, hostile_page(t))) for t in ("harmless", text))
    assert hostile.tags == plain.tags
    assert hostile.attributes == plain.attributes
    assert not hostile.tags & {"script", "img", "iframe", "link", "a"}
    shown = HARMFUL.sub("\ufffd", text).replace("\r", "\n")
    assert "".join(hostile.said).replace("\t", " ").count(shown.replace("\t", " ")) >= 5
    assert "49" not in "".join(hostile.said).replace("7*7", "")
    style = text_of(Format.HTML, hostile_page(text)).split("<style>")[1].split("</style>")[0]
    assert "@bottom-right" in style
    assert style.count("{") == style.count("}")


def test_html_fetches_nothing() -> None:
    text = text_of(Format.HTML, PAGE)
    assert not re.search(r"https?:|url\(|@import|src=|href=", text)


def test_on_a_phone_codes_stay_whole_and_wide_tables_move_inside_their_frame() -> None:
    """26 over 30 is no code: short texts never break, long ones keep room for a word, the rest is scrolled."""
    names = tuple(replace_name(row, "泉州市鲤城区开元街道福满多便利店") for row in ROWS)
    made = str(render(Page("Customers", "customers/1", (Table(COLUMNS, names),)), Format.HTML))
    assert '<td class="short">00123</td><td class="long">泉州' in made
    assert '<td class="short">正常</td><td class="number">12.50</td>' in made
    assert ".short { white-space: nowrap; } .long { min-width: 5.5em; }" in made
    assert made.count('<div class="wide"><table>') == made.count("</table></div>") == 1
    assert "overflow-wrap: anywhere; }" not in made[made.index("th, td {") : made.index(".short {")]


def replace_name(row: tuple[Cell, ...], name: str) -> tuple[Cell, ...]:
    return (row[0], name, *row[2:])


@pytest.mark.parametrize("form", [Format.HTML, Format.MD, Format.TABLE])
def test_eyes_see_thousands_apart_and_a_sign_on_what_is_bad(form: Format) -> None:
    columns = (Column("state", "State"), Column("volume", "Volume", "number"))
    table = Table(columns, ((BAD, Decimal("1048000.5")),))
    page = Page("Market", "market/1", (table,))
    assert "1,048,000.5" in str(render(page, form))
    assert re.search(r"\\?! abnormal", str(render(page, form)))
    assert render(page, Format.CSV) == "State,Volume\nabnormal,1048000.5\n"


BAD = Term("abnormal", "abnormal", "bad")


@pytest.mark.parametrize("text", [text for text in HOSTILE if "\x1b" not in text and "\u202e" not in text])
def test_pdf_prints_text_as_it_is(text: str) -> None:
    reader = PdfReader(io.BytesIO(encoded(render(hostile_page(text), Format.PDF))))
    printed = "".join(page.extract_text() for page in reader.pages)
    assert "".join(text.split()) in "".join(printed.split())
    assert not any("/Annots" in page for page in reader.pages)


def test_pdf_shows_where_control_characters_stood() -> None:
    page = hostile_page("a\x1b[31mb\u202ec")
    printed = "".join(p.extract_text() for p in PdfReader(io.BytesIO(encoded(render(page, Format.PDF)))).pages)
    assert "a〓[31mb〓c" in printed


@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_has_no_raw_markup(text: str) -> None:
    written = text_of(Format.MD, hostile_page(text))
    assert not re.search(r"(?<!\\)<(script|/td|b>)", written)
    assert not re.search(r"(?<!\\)\]\(", written)
    row = next(line for line in written.splitlines() if line.startswith("|:"))
    for line in written.splitlines():
        if line.startswith("| "):
            assert len(re.findall(r"(?<!\\)\|", line)) == row.count("|")


def test_json_has_the_one_envelope() -> None:
    assert json.loads(text_of(Format.JSON, PAGE)) == {
        "schema": "crmkit.customers/1",
        "crmkit": __version__,
        "generated_for": "2026-11-24",
        "data": [
            {"code": "00123", "name": "福满多便利店", "state": "active", "volume": "12.50", "since": "2026-11-02"},
            {"code": "00124", "name": "𠮷祥", "state": "closed", "volume": "-3", "since": None},
        ],
    }
    assert "福满多便利店" in text_of(Format.JSON, PAGE)


def test_json_does_not_change_with_the_language() -> None:
    english = text_of(Format.JSON, PAGE)
    use_language("zh")
    assert text_of(Format.JSON, PAGE) == english


@given(st.text())
def test_json_and_ndjson_keep_every_text_exactly(text: str) -> None:
    page = Page("t", "t/1", (Table((Column("a", "a"),), ((text,),)),))
    assert json.loads(text_of(Format.JSON, page))["data"] == [{"a": text}]
    only = text_of(Format.NDJSON, page)
    assert json.loads(only) == {"a": text}
    assert only.count("\n") == 1


@given(st.text(st.characters(exclude_categories=["Cc", "Cf", "Cs", "Zl", "Zp"])))
def test_csv_never_starts_a_formula_and_reads_back(text: str) -> None:
    page = Page("t", "t/1", (Table((Column("a", "a"), Column("b", "b")), ((text, "x"),)),))
    [_header, [cell, _x]] = csv.reader(io.StringIO(text_of(Format.CSV, page)))
    assert cell[:1] not in ("=", "+", "-", "@")
    assert (cell[1:] if cell.startswith("'") else cell) == text


@pytest.mark.parametrize("name", ['a","=1+1', "x;=1+1", "a\n=1+1", "=1+1", "+86", "-1", "@x", "'00123", " =1", "＝1"])
def test_csv_keeps_a_hostile_name_in_one_harmless_cell(name: str) -> None:
    page = Page("t", "t/1", (Table((Column("a", "a"), Column("b", "b")), ((name, "x"),)),))
    rows = list(csv.reader(io.StringIO(text_of(Format.CSV, page))))
    assert rows == [["a", "b"], [guarded(name), "x"]]
    assert name == guarded(name).removeprefix("'") or name.startswith("'")
    assert guarded(name)[1:] == name if guarded(name) != name else not name.startswith(("=", "+", "-", "@", "'"))


def test_csv_keeps_numbers_numbers_and_marks_files_for_excel() -> None:
    assert text_of(Format.CSV, PAGE).splitlines()[2] == "00124,𠮷祥,歇业,-3,"
    assert encoded(render(PAGE, Format.CSV, to_file=True)).startswith(b"\xef\xbb\xbfcustomer code,")


def test_our_own_growth_is_no_formula_and_a_shop_called_like_one_is_guarded() -> None:
    columns = (Column("name", "Name"), Column("growth", "Growth", "number"))
    rows = (("+1", "+24.10%"), ("-2", "-2.00%"), ("=A1", "-A1"))
    written = render(Page("x", "x/1", (Table(columns, rows),)), Format.CSV)
    assert written == "Name,Growth\n'+1,+24.10%\n'-2,-2.00%\n'=A1,'-A1\n"


def test_tsv_is_one_record_a_line() -> None:
    page = Page("t", "t/1", (Table((Column("a", "a"), Column("b", "b")), (("x\ty\nz", 1),)),))
    assert text_of(Format.TSV, page) == "a\tb\nx y z\t1\n"


WORDS = st.text(st.sampled_from("ab店铺烟 酒é,🀄️<"), max_size=40)


@given(st.lists(st.tuples(WORDS, WORDS, WORDS), min_size=1, max_size=4), st.integers(40, 100), st.booleans())
def test_a_table_fits_the_terminal_and_stays_aligned(
    rows: list[tuple[str, str, str]], width: int, colour: bool
) -> None:
    columns = (Column("a", "甲甲甲"), Column("b", "b"), Column("c", "c", "number"))
    page = Page("t", "t/1", (Table(columns, tuple((a, b, c[:9]) for a, b, c in rows)),))
    text = encoded(render(page, Format.TABLE, width=width, colour=colour)).decode()
    for line in re.sub(r"\x1b\[[0-9;]*m", "", text).splitlines():
        assert wcwidth.width(line) <= width, line


def test_chinese_columns_stand_under_each_other() -> None:
    lines = text_of(Format.TABLE, PAGE).splitlines()
    starts = {wcwidth.width(line[: line.index(word)]) for line, word in zip(lines[4:], ("正常", "歇业"), strict=True)}
    assert len(starts) == 1


def test_a_table_with_too_many_columns_becomes_records() -> None:
    many = tuple(Column(f"c{n}", f"column {n}") for n in range(20))
    text = text_of(Format.TABLE, Page("t", "t/1", (Table(many, (tuple(f"value {n}" for n in range(20)),)),)))
    assert "column 19  value 19" in text
    assert max(map(len, text.splitlines())) <= 80


def test_plain_keeps_full_values_on_one_line() -> None:
    long = "很长的名称" * 40
    page = Page("t", "t/1", (Table((Column("a", "a"), Column("b", "b")), ((long, "end"),)),))
    assert f"{long}  end\n" in text_of(Format.PLAIN, page)


def test_an_empty_table_says_so() -> None:
    page = Page("t", "t/1", (Table(COLUMNS, (), empty="No customers."),))
    for form in (Format.TABLE, Format.PLAIN, Format.MD, Format.HTML):
        assert "No customers." in text_of(form, page)
    assert json.loads(text_of(Format.JSON, page))["data"] == []


def test_fields_narrow_every_format() -> None:
    narrow = with_fields(PAGE, ("name", "code"))
    assert text_of(Format.TSV, narrow).splitlines()[:2] == ["name\tcustomer code", "福满多便利店\t00123"]
    assert json.loads(text_of(Format.JSON, narrow))["data"][0] == {"name": "福满多便利店", "code": "00123"}
    assert "volume" not in text_of(Format.TABLE, narrow)
    with pytest.raises(Refusal) as refused:
        with_fields(PAGE, ("nmae",))
    assert refused.value.fault is Fault.BAD_VALUE
    assert refused.value.facts["expected"] == "code, name, state, volume, since"


def test_a_suffix_names_its_format() -> None:
    assert [format_of(PurePath(f"x.{s}")) for s in ("csv", "PDF", "txt", "htm", "md")] == [
        Format.CSV, Format.PDF, Format.PLAIN, Format.HTML, Format.MD,
    ]  # fmt: skip
    for name in ("sheet", "sheet.doc", ".pdf"):
        with pytest.raises(Refusal):
            format_of(PurePath(name))


@pytest.mark.parametrize("form", list(Format))
def test_the_same_page_gives_the_same_bytes(form: Format) -> None:
    chart = Chart("销量", (Bar("01", "2026", Decimal("12.5")), Bar("02", "", None)))
    page = replace(PAGE, blocks=(*PAGE.blocks, chart))
    assert encoded(render(page, form)) == encoded(render(page, form))


def test_a_character_without_a_glyph_is_shown_and_named() -> None:
    page = Page("𠮷䶮𬭎", "t/1", (Text("□ × ★ ● 😀 ✗"),))
    assert missing_glyphs(page) == ("U+2717", "U+1F600")
    printed = PdfReader(io.BytesIO(encoded(render(page, Format.PDF)))).pages[0].extract_text()
    assert "□ × ★ ● 〓 〓" in printed
    assert "𠮷䶮𬭎" in printed


def test_a_row_must_fill_its_columns() -> None:
    with pytest.raises(ValueError, match="as many cells"):
        Table(COLUMNS, (("x",),))


@given(st.text())
def test_cells_are_counted_as_wcwidth_counts_them(text: str) -> None:
    harmless = one_line(text)
    assert width_of(harmless) == wcwidth.width(harmless)


@given(st.text(st.characters(min_codepoint=0x80, max_codepoint=0x2FFFF)))
def test_ordinary_text_is_counted_as_wcwidth_counts_it(text: str) -> None:
    for character in one_line(text):
        assert width_of(character) == wcwidth.width(character), hex(ord(character))


@given(st.text(st.sampled_from("中文，。（a b😀é·x"), max_size=60), st.integers(2, 30))
def test_wrapped_lines_fit_and_lose_nothing(text: str, width: int) -> None:
    parts = wrapped(text, width)
    assert all(wcwidth.width(part) <= width for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


def test_pipes_and_programs_wait_for_no_heavy_library() -> None:
    """A page with a table as plain, csv, tsv, json and ndjson, in a process of its own."""
    program = """
import sys
from crmkit.report.formats import Format, render
from crmkit.report.page import Column, Page, Table
page = Page("客户", "t/1", (Table((Column("a", "编码"),), (("福满多",),)),))
for form in (Format.PLAIN, Format.CSV, Format.TSV, Format.JSON, Format.NDJSON):
    render(page, form)
print(sorted({"rich", "tabulate", "wcwidth", "jinja2", "typst", "fontTools", "typer"} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_a_fact_whose_word_is_long_stands_below_it() -> None:
    facts = (Fact("Rows", "3"), Fact("A word that takes more than half of the line", "x " * 30))
    lines = list(fact_lines(facts, 60, unpainted))
    assert lines[:2] == ["Rows  3", "A word that takes more than half of the line"]
    assert lines[2].startswith("      x x x")
    assert max(map(width_of, lines)) <= 60
    assert len(lines) == 4
    assert next(fact_lines(facts, None, unpainted)).startswith("Rows" + " " * 42 + "3")
