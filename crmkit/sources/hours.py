"""Opening hours 营业时间 as people write them → one spelling."""

import re

from crmkit.model.importing import Reason
from crmkit.sources.cells import half_width

_SPAN = re.compile(r"([0-9]{1,2}):?([0-9]{2})?(?:-|~|到|至)([0-9]{1,2}):?([0-9]{2})?")
_BETWEEN = re.compile(r"[,;、/ ]+")


def hours(text: str) -> str | Reason | None:
    """9:00-12:00、14:00~21:30 → "09:00-12:00,14:00-21:30"; 24小时 is "00:00-24:00". None for a blank cell."""
    plain = half_width(text).replace("点", ":").replace(": ", ":")
    if not plain:
        return None
    if plain in ("24小时", "全天", "24h"):
        return "00:00-24:00"
    spans = [_span(part) for part in _BETWEEN.split(plain) if part]
    return Reason.UNKNOWN_WORD if None in spans or len(spans) > 3 else ",".join(span for span in spans if span)


def _span(text: str) -> str | None:
    found = _SPAN.fullmatch(text.replace(":-", "-").removesuffix(":"))
    if not found:
        return None
    first, last = (f"{int(h):02d}:{m or '00'}" for h, m in ((found[1], found[2]), (found[3], found[4])))
    valid = first < last <= "24:00" and first[3:] < "60" and last[3:] < "60"
    return f"{first}-{last}" if valid else None
