"""Which column is what: header words in Chinese and English, with units, stars and full-width letters."""

import re
import unicodedata
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from crmkit.model.code import without_invisible
from crmkit.model.importing import REQUIRED, Field, Kind, VolumeUnit

_CUSTOMER_CODES = (
    "客户编码|客户代码|客户编号|客户ID|顾客编号|会员编码|店号|零售户编码|零售户代码|商户编码|门店编码|"
    "店铺编码|零售户编号|customer code|customer id|customer number|customer|store number|store no|shop number"
)
_PRODUCT_CODES = (
    "商品编码|商品代码|商品编号|商品ID|产品编码|产品编号|产品ID|货号|卷烟编码|规格编码|卷烟代码|卷烟编号|品规编码|品规代码|"
    "product code|product id|item number|product|item|item id|sku"
)
_PRODUCT_NAMES = (
    "商品名称|商品|产品名称|产品|卷烟名称|规格名称|规格|品名|品规|品规名称|卷烟规格|"
    "product name|item name|item description|description|name"
)
LENGTH_UNITS: dict[str, Decimal] = {  # metres in one
    **dict.fromkeys(("米", "m", "metre", "metres", "meter", "meters"), Decimal(1)),
    **dict.fromkeys(
        ("公里", "千米", "km", "kilometre", "kilometres", "kilometer", "kilometers"), Decimal(1000)
    ),
    **dict.fromkeys(("英里", "mi", "mile", "miles"), Decimal("1609.344")),
}
_LENGTH_WORDS = (
    "距离|路程|里程|路网距离|道路距离|行车距离|驾车距离|行驶距离|导航距离|"
    "distance|road distance|driving distance|length"
)
_LENGTHS = [f"{word}{unit}" for word in _LENGTH_WORDS.split("|") for unit in ("", *LENGTH_UNITS)]
WORDS: dict[Field, str] = {
    Field.CUSTOMER_CODE: f"{_CUSTOMER_CODES}|code",
    Field.CUSTOMER_NAME: (
        "客户名称|客户|零售户名称|店名|商户名称|门店名称|企业字号|企业名称|店铺名称|字号名称|"
        "customer name|store name|shop name|name"
    ),
    Field.LICENCE: (
        "许可证号|许可证号码|专卖证号|烟草专卖许可证号|许可证编号|许可证编码|零售许可证号|烟草专卖零售许可证号|"
        "licence|license|licence number|license number"
    ),
    Field.MANAGER: "客户经理|客户经理编码|客户经理姓名|manager|customer manager|salesperson",
    Field.STATE: "状态|客户状态|经营状态|零售户状态|营业状态|state|status|customer state",
    Field.GRADE: "档位|客户档位|当前档位|零售户档位|档级|客户档级|当前档级|零售户档级|grade",
    Field.MARKET_TYPE: "市场类型|市场类别|market type|market",
    Field.BUSINESS_TYPE: "业态|经营业态|零售业态|客户业态|业态类型|经营业态类型|business type",
    Field.NEIGHBOURHOOD: "小片|片区|neighbourhood|neighborhood",
    Field.ROUTE: "线路|送货线路|访销线路|配送线路|送货路线|配送路线|线路名称|route",
    Field.ORDER_WEEKDAY: "订货日|订货星期|订货周期|电话订货日|访销日|ordering day|order day|order weekday",
    Field.ONLINE: "网上订货|是否网上订货|online ordering|orders online|online",
    Field.VISIT_METHOD: "拜访方式|visit method",
    Field.LONGITUDE: "经度|longitude|lng|lon",
    Field.LATITUDE: "纬度|latitude|lat",
    Field.ADDRESS: "地址|经营地址|客户地址|详细地址|店铺地址|门店地址|经营场所|经营场所地址|address",
    Field.CITY: "城市|地市|city",
    Field.CONTACT: (
        "联系人|负责人|经营者|店主|经营者姓名|负责人姓名|联系人姓名|法人代表|法定代表人|法人|持证人|持证人姓名|经营人|"
        "contact|contact name"
    ),
    Field.PHONE: (
        "电话|联系电话|手机|手机号|手机号码|电话号码|联系手机|客户电话|订货电话|移动电话|phone|telephone|mobile"
    ),
    Field.OPENED_ON: "开业日期|入网日期|开户日期|入网时间|开户时间|opened on|opening date|opened",
    Field.CLOSED_ON: "歇业日期|注销日期|closed on|closing date|closed",
    Field.CLOSED_WEEKDAYS: "休息日|closed weekdays|closed days|rest days",
    Field.HOURS: "营业时间|hours|opening hours|business hours",
    Field.PRODUCT_CODE: f"{_PRODUCT_CODES}|code",
    Field.PRODUCT_NAME: _PRODUCT_NAMES,
    Field.CATEGORY: "品类|商品品类|价类|卷烟类别|category|category path|category name",
    Field.CATEGORY_1: "一级品类|一级分类|一级类目|大类|大类名称|类别|category 1|category level 1|cat l1 name",
    Field.CATEGORY_2: "二级品类|二级分类|二级类目|中类|中类名称|子类别|category 2|category level 2|cat l2 name",
    Field.CATEGORY_3: "三级品类|三级分类|三级类目|小类|小类名称|category 3|category level 3|cat l3 name",
    Field.KEY_BRAND: "重点品牌|是否重点品牌|key brand",
    Field.TAR: "焦油含量|焦油量|焦油|tar|tar content",
    Field.UNITS_PER_CARTON: "支/条|每条支数|条支数|units per carton|sticks per carton",
    Field.PRODUCT_ACTIVE: "状态|商品状态|在销状态|销售状态|是否在销|active|state|status|product state",
    Field.ORDER_NUMBER: (
        "订单号|订单编号|订单ID|订单编码|单号|order number|order no|order id|order|invoice number|invoice"
    ),
    Field.ORDER_LINE: "行号|订单行号|行ID|line number|line no|line",
    Field.ORDER_DAY: (
        "订货日期|订单日期|销售日期|下单日期|业务日期|日期|下单时间|订货时间|订单时间|销售时间|单据日期|开单日期|"
        "order date|order time|sale date|sales date|date|day"
    ),
    Field.ORDER_CUSTOMER: _CUSTOMER_CODES,
    Field.ORDER_PRODUCT: _PRODUCT_CODES,
    Field.VOLUME: (
        "数量|数量实际|实际数量|订货量|订货量实际|订购量|订货数量|销售数量|销量|销售量|购进数量|购进量|quantity|qty|volume"
    ),
    Field.VOLUME_UNIT: "单位|数量单位|计量单位|商品单位|unit|units|uom|unit of measure|quantity unit",
    Field.AMOUNT: (
        "金额|金额实际|实际金额|订货金额|销售金额|订购金额|销售额|金额合计|购进金额|销售总金额|"
        "amount|sales amount|sale|total"
    ),
    Field.ALLOWED: "可订量|可订购量|限量|核定量|allowed|allowed quantity|allowance",
    Field.ORDER_TOTAL: "订单金额|整单金额|合计金额|订单总额|订单总金额|order total|order amount",
    Field.DEMAND_CUSTOMER: _CUSTOMER_CODES,
    Field.DEMAND_DAY: (
        "填报日期|填报时间|填写日期|填写时间|问卷日期|提交时间|提交日期|提交答卷时间|"
        "entered on|filled in on|questionnaire date|submitted on"
    ),
    Field.DEMAND_PRODUCT: (
        "需求商品|需求商品编码|需求规格|需求品规|需求产品|product wanted|wanted product|"
        f"{_PRODUCT_CODES}|{_PRODUCT_NAMES}"
    ),
    Field.DEMAND_VOLUME: "需求量|需求数量|需求条数|数量|quantity wanted|wanted quantity|quantity|qty",
    Field.DEMAND_WISH: "服务需求|服务需求类别|需求类别|需求类型|服务诉求|诉求|service wish|service wishes|wish|wishes",
    Field.DEMAND_NOTE: "需求说明|服务需求说明|需求内容|说明|备注|wish note|note|notes|remark",
    Field.DEMAND_CHANNEL: "填报方式|填写方式|问卷方式|来源|渠道|填报渠道|channel|way|how it came",
    Field.DEMAND_MONTH: "需求月份|所属月份|月份|demand month|month",
    Field.SCORE_CUSTOMER: _CUSTOMER_CODES,
    Field.SCORE_MONTH: "月份|评分月份|所属月份|month",
    Field.SCORE_DISPLAY: "陈列|商品陈列|陈列得分|display",
    Field.SCORE_STOCK: "存货|库存|存货管理|存货得分|stock|stock keeping",
    Field.SCORE_PRICING: "明码标价|价签|明码标价得分|pricing|price marking",
    Field.SCORE_RECOMMENDING: "推荐|推荐能力|推介|推荐得分|recommending",
    Field.SCORE_ONLINE: "自主网订|自主网上订货|自主网订得分|ordering online|ordering online himself|online",
    Field.SCORE_LAWFUL: "守法|守法经营|守法得分|law-abiding|lawful",
    Field.WAY_FROM: (
        "起点|起点编码|起点客户|起点客户编码|出发|出发点|出发客户|从|始点|始点编码|"
        "from|from code|from customer|origin|origin code|start"
    ),
    Field.WAY_TO: (
        "终点|终点编码|终点客户|终点客户编码|到|到达|到达点|到达客户|目的地|目的地编码|"
        "to|to code|to customer|destination|destination code|end"
    ),
    Field.WAY_LENGTH: "|".join(_LENGTHS),
}

