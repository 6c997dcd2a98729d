"""A file to score in: every valid customer with this month's scores, or last month's where there are none yet (step 2).

`crmkit import` and `crmkit analyze score --import` read it back.
"""

from collections.abc import Mapping
from pathlib import Path

from crmkit.model.importing import Field
from crmkit.model.month import Month
from crmkit.model.operation import Act
from crmkit.model.person import Person
from crmkit.model.policy import Policy
from crmkit.sources.exports import readable
from crmkit.store import operating
from crmkit.store.connection import Store
from crmkit.workflow.draft_only import refuse_after_submit
from crmkit.workflow.export_base_data import Exported, write_export
from crmkit.workflow.import_scores import ITEMS
from crmkit.workflow.portfolio import portfolio_of


def export_scores(
    store: Store, act: Act, policy: Policy, manager: Person, month: Month, path: Path, headers: Mapping[Field, str]
) -> Exported:
    """Write the file; `headers` are its columns in the reader's language, in order.

    Raises Refusal: BAD_VALUE for a suffix that is neither .csv nor .xlsx, STATE or RULE once submitted.
    """
    refuse_after_submit(store, manager, month)
    portfolio = portfolio_of(store, policy, manager, month, act.today)
    last = operating.scores(store, manager.id, month.previous)
    now = operating.scores(store, manager.id, month)
    rows = []
    for one in portfolio.valid:
        known = {**last.get(one.id, {}), **now.get(one.id, {})}
        cells: dict[Field, object] = {
            Field.SCORE_CUSTOMER: one.code, Field.CUSTOMER_NAME: one.name, Field.SCORE_MONTH: str(month)
        }  # fmt: skip
        cells |= {name: known[item][0] for name, item in ITEMS.items() if item in known}
        rows.append([readable(name, cells.get(name)) for name in headers])
    return write_export(path, None, [*headers.values()], rows)
