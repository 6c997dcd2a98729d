"""The package file .crmplan: one head line, then JSON that any editor shows.

    crmplan/1 sha256:<digest of the body> [hmac-sha256:<of head and body, by the shared key>]
    {"kind": "submission", …}

Not compressed, so that nothing can unfold; written in one way only (UTF-8, fields in their order, an indent of one), so
that the same plan is the same bytes and any changed byte is seen. The checksum finds damage and careless edits; whoever
alters the file on purpose can compute it anew. What stops him is the key, where both sides have set one
(sources/review_key.py), and the digest by which an answer names the very submission it judged.
"""

import json
import re
from hashlib import sha256
from hmac import compare_digest, digest
from pathlib import Path
from typing import Any, NoReturn

from crmkit.model.errors import Fault, Refusal
from crmkit.model.package import KINDS, Opened, Package, Sealing
from crmkit.sources.package_fields import FieldError, built, plain

VERSION = 1
LARGEST = 16 << 20  # bytes; a month of 300 customers is about 0.5 MB
_NAME = b"crmplan/"
_HEAD = re.compile(rb"crmplan/([0-9]{1,9}) sha256:([0-9a-f]{64})(?: hmac-sha256:([0-9a-f]{64}))?")
_BEGIN = re.compile(rb"crmplan/([0-9]{1,9})[ \n]")


def packed(package: Package, key: bytes | None = None) -> tuple[bytes, str]:
    """The bytes of the file, and the digest by which answers name it."""
    body = _body(package)
    told = sha256(body).hexdigest()
    seal = f" hmac-sha256:{_seal(key, body)}" if key else ""
    return f"crmplan/{VERSION} sha256:{told}{seal}\n".encode() + body, told


def read_package(path: Path, key: bytes | None = None) -> Opened:
    """What a package file holds. Raises Refusal: FILE_MISSING, BAD_PACKAGE (reason: not-a-file, no-package, too-large,
    cut-off, altered, fields), PACKAGE_TOO_NEW, BAD_KEY (unsealed, wrong-key).
    """
    head, _line_end, body = _bytes(path).partition(b"\n")
    found = _HEAD.fullmatch(head)
    _check_head(path, head, body, found)
    assert found is not None
    told = found[2].decode()
    if sha256(body).hexdigest() != told:
        _refuse(path, "altered" if body.endswith(b"\n}\n") else "cut-off")
    sealing = _sealing(path, found[3], body, key)
    return Opened(_parsed(path, body), told, sealing, str(path))


def _bytes(path: Path) -> bytes:
    if not path.exists():
        raise Refusal(Fault.FILE_MISSING, path=str(path))
    if not path.is_file():
        _refuse(path, "not-a-file")
    with path.open("rb") as stream:
        content = stream.read(LARGEST + 1)
    if len(content) > LARGEST:
        _refuse(path, "too-large" if content.startswith(_NAME) else "no-package")
    return content


def _check_head(path: Path, head: bytes, body: bytes, found: re.Match[bytes] | None) -> None:
    if not head.startswith(_NAME):
        _refuse(path, "no-package")
    begin = _BEGIN.match(head + b"\n")
    if begin and begin[1] == b"%d" % int(begin[1]) and int(begin[1]) > VERSION:
        raise Refusal(Fault.PACKAGE_TOO_NEW, path=str(path), version=int(begin[1]), known=VERSION)
    if found is None or found[1] != b"%d" % VERSION:
        _refuse(path, "altered" if body else "cut-off")


def _sealing(path: Path, seal: bytes | None, body: bytes, key: bytes | None) -> Sealing:
    if key is None:
        return Sealing.UNCHECKED if seal else Sealing.NONE
    if seal is None:
        raise Refusal(Fault.BAD_KEY, path=str(path), reason="unsealed")
    if not compare_digest(seal.decode(), _seal(key, body)):
        raise Refusal(Fault.BAD_KEY, path=str(path), reason="wrong-key")
    return Sealing.CHECKED


def _seal(key: bytes, body: bytes) -> str:
    return digest(key, b"crmplan/%d\n" % VERSION + body, "sha256").hex()


def _parsed(path: Path, body: bytes) -> Package:
    try:
        tree = json.loads(body.decode(), parse_float=_no_number, parse_constant=_no_number)
        kind = KINDS[tree.pop("kind")]
        package: Package = built(kind, tree)
    except FieldError as error:
        raise Refusal(Fault.BAD_PACKAGE, path=str(path), reason="fields", field=str(error)) from None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        _refuse(path, "fields")
    if _written(package) != body:
        _refuse(path, "fields")
    return package


def _written(package: Package) -> bytes:
    """As we would have written it; nothing where that cannot be written at all."""
    try:
        return _body(package)
    except UnicodeEncodeError:
        return b""


def _body(package: Package) -> bytes:
    name = next(name for name, kind in KINDS.items() if isinstance(package, kind))
    tree = {"kind": name, **plain(package)}
    return (json.dumps(tree, ensure_ascii=False, indent=1) + "\n").encode()


def _no_number(_text: str) -> Any:
    raise ValueError


def _refuse(path: Path, reason: str) -> NoReturn:
    raise Refusal(Fault.BAD_PACKAGE, path=str(path), reason=reason, field="")
