"""The story of examples/des-moines as a customer manager types it, in both languages, on the real files."""

import os
import re
import subprocess
from pathlib import Path

import pytest
from warm_crmkit import warm_crmkit

ROOT = Path(__file__).resolve().parents[1]
STORY = ROOT / "examples" / "des-moines"
PAGES = {"en": STORY / "README.md", "zh": STORY / "README.zh-CN.md"}


def commands(language: str) -> str:
    return "\n".join(re.findall(r"^```sh\n(.*?)^```$", PAGES[language].read_text(encoding="utf-8"), re.S | re.M))


def skeleton(text: str) -> list[list[str]]:
    """What both languages must share: the program, its commands and its options, line by line."""
    return [re.findall(r"crmkit [a-z]+(?: [a-z]+\b)?|--[a-z-]+|CM\d|MM\d", line) for line in text.splitlines()]


def after_import(story: str) -> str:
    """The story with the imported file put in place where it was made."""
    lines = [line for line in story.splitlines() if not line.startswith(("crmkit init", "crmkit import"))]
    lines.insert(lines.index("cd des-moines") + 1, 'cp "$IMPORTED" crmkit.db')
    return "\n".join(lines)


def test_both_pages_tell_the_same_story() -> None:
    assert skeleton(commands("en")) == skeleton(commands("zh"))
    assert len(commands("en").splitlines()) > 35


@pytest.mark.skipif(os.name == "nt", reason="the commands are written for sh")
@pytest.mark.parametrize("language", PAGES)
def test_the_story_runs_as_it_is_written(language: str, shared_data: Path, iowa_file: Path, tmp_path: Path) -> None:
    """In one shell that stops at the first failure, by somebody with an empty home. The Chinese page, whose commands
    are the same, begins after the import.
    """
    story = commands(language) if language == "en" else after_import(commands(language))
    environment = {
        "HOME": str(tmp_path),
        "PYTHONUTF8": "1",
        "CRMKIT": str(ROOT),
        "IOWA": str(shared_data / "iowa-des-moines"),
        "CRMKIT_LANG": language,
        "IMPORTED": str(iowa_file),
    }
    with warm_crmkit(tmp_path) as programs:
        done = subprocess.run(
            ["/bin/sh", "-eu", "-c", story], cwd=tmp_path, capture_output=True, encoding="utf-8", check=False,
            env=environment | {"PATH": f"{programs}:/usr/bin:/bin"},
        )  # fmt: skip
    assert done.returncode == 0, done.stdout[-1500:] + done.stderr[-1500:]
    assert (tmp_path / "des-moines" / "sheet.pdf").read_bytes().startswith(b"%PDF")
    assert {"en": "exit code 6", "zh": "退出码 6"}[language] in done.stdout
    assert ("539541 lines" in done.stdout) == ("108954885.10" in done.stdout) == (language == "en")