VOLUME_UNITS: dict[str, VolumeUnit] = {
    "条": VolumeUnit.CARTON,
    "carton": VolumeUnit.CARTON,
    "cartons": VolumeUnit.CARTON,
    "包": VolumeUnit.PACK,
    "盒": VolumeUnit.PACK,
    "pack": VolumeUnit.PACK,
    "packs": VolumeUnit.PACK,
    "箱": VolumeUnit.CASE,
    "大箱": VolumeUnit.CASE,
    "case": VolumeUnit.CASE,
    "cases": VolumeUnit.CASE,
    "件": VolumeUnit.CRATE,
    "万支": VolumeUnit.CRATE,
    "crate": VolumeUnit.CRATE,
    "crates": VolumeUnit.CRATE,
    "支": VolumeUnit.STICK,
    "stick": VolumeUnit.STICK,
    "sticks": VolumeUnit.STICK,
}
AMOUNT_UNITS: dict[str, int] = {
    "元": 1,
    "yuan": 1,
    "rmb": 1,
    "cny": 1,
    "dollars": 1,
    "千元": 1000,
    "万元": 10_000,
    "万": 10_000,
}

_BRACKET = re.compile(r"[(\[【](.*?)[)\]】]")
_NOISE = re.compile(r"[\s*_\-:：]|必填|选填|required")


