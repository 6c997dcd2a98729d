"""Build hook: joins the Chinese word lists (crmkit/locale/<lang>/*.po) into one compiled catalogue."""

from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

LOCALE = Path(__file__).parent / "crmkit" / "locale"


def joined(folder: Path) -> Catalog:
    """One catalogue out of all word lists of a language; the same msgid with two translations is an error."""
    whole = Catalog(locale=folder.name)
    for source in sorted(folder.glob("*.po")):
        with source.open("rb") as handle:
            for message in read_po(handle, locale=folder.name):
                known = whole.get(message.id, message.context) if message.id else None
                if known is not None and known.string != message.string:
                    fault = f"{source}: {message.id!r} is translated in two ways"
                    raise ValueError(fault)
                if message.id:
                    whole.add(message.id, message.string, context=message.context)
    return whole


def compile_all() -> None:
    """Write LC_MESSAGES/crmkit.mo for every language folder."""
    for folder in sorted(path for path in LOCALE.iterdir() if path.is_dir()):
        target = folder / "LC_MESSAGES" / "crmkit.mo"
        target.parent.mkdir(exist_ok=True)
        with target.open("wb") as handle:
            write_mo(handle, joined(folder))


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Runs for the wheel and for the editable install alike."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        compile_all()


if __name__ == "__main__":
    compile_all()
