"""Mappings kept for next month's file: found again by the fingerprint of the header they were made for.

They lie in a folder `maps` beside the database; the fingerprint stands in each file, so names are free.
"""

import re
from hashlib import sha256
from pathlib import Path

from crmkit.model.importing import Field, Kind, VolumeUnit
from crmkit.sources.cells import DateOrder
from crmkit.sources.coordinates import SYSTEMS
from crmkit.sources.delimited import Table
from crmkit.sources.headers import take_apart
from crmkit.sources.layout import DAYS, QUANTITIES, Layout
from crmkit.sources.mapping import Mapping, read_mapping

_FINGERPRINT = re.compile(r'^fingerprint = "[^"]*"\n', re.MULTILINE)
_LENGTH = 16


def fingerprint(header: tuple[str, ...]) -> str:
    """The same for the same headings, whatever blanks, width or stars they have; the order counts."""
    words = [f"{heading.word}({heading.unit})" for heading in map(take_apart, header)]
    return sha256("\x1f".join(words).encode()).hexdigest()[:_LENGTH]


def kept(folder: Path) -> dict[str, Mapping]:
    """The mappings of a folder by fingerprint; of two for one header the first by name."""
    found: dict[str, Mapping] = {}
    if folder.is_dir():
        for path in sorted(folder.glob("*.toml")):
            mapping = read_mapping(path)
            if "fingerprint" in mapping.settings:
                found.setdefault(mapping.settings["fingerprint"], mapping)
    return found


def to_save(table: Table, layout: Layout, mapping: Mapping | None, order: DateOrder) -> str:
    """The text of a mapping for files with this header: the one used, or what the headings told."""
    mark = f'fingerprint = "{fingerprint(table.header)}"\n'
    if mapping is not None:
        return mark + _FINGERPRINT.sub("", mapping.text)
    if layout.system != SYSTEMS[0]:
        mark += f'system = "{layout.system}"\n'
    return mark + "".join(_tables(layout, order))


def _tables(layout: Layout, order: DateOrder) -> list[str]:
    lines: list[str] = []
    for kind in Kind:
        columns = layout.of_kind(kind)
        if columns:
            lines.append(f"\n[{kind}]\n")
        for column in columns:
            if not isinstance(column.field, Field):
                continue  # own fields are found by their names
            more = ""
            if column.field in DAYS:
                more = f', order = "{"excel" if column.field in layout.serial else order}"'
            elif column.field in QUANTITIES:
                unit = _unit(layout, column.field)
                more = f', unit = "{unit}"' if unit else ""
            name = _quoted(column.heading)
            lines.append(f"{column.field.key} = " + (f"{{ column = {name}{more} }}\n" if more else f"{name}\n"))
    return lines


def _unit(layout: Layout, field: Field) -> VolumeUnit | None:
    """The unit to write down: that of the heading; a carton where neither heading nor rows name one."""
    stated = layout.stated.get(field)
    if stated or field is Field.ALLOWED or (field is Field.VOLUME and layout.heading(Field.VOLUME_UNIT)):
        return stated
    return VolumeUnit.CARTON


def _quoted(text: str) -> str:
    """A TOML basic string."""
    plain = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in plain) + '"'
