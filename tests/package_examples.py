"""Two machines: the manager's folder with his file, and the market manager's, who has none or his own."""

import shutil
from pathlib import Path

import pytest
from month_examples import BOSS, MONTH, Answer, Typist, write_exports

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

    def prepare(self) -> None:
        people = ("--manager", "001=张三", "--manager", "002=李四", "--market-manager", f"{BOSS}=周正")
        assert self.manager("init", *people).code == 0
        write_exports(self.his)
        assert self.manager("import", "customers.csv", "products.csv", "orders.csv").code == 0
        for words in PREPARED:
            answer = self.manager(*words)
            assert answer.code in (0, 3), (words, answer)

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
        from contextlib import closing

        from crmkit.store.opening import open_store

        with closing(open_store(self.his / "crmkit.db")) as store:
            return str(store.value("SELECT state FROM document WHERE kind='strategies'"))


@pytest.fixture
def machines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> TwoMachines:
    made = TwoMachines(tmp_path, monkeypatch, capsys)
    made.prepare()
    return made
