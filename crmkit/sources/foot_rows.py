"""Rows at the foot that people sign or a system prints: 制表人, 审核, 打印时间, 共 N 条, 第 1 页 共 3 页.

A row is one of these only when every filled cell of it is a label, what stands behind a label, or a count: a row that
holds one cell more is data, whatever its words (a shop may be called 审核烟酒店).
"""

import re
import unicodedata
from collections.abc import Iterable

# what people sign: no code and no shop is called so even without a colon
_STRONG = (
    "制表人|制表单位|制表部门|制表日期|制表时间|填表人|填表单位|填表日期|填表时间|填报人|填报单位|填报日期|填报时间|"
    "审核人|审核日期|复核人|复核日期|审批人|批准人|核准人|经办人|单位负责人|部门负责人|分管领导|领导签字|负责人签字|"
    "打印人|打印时间|打印日期|导出人|导出时间|导出日期|生成时间|查询时间|统计时间|报表日期|报送日期|单位公章|单位盖章|"
    "prepared by|checked by|reviewed by|approved by|printed by|printed on|printed at|print date|print time|"
    "exported on|exported at|signature"
)
# words that are a signature with a colon behind them, or beside another label
_WEAK = (
    "制表|填表|填报|审核|审核意见|复核|审批|批准|核准|经办|负责人|主管|主管领导|签字|签名|签章|盖章|公章|会计|财务|"
    "财务负责人|出纳|仓管|送货人|收货人|日期|时间|备注|说明|注|联系电话|date|note|remark|remarks"
)
_COUNTS = (
    r"(?:合计|总计)?共计?[0-9,]+(?:条|行|户|笔|项|家|单)(?:记录|数据|订单|客户)?",
    r"(?:总记录数|记录总数|记录数|总条数|总行数|总户数|总页数|页码|当前页)[:]?[0-9,/]+",
    r"第[0-9]+页[,/;]?(?:[,/;]?共[0-9]+页)?",
    r"共[0-9]+页[,/;]?(?:第[0-9]+页)?",
    r"page[0-9]+(?:(?:of|/)[0-9]+)?",
    r"(?:total)?(?:records|rows)[:][0-9,]+",
)
_COUNT = re.compile(rf"[(]?(?:{'|'.join(_COUNTS)})[)]?[.。]?", re.ASCII)
_STRONG_WORDS = frozenset(_STRONG.split("|"))
_WEAK_WORDS = frozenset(_WEAK.split("|"))
_LABELS = _STRONG_WORDS | _WEAK_WORDS
_BLANK = re.compile(r"\s+")
# a quick look: rows that begin otherwise need no long one
_FIRST_LETTERS = {form for word in _LABELS for form in (word[0], word[0].upper())}
FIRST = frozenset(_FIRST_LETTERS | set(" \u3000(（合总共第记页当TtRr"))


def is_foot(cells: Iterable[str]) -> bool:
    """Is this a row of labels and what stands behind them, and nothing else?"""
    labels, sure, owed = 0, False, False
    for text in cells:
        plain = _plain(text)
        if not plain:
            continue
        label, colon, value = _split(plain)
        if label or _COUNT.fullmatch(plain.replace(" ", "")):
            labels, sure = labels + 1, sure or not label or bool(colon) or label in _STRONG_WORDS
            owed = bool(label) and not value
        elif owed:
            owed = False  # what stands behind the label before it
        else:
            return False
    return sure or labels > 1


def _split(text: str) -> tuple[str, str, str]:
    """制表人:张三 as label, colon and value; a label alone has no colon. Blanks inside a label count for nothing."""
    before, colon, value = text.partition(":")
    word = before.strip()
    label = next((form for form in (word, word.replace(" ", "")) if form in _LABELS), "")
    return (label, colon, value.strip()) if label else ("", "", "")


def _plain(text: str) -> str:
    return _BLANK.sub(" ", unicodedata.normalize("NFKC", text)).strip().casefold()
