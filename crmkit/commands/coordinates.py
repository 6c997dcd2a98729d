"""The option that says which system coordinates are measured in."""

from enum import StrEnum
from typing import Annotated

import typer

from crmkit.report.words import _


class SystemWord(StrEnum):
    """What longitude and latitude are measured in."""

    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    BD09 = "bd09"


Coordinates = Annotated[
    SystemWord | None,
    typer.Option(help=_("System of the coordinates: Amap and Tencent gcj02, Baidu bd09.")),
]
