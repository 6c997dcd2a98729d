"""crmkit import as it is typed: exit codes, what is said where, several processes at once."""

import json
import os
import subprocess
import sys
from pathlib import Path

import in_process
import pytest
from import_examples import CUSTOMERS, ORDERS, PRODUCTS, write

from crmkit.store import imports
from crmkit.store.opening import open_store

ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("CRMKIT_")}
ENVIRONMENT |= {"CRMKIT_LANG": "en", "PYTHONUTF8": "1", "CRMKIT_NOW": "2026-11-02T12:00"}


def start(folder: Path, *words: str | bytes) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "crmkit", *words]
    return subprocess.Popen(
        command, cwd=folder, env=ENVIRONMENT | {"HOME": str(folder)}, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def crmkit(folder: Path, *words: str) -> tuple[int, str, str]:
    """Exit code, stdout, stderr; a traceback is never right."""
    return sane(in_process.crmkit(folder, *words, env=ENVIRONMENT | {"HOME": str(folder)}))


def process(folder: Path, *words: str | bytes) -> tuple[int, str, str]:
    """The same in a process of its own."""
    started = start(folder, *words)
    out, err = started.communicate()
    return sane(subprocess.CompletedProcess(words, started.returncode, out, err))


def sane(done: subprocess.CompletedProcess[str]) -> tuple[int, str, str]:
    assert "Traceback" not in done.stdout + done.stderr
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    assert crmkit(tmp_path, "init", "--manager", "001=张三")[0] == 0
    for name, text in (("c.csv", CUSTOMERS), ("p.csv", PRODUCTS), ("o.csv", ORDERS)):
        write(tmp_path, name, text)
    return tmp_path


def test_three_files_at_once_then_history_show_and_undo(folder: Path) -> None:
    code, out, err = crmkit(folder, "import", "o.csv", "c.csv", "p.csv")
    assert (code, err) == (0, "")
    assert "3 lines, volume 13, amount 1751.75" in out
    assert crmkit(folder, "import", "history", "--format", "json")[0] == 0
    listed = json.loads(crmkit(folder, "import", "history", "--format", "json")[1])["data"]
    assert [(batch["batch"], batch["file"]) for batch in listed] == [(3, "o.csv"), (2, "p.csv"), (1, "c.csv")]
    assert "Imported by the same command" in crmkit(folder, "import", "show", "3")[1]
    assert crmkit(folder, "import", "undo", "2", "--dry-run")[0] == 0
    assert crmkit(folder, "import", "undo", "2")[0] == 0
    assert crmkit(folder, "import", "undo", "2")[0] == 6
    assert crmkit(folder, "import", "show", "9")[0] == 5


def test_rejects_exit_3_and_json_carries_codes(folder: Path) -> None:
    write(folder, "bad.csv", "客户编码,客户名称,档位\n1,甲,99\n2,乙,3\n")
    code, out, _err = crmkit(folder, "import", "bad.csv", "--format", "json", "--rejects", "mend.csv")
    result = json.loads(out)["data"][0]
    assert code == 3
    assert result["rejected"] == [{"line": 2, "column": "档位", "reason": "unknown-word", "detail": "99 (1-30)"}]
    assert result["rejects_file"] == "mend.csv"
    assert "a word that is not known" in (folder / "mend.csv").read_text(encoding="utf-8-sig")


def test_19_21_23_57_67_refusals_say_the_file_and_exit_4(folder: Path) -> None:
    write(folder, "zip.csv", b"PK\x03\x04xxxx")
    write(folder, "empty.csv", b"")
    write(folder, "plain.csv", "1,2\n3,4\n")
    before = (folder / "crmkit.db").read_bytes()
    for words in (["没有 这个.csv"], ["*.csv"], ["--", "-x.csv"], ["zip.csv"], ["empty.csv"], ["plain.csv"]):
        code, out, err = crmkit(folder, "import", *words)
        assert (code, out) == (4, "")
        assert words[-1] in err
    code, _out, err = crmkit(folder, "import", "c.csv", "--rejects", "none/r.csv")
    assert code == 0  # nothing was rejected: the folder was not needed
    assert (folder / "crmkit.db").read_bytes() != before


def test_23_rejects_into_a_folder_that_is_not_there(folder: Path) -> None:
    write(folder, "bad.csv", "客户编码,客户名称,档位\n1,甲,99\n2,乙,3\n")
    before = (folder / "crmkit.db").read_bytes()
    code, _out, err = crmkit(folder, "import", "bad.csv", "--rejects", "none/r.csv")
    assert (code, "none" in err) == (4, True)
    assert (folder / "crmkit.db").read_bytes() == before


def test_1_3_27_usage_exits_2(folder: Path) -> None:
    write(folder, "m.toml", '[customers]\ncode = "客户编码"\n')
    for words in (
        ["import"],
        ["import", "--nosuch", "c.csv"],
        ["import", "--map", "m.toml", "--kind", "orders", "c.csv"],
    ):
        assert crmkit(folder, *words)[0] == 2


@pytest.mark.skipif(os.name == "nt", reason="file names are text there")
def test_73_a_file_name_in_gbk_bytes(folder: Path) -> None:
    name = "客户.csv".encode("gbk")
    (folder / "c.csv").rename(folder / os.fsdecode(name))
    code, out, _err = process(folder, "import", name)
    assert code == 0
    assert "\ufffd" in out
    assert crmkit(folder, "import", "history")[0] == 0


def test_171_the_same_file_by_five_processes_is_imported_once(folder: Path) -> None:
    started = [start(folder, "import", "c.csv", "--format", "json") for _number in range(5)]
    results = [json.loads(process.communicate()[0])["data"][0] for process in started]
    assert sorted(result["already"] is None for result in results) == [False] * 4 + [True]
    store = open_store(folder / "crmkit.db")
    assert len(imports.all(store)) == 1
    store.close()


def test_203_no_progress_bar_when_piped(folder: Path) -> None:
    assert process(folder, "import", "c.csv")[2] == ""


def test_a_preview_then_a_partial_undo_then_an_export(folder: Path) -> None:
    assert crmkit(folder, "import", "o.csv", "c.csv", "p.csv")[0] == 0
    write(folder, "o2.csv", ORDERS.replace("617.25", "700"))
    code, out, _err = crmkit(folder, "import", "o2.csv", "--dry-run")
    assert code == 0
    assert "617.25 700.00" in " ".join(out.split())
    assert crmkit(folder, "import", "o2.csv")[0] == 0
    assert crmkit(folder, "import", "undo", "3")[0] == 6
    code, out, _err = crmkit(folder, "import", "undo", "3", "--keep-later")
    assert code == 3
    assert "2026-09-01/00123/A1/2" in out
    assert crmkit(folder, "db", "check", "--full")[0] == 0
    assert crmkit(folder, "order", "export", "out.csv")[0] == 0
    assert (folder / "out.csv").read_text("utf-8-sig").count("\n") == 2


def test_options_about_workbooks_and_dates_as_typed(folder: Path) -> None:
    assert crmkit(folder, "import", "c.csv", "--sheet", "客户")[0] == 2
    assert crmkit(folder, "import", "c.csv", "--dates", "xyz")[0] == 2
    write(folder, "d.csv", "客户编码,客户名称,开业日期\n7,甲,2/3/2026\n")
    assert crmkit(folder, "import", "d.csv")[0] == 4
    assert crmkit(folder, "import", "d.csv", "--dates", "dmy", "--save-map", "shops")[0] == 0
    assert 'order = "dmy"' in (folder / "maps" / "shops.toml").read_text("utf-8")
