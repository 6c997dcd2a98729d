"""How a mapping file is written: the words it knows, every field, and an example that works."""

from crmkit.model.importing import Field, Kind
from crmkit.report.page import Block, Column, Heading, Page, Table, Text
from crmkit.report.words import _, later
from crmkit.sources.headers import WORDS
from crmkit.sources.layout import KNOWN_WORDS

# invented; a test imports a file with it
EXAMPLE = """\
others = "headings"
nulls = ["NULL", "-"]

[customers]
code = "店号"
name = "招牌"
business_type = { column = "类型", values = { "铺子" = "食杂店" } }
visit_method = { value = "实地" }

[customers.grade]
column = "级别"
default = "1"
values."甲等" = "30"
values."乙等" = "15"
"""
ORDERS_EXAMPLE = """\
[orders]
number = { column = "流水号", without_last = 3 }
line = { column = "流水号", last = 3 }
day = { column = "开票日", order = "dmy" }
customer = "店号"
product = "货号"
volume = { column = "箱数", unit = "case" }
amount = { column = "货款", times = 10000 }
"""
_WORDS: dict[str, str] = {
    "column": later("the heading of the column; a field may be just that: code = \"Nr\""),
    "value": later("the same text on every row, without a column"),
    "values": later("words of the file and what they mean: values = { \"A\" = \"30\" }"),
    "default": later("for words that values does not name"),
    "order": later("of dates: ymd, mdy, dmy; excel or excel-1904 for bare numbers"),
    "unit": later("of a quantity: carton, case, crate, pack, stick"),
    "times": later("an amount's factor: 10000 for a column in 万元; a length's metres: 1000 for 公里"),
    "last": later("only the last so many characters of the cell"),
    "without_last": later("the cell without its last so many characters"),
    "pair": later("1 or 2: a number of a pair in brackets: (20.03, 110.33)"),
}
_SETTINGS: dict[str, str] = {
    "others": later("\"headings\": columns not named here are found by their headings; else they are left out"),
    "nulls": later("words that mean a blank cell: [\"NULL\", \"-\"]"),
    "encoding": later("of the file, when it is not found out: gb18030, utf-8, utf-16 …"),
    "delimiter": later("between the cells, when it is not found out"),
    "sheet": later("the sheet of a workbook"),
    "system": later("of the coordinates: wgs84, gcj02 (AMap), bd09 (Baidu)"),
}


def page() -> Page:
    """The mapping syntax with examples."""
    told = _(
        "When headings or words of a file are not known, a mapping file says what they mean: "
        "crmkit import FILE --map my.toml. Kept with --save-map NAME, it is found again by the file's header. "
        "First try: --dry-run."
    )
    blocks: tuple[Block, ...] = (
        Text(told),
        Heading(_("Example: customers")),
        Text(EXAMPLE.rstrip()),
        Heading(_("Example: order lines")),
        Text(ORDERS_EXAMPLE.rstrip()),
        _explained(_("What a field can say"), _WORDS),
        _explained(_("Above the tables"), _SETTINGS),
        _fields(),
    )
    return Page(title=_("Mapping files"), schema="mapping-help/1", blocks=blocks, rows=_fields())


def _explained(title: str, words: dict[str, str]) -> Table:
    columns = (Column("word", _("Word")), Column("meaning", _("Meaning")))
    return Table(columns, tuple((word, _(meaning)) for word, meaning in words.items()), title=title)


def _fields() -> Table:
    """Every field with the heading our own files have, and the words it knows."""
    columns = (
        Column("table", _("Table")), Column("field", _("Field")), Column("heading", _("Heading")),
        Column("words", _("Known words")),
    )  # fmt: skip
    rows = tuple(
        (f"[{field.kind}]", field.key, WORDS[field].split("|")[0], KNOWN_WORDS.get(field, ""))
        for kind in Kind
        for field in Field
        if field.kind is kind
    )
    return Table(columns, rows, title=_("Fields"))