@dataclass(frozen=True, slots=True)
class Heading:
    """A header cell taken apart: the word that is compared and what stood in brackets."""

    text: str
    word: str
    unit: str


# the characters of header words in traditional writing (Big5 files)
_SIMPLE = str.maketrans(
    "編碼稱號戶經狀態檔業類場線訂貨電話開歇註銷數額規單聯絡緯證營貿責網與頁區縣鎮鄉專賣設條",
    "编码称号户经状态档业类场线订货电话开歇注销数额规单联络纬证营贸责网与页区县镇乡专卖设条",
)


def take_apart(text: str) -> Heading:
    """`*金额（万元）` → word 金额, unit 万元; traditional characters are read as simplified ones."""
    plain = unicodedata.normalize("NFKC", without_invisible(text)).casefold().translate(_SIMPLE)
    brackets = [part.strip() for part in _BRACKET.findall(plain)]
    unit = next((part for part in brackets if part and not _NOISE.fullmatch(part)), "")
    return Heading(text, _NOISE.sub("", _BRACKET.sub("", plain)), unit)


_PLAIN_LENGTHS = frozenset(take_apart(word).word for word in _LENGTH_WORDS.split("|"))
_FIELDS_OF: dict[tuple[Kind, str], Field] = {}
for _field, _names in WORDS.items():
    for _name in _names.split("|"):
        _FIELDS_OF.setdefault((_field.kind, take_apart(_name).word), _field)


# the upper row of two names a group of columns: 经营信息 over 档位 is the 档位, 客户经理信息 over 电话 is no customer's
_GROUP = re.compile(r"(?!.*(?:经理|员|证|计划)).*(?:信息|资料|情况|位置|坐标|方式)")
_FIGURES = frozenset({Field.VOLUME, Field.VOLUME_UNIT, Field.AMOUNT, Field.ALLOWED, Field.DEMAND_VOLUME})


