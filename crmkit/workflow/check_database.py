"""Is the file whole?"""

from crmkit.model.checking import Checked
from crmkit.store import checking
from crmkit.store.connection import Store


def check_database(store: Store, *, full: bool) -> Checked:
    """Run the checks of store.checking; `full` reads every value and compares it with the log and the seals."""
    return Checked(full, tuple(checking.findings(store, full=full)))
