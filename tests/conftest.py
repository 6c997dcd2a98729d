"""What many tests need: a fresh store, an act, the place of the real data."""

import os
import subprocess
import sys
from collections.abc import Callable, Generator, Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from fresh_stores import fresh_store
from hypothesis import settings
from made_once import made_once

from crmkit.model.operation import Act
from crmkit.report.words import use_language
from crmkit.store.connection import Store

GOLDENS = Path(__file__).parent / "goldens"
SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


settings.register_profile("crmkit", deadline=None)  # no test is timed: machines are shared
settings.load_profile("crmkit")

ALLOWED_SKIPS = Path(__file__).parent / "allowed_skips.txt"


def act_at(day: str = "2026-11-02", actor: str = "001", command: str = "test") -> Act:
    """An act of somebody at noon of a day."""
    now = datetime.fromisoformat(f"{day}T12:00:00").replace(tzinfo=ZoneInfo("Asia/Shanghai"))
    return Act(actor=actor, role=None, command=command, arguments="", host="test", now=now, today=now.date())


@pytest.fixture
def act() -> Act:
    return act_at()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = fresh_store(tmp_path / "crmkit.db")
    yield made
    made.close()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data; tests that read it skip where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("../shared/data is absent")
    return SHARED


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `crmkit demo` makes on Friday 30 October 2026, 18:00. Shared: copy crmkit.db before writing."""
    clock = os.environ | {"CRMKIT_NOW": "2026-10-30T18:00", "CRMKIT_LANG": "en"}

    def make(folder: Path) -> None:
        words = [sys.executable, "-m", "crmkit", "demo", folder / "crmkit-demo"]
        subprocess.run(words, env=clock, capture_output=True, check=True)

    return made_once(tmp_path_factory, "demo", make) / "crmkit-demo"


@pytest.fixture(scope="session", autouse=True)
def no_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No setting of whoever runs the tests reaches them, and no bug's log their home."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("CRMKIT_")]:
            patch.delenv(name)
        patch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("settings")))
        patch.setenv("APPDATA", str(tmp_path_factory.mktemp("settings")))
        yield


@pytest.fixture(scope="session")
def iowa_file(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Iowa files in one database with nothing begun. Copy it: the whole session shares it."""
    from des_moines import import_iowa

    def make(folder: Path) -> None:
        import_iowa(shared_data / "iowa-des-moines", folder / "crmkit.db")

    return made_once(tmp_path_factory, "iowa", make) / "crmkit.db"


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Each test starts in English, whatever the one before spoke."""
    use_language("en")
    yield
    use_language("en")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-goldens", action="store_true", help="write tests/goldens anew; look at the diff")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Holds a text against the file tests/goldens/<name>, or writes it with --update-goldens."""

    def compare(name: str, text: str) -> None:
        kept = GOLDENS / name
        if request.config.getoption("--update-goldens"):
            kept.parent.mkdir(exist_ok=True)
            kept.write_text(text, encoding="utf-8", newline="\n")
        assert text == kept.read_text(encoding="utf-8"), f"{name} differs: --update-goldens writes it anew"

    return compare


def allowed_skips() -> list[str]:
    """The reasons for which a test may be left out even under CI: what stands before the bar in the list."""
    lines = ALLOWED_SKIPS.read_text(encoding="utf-8").splitlines()
    return [line.split("|")[0].strip() for line in lines if line.strip() and not line.startswith("#")]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Under CI=true a skip nobody has allowed is a failure: a test that never runs guards nothing."""
    report = yield
    if os.environ.get("CI") == "true" and report.skipped and not hasattr(report, "wasxfail"):
        reason = str(call.excinfo.value) if call.excinfo else ""
        if not any(allowed in reason for allowed in allowed_skips()):
            report.outcome = "failed"
            report.longrepr = f"skipped ({reason}), and tests/allowed_skips.txt does not allow it"
    return report
