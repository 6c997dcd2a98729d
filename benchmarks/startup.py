"""`crmkit --help` against a two-command Typer program: at most 1.3 times."""

import sys

from pairs import CRMKIT, HERE, Measured, interleaved, run


def measure(pairs: int = 25) -> Measured:
    return interleaved(
        "crmkit --help / a two-command Typer program",
        lambda _: run(CRMKIT, "--help"),
        lambda _: run(sys.executable, HERE / "two_commands.py", "--help"),
        pairs,
        1.3,
    )


if __name__ == "__main__":
    print(measure().line())
