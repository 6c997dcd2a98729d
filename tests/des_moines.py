"""The Iowa files in one database, as examples/des-moines says: the base of every test on the real orders."""

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from crmkit.model.operation import Act
from crmkit.model.person import Role
from crmkit.model.policy import Policy
from crmkit.sources.policy import load_policy
from crmkit.store.opening import open_store
from crmkit.workflow.import_files import import_files
from crmkit.workflow.make_file import make_file

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
TEAM = (
    ("CM1", "Ann", Role.CUSTOMER_MANAGER),
    ("CM2", "Ben", Role.CUSTOMER_MANAGER),
    ("MM1", "Mary", Role.MARKET_MANAGER),
)


def policy() -> Policy:
    return load_policy(EXAMPLES / "des-moines" / "policy.toml")


def act_of(day: date, actor: str) -> Act:
    """An act of one of the team on the morning of a day."""
    now = datetime(day.year, day.month, day.day, 8, tzinfo=ZoneInfo("America/Chicago"))
    role = next(role for code, _, role in TEAM if code == actor)
    return Act(actor=actor, role=role, command="test", arguments="", host="test", now=now, today=day)


def import_iowa(source: Path, path: Path) -> Path:
    """The three files imported the day after their last order."""
    act = act_of(date(2022, 11, 1), "CM1")
    make_file(path, act, TEAM)
    store = open_store(path)
    for name, kind in (("stores.csv", "stores"), ("products.csv", "products"), ("sales.csv.gz", "sales")):
        mapping = EXAMPLES / "maps" / f"des-moines-{kind}.toml"
        import_files(store, act, policy(), paths=[source / name], map_file=mapping)
    store.close()
    return path
