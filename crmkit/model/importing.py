"""What an import reads, rejects and counts."""

from dataclasses import dataclass, field
from enum import StrEnum

from crmkit.model.consequence import Consequence
from crmkit.model.product import UNITS_PER_CASE, UNITS_PER_CRATE, UNITS_PER_PACK


class Kind(StrEnum):
    """What a file brings. One wide file may bring customers, products and orders."""

    CUSTOMERS = "customers"
    PRODUCTS = "products"
    ORDERS = "orders"
    DEMAND = "demand"  # questionnaires of direct demand (step 1)
    SCORES = "scores"  # ability scores (step 2)
    DISTANCES = "distances"  # ways by road between shops


class Field(StrEnum):
    """A place a column of a file can go to: kind, dot, name. The names are the keys of a mapping file."""

    CUSTOMER_CODE = "customers.code"
    CUSTOMER_NAME = "customers.name"
    LICENCE = "customers.licence"
    MANAGER = "customers.manager"
    STATE = "customers.state"
    GRADE = "customers.grade"
    MARKET_TYPE = "customers.market_type"
    BUSINESS_TYPE = "customers.business_type"
    NEIGHBOURHOOD = "customers.neighbourhood"
    ROUTE = "customers.route"
    ORDER_WEEKDAY = "customers.order_weekday"
    ONLINE = "customers.online"
    VISIT_METHOD = "customers.visit_method"
    LONGITUDE = "customers.longitude"
    LATITUDE = "customers.latitude"
    ADDRESS = "customers.address"
    CITY = "customers.city"
    CONTACT = "customers.contact"
    PHONE = "customers.phone"
    OPENED_ON = "customers.opened_on"
    CLOSED_ON = "customers.closed_on"
    CLOSED_WEEKDAYS = "customers.closed_weekdays"
    HOURS = "customers.hours"
    PRODUCT_CODE = "products.code"
    PRODUCT_NAME = "products.name"
    CATEGORY = "products.category"  # a path: levels joined by >
    CATEGORY_1 = "products.category_1"
    CATEGORY_2 = "products.category_2"
    CATEGORY_3 = "products.category_3"
    KEY_BRAND = "products.key_brand"
    TAR = "products.tar"
    UNITS_PER_CARTON = "products.units_per_carton"
    PRODUCT_ACTIVE = "products.active"
    ORDER_NUMBER = "orders.number"
    ORDER_LINE = "orders.line"
    ORDER_DAY = "orders.day"
    ORDER_CUSTOMER = "orders.customer"
    ORDER_PRODUCT = "orders.product"
    VOLUME = "orders.volume"
    VOLUME_UNIT = "orders.unit"  # what the quantity of this row counts
    AMOUNT = "orders.amount"
    ALLOWED = "orders.allowed"
    ORDER_TOTAL = "orders.total"  # of the whole order: compared with its lines, not stored
    DEMAND_CUSTOMER = "demand.customer"
    DEMAND_DAY = "demand.day"  # on which the questionnaire came in
    DEMAND_PRODUCT = "demand.product"  # a code or a name
    DEMAND_VOLUME = "demand.volume"
    DEMAND_WISH = "demand.wish"
    DEMAND_NOTE = "demand.note"
    DEMAND_CHANNEL = "demand.channel"
    DEMAND_MONTH = "demand.month"
    SCORE_CUSTOMER = "scores.customer"
    SCORE_MONTH = "scores.month"
    SCORE_DISPLAY = "scores.display"
    SCORE_STOCK = "scores.stock"
    SCORE_PRICING = "scores.pricing"
    SCORE_RECOMMENDING = "scores.recommending"
    SCORE_ONLINE = "scores.online"
    SCORE_LAWFUL = "scores.lawful"
    WAY_FROM = "distances.from"
    WAY_TO = "distances.to"
    WAY_LENGTH = "distances.length"

    @property
    def kind(self) -> Kind:
        return Kind(self.value.partition(".")[0])

    @property
    def key(self) -> str:
        return self.value.partition(".")[2]


REQUIRED: dict[Kind, tuple[Field, ...]] = {
    Kind.CUSTOMERS: (Field.CUSTOMER_CODE, Field.CUSTOMER_NAME),
    Kind.PRODUCTS: (Field.PRODUCT_CODE, Field.PRODUCT_NAME),
    Kind.ORDERS: (Field.ORDER_DAY, Field.ORDER_CUSTOMER, Field.ORDER_PRODUCT, Field.VOLUME, Field.AMOUNT),
    Kind.DEMAND: (Field.DEMAND_CUSTOMER, Field.DEMAND_DAY),
    Kind.SCORES: (
        Field.SCORE_CUSTOMER,
        Field.SCORE_MONTH,
        Field.SCORE_DISPLAY,
        Field.SCORE_STOCK,
        Field.SCORE_PRICING,
        Field.SCORE_RECOMMENDING,
        Field.SCORE_ONLINE,
        Field.SCORE_LAWFUL,
    ),
    Kind.DISTANCES: (Field.WAY_FROM, Field.WAY_TO, Field.WAY_LENGTH),
}


