"""Two machines: the manager's folder with his file, and the market manager's, who has none or his own."""

import shutil
from contextlib import closing, redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

import pytest
from month_examples import BOSS, MONTH, Answer, Typist, write_exports

from crmkit.cli import run
from crmkit.store.opening import open_store

OF_MONTH = ("--month", MONTH)
PACKAGE = "nov.crmplan"
PREPARED: tuple[tuple[str, ...], ...] = (
    ("analyze", "compute", *OF_MONTH),
    ("analyze", "score", "--all", "3", *OF_MONTH),
    ("analyze", "generate", *OF_MONTH),
    ("plan", "strategies", *OF_MONTH, "--satisfaction", "90"),
    ("plan", "generate", *OF_MONTH),
)


class TwoMachines:
    """Types on both sides and carries files between them."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.his, self.boss = folder / "his", folder / "boss"
        for place in (self.his, self.boss):
            place.mkdir()
        self._patch = monkeypatch
        self.typist = Typist(self.his, monkeypatch, capsys)

    def at(self, place: Path, *words: str, actor: str) -> Answer:
        self._patch.chdir(place)
        return self.typist(*words, actor=actor)

    def manager(self, *words: str, **more: str) -> Answer:
        self._patch.chdir(self.his)
        return self.typist(*words, **more)  # type: ignore[arg-type]

    def market_manager(self, *words: str, **more: str) -> Answer:
        self._patch.chdir(self.boss)
        return self.typist(*words, actor=BOSS, **more)  # type: ignore[arg-type]

    def carry(self, name: str, *, back: bool = False, to: str | None = None) -> Path:
        source, target = (self.boss, self.his) if back else (self.his, self.boss)
        return Path(shutil.copy(source / name, target / (to or name)))

    def submit(self, name: str = PACKAGE) -> Answer:
        return self.manager("plan", "submit", *OF_MONTH, "-o", name)

    def decide(self, what: str, *more: str, name: str = PACKAGE, answer: str = "answer.crmplan") -> Answer:
        """Carry the package over, decide, carry the answer back."""
        self.carry(name)
        done = self.market_manager("review", what, name, *more, "-o", answer)
        if done.code == 0:
            self.carry(answer, back=True)
        return done

    def states(self) -> dict[str, str | None]:
        """The states of the two documents in the manager's file."""
        found = {}
        for name in ("strategies", "plan"):
            page = self.manager("plan", "show", *OF_MONTH, "--format", "json") if name == "plan" else None
            found[name] = page.data["state"] if page else self._strategies()
        return found

    def _strategies(self) -> str:
        with closing(open_store(self.his / "crmkit.db")) as store:
            return str(store.value("SELECT state FROM document WHERE kind='strategies'"))


def draft_month(folder: Path) -> Path:
    """A file whose month is drafted."""
    write_exports(folder)
    people = ("--manager", "001=张三", "--manager", "002=李四", "--market-manager", f"{BOSS}=周正")
    files = ("customers.csv", "products.csv", "orders.csv")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("CRMKIT_NOW", "2026-10-30T18:00")
        patch.setenv("CRMKIT_ACTOR", "001")
        for words in (("init", *people), ("import", *files), *PREPARED):
            with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
                assert run(list(words)) in (0, 3), words
    return folder / "crmkit.db"