def _field_of(text: str, kind: Kind) -> Field | None:
    """The field of a header, or of its lower row where the upper one only names a group."""
    known = _FIELDS_OF.get((kind, take_apart(text).word))
    upper, _blank, lower = text.partition(" ")
    if known is not None or not _GROUP.fullmatch(upper):
        return known
    below = _FIELDS_OF.get((kind, take_apart(lower).word))
    return None if below in _FIGURES else below


def recognise(header: Iterable[str], kind: Kind) -> dict[Field, int]:
    """Which column of the header is which field of this kind; the first of two wins."""
    found: dict[Field, int] = {}
    for index, text in enumerate(header):
        known = _field_of(text, kind)
        if known is not None:
            found.setdefault(known, index)
    return found


_KNOWN = frozenset(word for _kind, word in _FIELDS_OF)


def is_known(text: str) -> bool:
    """Is this the header of some field?"""
    return take_apart(text).word in _KNOWN


def twice_encoded(header: Sequence[str]) -> str | None:
    """What a header was that UTF-8 read as GBK has made unreadable (瀹㈡埛缂栫爜): 客户编码; None for any other."""
    cells = [cell.encode("gb18030", "replace").decode("utf-8", "replace") for cell in header]
    meant = any(is_known(cell) and cell != before for cell, before in zip(cells, header, strict=True))
    return " ".join(cells) if meant else None


def other_kinds(header: tuple[str, ...], kinds: tuple[Kind, ...]) -> tuple[Kind, ...]:
    """What a header could bring beside these kinds: an order file that names its customers or products too."""
    return tuple(kind for kind in Kind if kind not in kinds and set(REQUIRED[kind]) <= set(recognise(header, kind)))


def kinds_of(header: tuple[str, ...]) -> tuple[Kind, ...]:
    """What a file brings, by its header. An order file that names its customers too is still an order file, and so is
    a file of questionnaires or scores one of its kind.
    """
    whole = [kind for kind in Kind if set(REQUIRED[kind]) <= set(recognise(header, kind))]
    if Kind.DEMAND in whole and not set(recognise(header, Kind.DEMAND)) & {Field.DEMAND_PRODUCT, Field.DEMAND_WISH}:
        whole.remove(Kind.DEMAND)
    alone = [kind for kind in (Kind.SCORES, Kind.DEMAND, Kind.ORDERS, Kind.DISTANCES) if kind in whole]
    return tuple(alone[:1] or whole)


def half_orders(header: tuple[str, ...]) -> tuple[Field, ...]:
    """What a header lacks that has most of what order lines need; nothing when it has all of it, or little."""
    lacking = tuple(field for field in REQUIRED[Kind.ORDERS] if field not in recognise(header, Kind.ORDERS))
    return lacking if len(lacking) * 2 < len(REQUIRED[Kind.ORDERS]) else ()


_MONTH = re.compile(r"(.*\D)?(20\d\d年?)?(0?[1-9]|1[0-2])月(份|销量|数量|金额|订货量)?|20\d\d[./]?(0[1-9]|1[0-2])")
_MONTHS = 3  # so many columns named by months are a table of months (our default)


def month_columns(headings: Iterable[str]) -> tuple[str, ...]:
    """The headings of a table with a column a month."""
    found = tuple(text for text in headings if _MONTH.fullmatch(take_apart(text).word))
    return found if len(found) >= _MONTHS else ()


def volume_unit(heading: str) -> VolumeUnit | None:
    """The unit in brackets; None when the heading states none that is known."""
    return VOLUME_UNITS.get(take_apart(heading).unit)


def strange_unit(heading: str, units: Container[str]) -> bool:
    """Does a word stand in brackets that is no known unit?"""
    unit = take_apart(heading).unit
    return bool(unit) and unit not in units


def length_unit(heading: str) -> Decimal | None:
    """Metres in one of a column of lengths: 1000 for 距离(公里) and distance_km; None when no unit is told."""
    taken = take_apart(heading)
    if taken.unit in LENGTH_UNITS:
        return LENGTH_UNITS[taken.unit]
    told = [unit for unit in LENGTH_UNITS if taken.word in {f"{word}{unit}" for word in _PLAIN_LENGTHS}]
    return LENGTH_UNITS[told[0]] if told else None


def amount_times(heading: str) -> int:
    """What an amount column is multiplied by: 10000 for 万元."""
    return AMOUNT_UNITS.get(take_apart(heading).unit, 1)
