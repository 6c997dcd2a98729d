"""One connect(), one writer of files, no statement that deletes behind one's back: the tree is read (store.md)."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import crmkit

ROOT = Path(crmkit.__file__).parent
WRITERS = {
    "store/files.py": "the one atomic writer",
    "store/backups.py": "lists and deletes backups; makes the temporary file with files.create_private",
    "store/opening.py": "makes a new database under a temporary name with files.create_private",
    "store/restoring.py": "as backups",
    "cli.py": "turns a closed screen into the null device",
}
WRITING_CALLS = {
    "write_text",
    "write_bytes",
    "mkstemp",
    "NamedTemporaryFile",
    "TemporaryFile",
    "mkdtemp",
    "copyfile",
    "copy2",
}


def modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(ROOT.rglob("*.py")):
        yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def calls(tree: ast.Module) -> Iterator[tuple[str, ast.Call]]:
    """Each call with the last name of what is called."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            yield name, node


def test_only_the_connection_module_connects() -> None:
    found = {
        name
        for name, tree in modules()
        for called, node in calls(tree)
        if called == "connect" and ast.unparse(node.func).endswith(("sqlite3.connect", "dbapi2.connect"))
    }
    assert found == {"store/connection.py"}
    assert {name for name, tree in modules() if "connect" in imported_from(tree, "sqlite3")} == set()


def imported_from(tree: ast.Module, module: str) -> set[str]:
    found = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module == module]
    return {alias.name for node in found for alias in node.names}


HIDING = re.compile(r"\b(INSERT|UPDATE)\s+OR\s+(REPLACE|IGNORE)\b|\bREPLACE\s+INTO\b|ON\s+CONFLICT\s+(REPLACE|IGNORE)")


def test_no_statement_deletes_or_hides_behind_ones_back() -> None:
    assert HIDING.search("INSERT OR IGNORE INTO t")
    for path in sorted(ROOT.rglob("*.py")):
        found = HIDING.search(path.read_text(encoding="utf-8").upper())
        assert found is None, f"{path}: {found}"


def test_only_the_file_writer_opens_files_for_writing() -> None:
    writers = {name for name, tree in modules() for called, node in calls(tree) if writes(called, node)}
    assert writers <= set(WRITERS), writers - set(WRITERS)


def writes(called: str, node: ast.Call) -> bool:
    if called in WRITING_CALLS:
        return True
    if called not in ("open", "fdopen"):
        return False
    texts = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
    texts += [k.value.value for k in node.keywords if k.arg == "mode" and isinstance(k.value, ast.Constant)]
    flags = ast.unparse(node)
    return any(set(text) <= set("rwaxbt+") and set(text) & set("wax+") for text in texts) or "O_WRONLY" in flags


def test_nothing_talks_to_a_network() -> None:
    forbidden = {"urllib.request", "http.client", "requests", "httpx", "smtplib", "ftplib", "aiohttp", "websockets"}
    for name, tree in modules():
        for node in ast.walk(tree):
            found = {alias.name for alias in node.names} if isinstance(node, ast.Import) else set()
            if isinstance(node, ast.ImportFrom):
                found = {node.module or ""}
            assert not found & forbidden, name
