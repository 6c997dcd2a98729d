"""A small strict reader of iCalendar files, written from RFC 5545 alone: what a phone would understand."""

import re
from dataclasses import dataclass, field

LINE = re.compile(r"([A-Z0-9-]+)((?:;[A-Z0-9-]+=(?:\"[^\"]*\"|[^\";:,]*))*):(.*)", re.S)
KNOWN = {"UID", "SEQUENCE", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "DESCRIPTION"}
KNOWN |= {"LOCATION", "GEO", "STATUS", "TRANSP"}


@dataclass
class Component:
    name: str
    values: dict[str, str] = field(default_factory=dict)
    parameters: dict[str, dict[str, str]] = field(default_factory=dict)
    inside: list["Component"] = field(default_factory=list)

    def every(self, name: str) -> list["Component"]:
        return [one for one in self.inside if one.name == name]

    def text(self, name: str) -> str:
        return unescaped(self.values[name])


def unescaped(text: str) -> str:
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], text)


def lines_of(data: bytes) -> list[str]:
    """Content lines, unfolded. Asserts CRLF, no line over 75 octets, no character cut in two."""
    assert data.endswith(b"\r\n")
    folded = data[:-2].split(b"\r\n")
    for line in folded:
        assert len(line) <= 75, line
        assert b"\n" not in line
        assert b"\r" not in line
        line.decode("utf-8")  # a fold within a character would not decode
    found: list[str] = []
    for line in folded:
        if line.startswith((b" ", b"\t")):
            found[-1] += line[1:].decode("utf-8")
        else:
            found.append(line.decode("utf-8"))
    return found


def read_ics(data: bytes) -> Component:
    """The one calendar of a file."""
    root = Component("")
    stack = [root]
    for line in lines_of(data):
        found = LINE.fullmatch(line)
        assert found, line
        name, parameters, value = found[1], found[2], found[3]
        if name == "BEGIN":
            stack.append(Component(value))
            stack[-2].inside.append(stack[-1])
        elif name == "END":
            assert stack.pop().name == value
        else:
            assert name not in stack[-1].values or name == "RRULE", name
            stack[-1].values[name] = value
            stack[-1].parameters[name] = dict(pair.split("=", 1) for pair in parameters.split(";") if pair)
    assert len(stack) == 1
    (calendar,) = root.inside
    assert calendar.name == "VCALENDAR"
    assert calendar.values["VERSION"] == "2.0"
    assert calendar.values["PRODID"]
    for event in calendar.every("VEVENT"):
        assert event.values.keys() <= KNOWN
        assert {"UID", "DTSTAMP", "DTSTART"} <= event.values.keys()
        assert re.fullmatch(r"\d{8}T\d{6}Z", event.values["DTSTAMP"])
        assert event.values["SEQUENCE"].isdigit()
    return calendar
