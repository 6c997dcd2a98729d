"""A page's commands typed in this process: what a shell would do with the few forms the pages use."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from month_examples import Answer
from opening_examples import Alone

from crmkit.report.words import Language


def chapters(page: Path) -> list[str]:
    """The sh blocks of a page."""
    return re.findall(r"^```sh\n(.*?)^```$", page.read_text(encoding="utf-8"), re.S | re.M)


def unrolled(block: str) -> Iterator[str]:
    """The lines of a block, each loop written out."""
    loop: list[str] = []
    days: list[str] = []
    for line in block.splitlines():
        if line.startswith("for "):
            days, loop = line.removeprefix("for day in ").removesuffix("; do").split(), []
        elif line == "done":
            yield from (one.replace("${day}", day) for day in days for one in loop)
            days = []
        elif days:
            loop.append(line)
        else:
            yield line


class Teller:
    """Types a page's lines and keeps what each command said. A line without `||` must succeed, the others must not."""

    def __init__(self, typist: "Speaker", monkeypatch: pytest.MonkeyPatch) -> None:
        self.typist, self._patch = typist, monkeypatch
        self.said: list[tuple[str, Answer]] = []

    def tell(self, block: str) -> None:
        self.said = []
        for line in unrolled(block):
            self._type(line)

    def answer(self, start: str) -> Answer:
        """What the last command of this block that begins so said."""
        return next(answer for line, answer in reversed(self.said) if line.startswith(f"crmkit {start}"))

    def _type(self, line: str) -> None:
        if line.startswith("export "):
            for name, value in re.findall(r"(\w+)=(\S+)", line):
                {"CRMKIT_NOW": self.typist.now, "CRMKIT_ACTOR": self.typist.actor}[name](value)
        elif line.startswith("cd "):
            self._patch.chdir(Path.cwd() / line.removeprefix("cd "))
        elif line.startswith("crmkit "):
            self._crmkit(line)
        else:
            subprocess.run(["/bin/sh", "-c", line], check=True)

    def _crmkit(self, line: str) -> None:
        command, _bars, fails = line.partition(" || ")
        command, _bar, after = command.partition(" | ")
        answer = self.typist(*shlex.split(command)[1:])
        self.said.append((line, answer))
        assert (answer.code != 0) == bool(fails), (line, answer)
        if after:
            words = f'"{sys.executable}" {after.removeprefix("python3 ")}'
            clean = os.environ | {"PYTHONUTF8": "1"}
            subprocess.run(["/bin/sh", "-c", words], input=answer.out, encoding="utf-8", check=True, env=clean)


class Speaker:
    """A typist who reads everything in one language."""

    def __init__(self, typist: Alone, lang: Language) -> None:
        self._typist, self._lang = typist, lang

    def now(self, moment: str) -> None:
        self._typist.now = moment

    def actor(self, code: str) -> None:
        self._typist.actor = code

    def __call__(self, *words: str) -> Answer:
        return self._typist(*words, lang=self._lang)


def skeleton(page: Path) -> list[list[str]]:
    """What both languages share line by line: everything but what stands in quotes or is said of an exit."""
    lines = [line for block in chapters(page) for line in block.splitlines()]
    return [re.sub(r'"[^"]*"|(?<=--reason )[^"\s]+', '""', line.partition(" || ")[0]).split() for line in lines]
