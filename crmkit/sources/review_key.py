"""The key both sides of an approval may share: with it a package can neither be forged nor altered by a third one.

The setting review_key (CRMKIT_REVIEW_KEY) names a file of one's own with a secret text of at least 16 bytes. Both sides
hold the same one: it tells that somebody who has it made the package, not which of them.
"""

import os
import shlex
import stat
from pathlib import Path

from crmkit.model.errors import Fault, Refusal

SHORTEST, LONGEST = 16, 4096


def read_key(path: Path | None) -> bytes | None:
    """The key in this file; None without one. Raises Refusal: BAD_KEY (reason: key-missing, key-size), UNSAFE_FILE."""
    if path is None:
        return None
    if not path.is_file():
        raise Refusal(Fault.BAD_KEY, path=str(path), reason="key-missing")
    if os.name != "nt" and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        command = f"chmod 600 {shlex.quote(str(path))}"
        raise Refusal(Fault.UNSAFE_FILE, path=str(path), reason="readable-by-others", command=command)
    with path.open("rb") as stream:
        key = stream.read(LONGEST + 1).strip()
    if not SHORTEST <= len(key) <= LONGEST:
        raise Refusal(Fault.BAD_KEY, path=str(path), reason="key-size", needed=SHORTEST)
    return key