class VolumeUnit(StrEnum):
    """What a quantity column counts."""

    CARTON = "carton"  # 条, or the sales unit of the trade
    CASE = "case"  # 箱: 50 000 支
    CRATE = "crate"  # 件: 10 000 支
    STICK = "stick"  # 支
    PACK = "pack"  # 包, 盒: 20 支


# 支 in one of a unit; a carton's depend on the product
STICKS: dict[str | None, int] = {
    VolumeUnit.CASE: UNITS_PER_CASE,
    VolumeUnit.CRATE: UNITS_PER_CRATE,
    VolumeUnit.PACK: UNITS_PER_PACK,
    VolumeUnit.STICK: 1,
}


class Reason(StrEnum):
    """Why a row was not taken."""

    CELLS = "cells"  # fewer or more cells than the header; detail: "5/6"
    BLANK = "blank"  # a needed cell is blank
    BAD_CODE = "bad-code"
    DIGITS_LOST = "digits-lost"  # 1.23E+18
    ERROR_CELL = "error-cell"  # #N/A, #REF! …
    TOO_LONG = "too-long"
    CONTROL_CHARACTER = "control-character"
    BAD_NUMBER = "bad-number"
    TOO_LARGE = "too-large"
    TOO_FINE = "too-fine"  # not a whole thousandth of a carton
    BAD_DATE = "bad-date"
    AMBIGUOUS_DATE = "ambiguous-date"
    SERIAL_DATE = "serial-date"  # 45231 in a text: a day only where the whole column is such numbers
    DATE_RANGE = "date-range"
    FUTURE_DATE = "future-date"
    MONTH_FAR = "month-far"  # a working month that nobody works on now; detail: the months that are taken
    BAD_PHONE = "bad-phone"
    BAD_COORDINATE = "bad-coordinate"
    UNKNOWN_WORD = "unknown-word"  # detail: the known ones
    UNIT_CONFLICT = "unit-conflict"  # the row's unit is not the one the header states; detail: both
    UNKNOWN_MANAGER = "unknown-manager"  # detail: the known ones
    UNKNOWN_CUSTOMER = "unknown-customer"
    UNKNOWN_PRODUCT = "unknown-product"
    LOST_ZEROS = "lost-zeros"  # a code without the zeros of one that is known; detail: both
    STORED_WITHOUT_ZEROS = "stored-without-zeros"  # a code that is known without its zeros in front; detail: both
    TWO_NAMES = "two-names"  # one code, two names; detail: both, side by side
    REPEATED_LINE = "repeated-line"  # an order line twice in one file with other values
    NOT_A_LEAF = "not-a-leaf"  # the category has categories below it, or one above holds products
    MASTER_REJECTED = "master-rejected"  # the customer or product of this row was rejected
    BAD_MONTH = "bad-month"
    TWO_PRODUCTS = "two-products"  # a name that several products bear; detail: their codes
    MONTH_SUBMITTED = "month-submitted"  # what the row changes is submitted already; detail: the month
    NOT_VALID = "not-valid"  # the customer is not among the valid ones of its manager
    NO_UNIT = "no-unit"  # a length with a fraction that says neither metres nor kilometres
    TO_ITSELF = "to-itself"  # a way from a shop to itself that is not 0
    NO_WAY = "no-way"  # 0 between shops that are not known to stand in one place; detail: both
    TOO_FAR = "too-far"  # over 2,000 km; detail: both shops and the length
    BELOW_STRAIGHT = "below-straight"  # shorter than the straight line; detail: both shops and both lengths
    TWO_LENGTHS = "two-lengths"  # one way with two lengths in one file; detail: both shops and the lengths


@dataclass(frozen=True, slots=True)
class Rejected:
    """One row that was not taken. `line` is where the row starts in the file, `column` its header (or "")."""

    line: int
    column: str
    reason: Reason
    detail: str = ""
    field: str = ""  # of an unknown word: the field of a mapping file that can translate it


class Notice(StrEnum):
    """What was done beside taking rows; each with a count or a word."""

    COLUMNS_IGNORED = "columns-ignored"
    BLANK_ROWS = "blank-rows"
    REPEATED_HEADER = "repeated-header"
    UNIT = "unit"  # 金额(万元): factor 10000
    STRANGE_UNIT = "strange-unit"  # 数量(瓶): not known as a unit, read as cartons or yuan
    ROW_UNITS = "row-units"  # rows by the unit each of them names: "carton 3, pack 2"
    LOOKALIKE_CODES = "lookalike-codes"  # differ only by O/0 or I/1
    DELIMITER = "delimiter"
    MANAGER_ASSUMED = "manager-assumed"  # no manager column, one customer manager in the file
    TITLE_ROWS = "title-rows"  # rows above the header
    JOINED_HEADER = "joined-header"  # two rows made one: the names
    SHEETS_LEFT = "sheets-left"  # sheets of the workbook that were not read
    HIDDEN_ROWS = "hidden-rows"
    HIDDEN_COLUMNS = "hidden-columns"
    MERGED_CELLS = "merged-cells"
    FILTERED = "filtered"
    LOCK_FILE = "lock-file"  # ~$x.xlsx: left out
    SAVED_MAP = "saved-map"  # the mapping found by the header's fingerprint, or written
    TOTAL_AGREES = "total-agrees"  # the file's own total is the sum of its rows
    TOTAL_DIFFERS = "total-differs"  # both figures
    ORDER_TOTALS_DIFFER = "order-totals-differ"  # orders whose lines do not add up to their total: both figures
    SUBTOTALS = "subtotals"
    FOOT_ROWS = "foot-rows"  # 制表人, 审核, 共 N 条: how many, and their lines
    SERIAL_DATES = "serial-dates"  # a column of Excel days in a text: its heading, the first one and its day
    NEW_NAME = "new-name"  # one code, quite another name than before: perhaps another shop
    LINES_STANDING = "lines-standing"  # orders with lines that this file does not hold; they stay
    CLOSED_ORDERS = "closed-orders"  # customers marked closed that order
    EARLY_ORDERS = "early-orders"  # customers with orders before the day they opened
    FAR_AWAY = "far-away"  # places far from the rest
    MISSING_CUSTOMERS = "missing-customers"  # known ones that a full file does not hold
    CLOSED_MISSING = "closed-missing"  # these were marked closed (--archive-missing)
    NO_MANAGER = "no-manager"  # new customers without a customer manager: how many
    COORDINATES = "coordinates"  # read as this system, because nobody named one
    MONTH_COLUMNS = "month-columns"  # a column a month: no order lines, not read
    VISITS_CANCELLED = "visits-cancelled"  # open visits of shops that this file closed, with the state as reason
    LATE_DEMAND = "late-demand"  # online questionnaires after the cut-off: they count for a later month
    UNCONFIRMED = "unconfirmed"  # questionnaires that were confirmed and changed
    CARRIED_SCORES = "carried-scores"  # rows equal to last month's scores: they are marked carried
    MATRIX = "matrix"  # a square table of distances: how many shops, and the ways in it
    METRES_ASSUMED = "metres-assumed"  # a column of lengths without a unit: read as metres
    THERE_AND_BACK = "there-and-back"  # ways that differ there and back: the mean counts; how many, the largest
    LATER_ROW = "later-row"  # rows of one code that differ in more than the name: the last filled cell counts


# what makes a command end with warnings though every row was taken
SUSPICIOUS = frozenset(
    {Notice.TOTAL_DIFFERS, Notice.ORDER_TOTALS_DIFFER, Notice.NEW_NAME, Notice.FAR_AWAY, Notice.MONTH_COLUMNS}
)


@dataclass(frozen=True, slots=True)
class CellChange:
    """One cell that an import changes: of a customer, a product, or an order line (day/customer/number/line)."""

    kind: Kind
    key: str
    field: str
    old: str | int | None
    new: str | int | None


@dataclass(frozen=True, slots=True)
class Totals:
    """Control totals: lines, thousandths of a carton, minor units."""

    lines: int = 0
    volume: int = 0
    amount: int = 0

    def plus(self, other: "Totals") -> "Totals":
        return Totals(self.lines + other.lines, self.volume + other.volume, self.amount + other.amount)


@dataclass(frozen=True, slots=True)
class Counted:
    """What happened to the rows of one kind."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    held: tuple[tuple[str, str], ...] = ()  # (code, column) set by hand: the file says otherwise and was not followed

    @property
    def accepted(self) -> int:
        return self.new + self.changed + self.unchanged

    def plus(self, other: "Counted") -> "Counted":
        return Counted(
            self.new + other.new,
            self.changed + other.changed,
            self.unchanged + other.unchanged,
            self.held + other.held,
        )


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What one file brought. `rows` = taken + rejected; blank and repeated header rows are no rows.

    `batch` is the number to show and undo it by (None: dry run, or nothing was new);
    `already` the batch that brought this very file before: then nothing was read.
    """

    file: str
    sha256: str
    encoding: str
    kinds: tuple[Kind, ...]
    rows: int = 0
    skipped: int = 0
    counted: dict[Kind, Counted] = field(default_factory=dict)
    orders: int = 0  # orders the lines belong to
    totals: Totals = Totals()
    rejected: tuple[Rejected, ...] = ()
    notices: tuple[tuple[Notice, str], ...] = ()
    columns: tuple[tuple[str, str], ...] = ()  # which heading was read as which field, or own field
    changes: tuple[CellChange, ...] = ()  # the first ones, old and new
    consequences: tuple[Consequence, ...] = ()  # what followed in the later steps of the months it brought
    rejects_file: str | None = None
    batch: int | None = None
    already: int | None = None
    dry_run: bool = False

    @property
    def is_warned(self) -> bool:
        """Was something refused, or taken with a doubt?"""
        return bool(self.rejected) or any(notice in SUSPICIOUS for notice, _detail in self.notices)


@dataclass(frozen=True, slots=True)
class Batch:
    """One import that was carried out."""

    id: int
    op: int
    at: str
    actor: str
    file: str
    sha256: str
    kinds: tuple[Kind, ...]
    encoding: str
    rows: int
    accepted: int
    unchanged: int
    rejected: int
    skipped: int
    volume: int
    amount: int
    undone_by: int | None
