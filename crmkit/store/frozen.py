"""Which documents of a month an operation's rows belong to: once one is submitted, undo does not move them either."""

from crmkit.model.document import DocumentKind, DocumentState
from crmkit.model.month import Month
from crmkit.store import documents
from crmkit.store.connection import Store

_OF_CUSTOMERS = {
    "questionnaire": DocumentKind.STRATEGIES,
    "effect": DocumentKind.STRATEGIES,
    "score": DocumentKind.STRATEGIES,
    "strategy": DocumentKind.STRATEGIES,
    "problem": DocumentKind.PLAN,
    "key_candidate": DocumentKind.PLAN,
    "frequency_line": DocumentKind.PLAN,
}
_OF_MANAGERS = {
    "operating": DocumentKind.STRATEGIES,
    "analysis": DocumentKind.PLAN,
    "brand_state": DocumentKind.PLAN,
    "market_state": DocumentKind.PLAN,
}
_MARK = "(c.tbl='strategy' AND c.kind='U' AND c.col='state' AND c.old<>'dropped' AND c.new<>'dropped')"
_CLOSED = (DocumentState.RESULT_SUBMITTED, DocumentState.RESULT_APPROVED)
_TEXTS = "('problems','focus','satisfaction_target')"


def holds_submitted(store: Store, seq: int) -> bool:
    """Did an operation change what a document holds that is no draft any more? Marks ★ may be taken back until the
    results are submitted.
    """
    changed = {t for (t,) in store.rows(f"SELECT DISTINCT tbl FROM change c WHERE op=? AND NOT {_MARK}", (seq,))}
    found = {
        (manager, month, kind)
        for table, kind in (_OF_CUSTOMERS | _OF_MANAGERS).items()
        if table in changed
        for manager, month in _owners(store, seq, table)
    }
    if any(_stands(store, *one) for one in found) or _marks_stand(store, seq):
        return True
    return _texts_stand(store, seq) or _plan_leans(store, seq)


def _marks_stand(store: Store, seq: int) -> bool:
    """Did it mark strategies of a month whose results were submitted since?"""
    sql = f"""SELECT DISTINCT d.state FROM change c JOIN strategy s ON s.id=c.key JOIN customer u ON u.id=s.customer
              JOIN document d ON d.manager=u.manager AND d.month=s.month AND d.kind='strategies'
              WHERE c.op=? AND {_MARK}"""
    return any(DocumentState(state) in _CLOSED for (state,) in store.rows(sql, (seq,)))


def _owners(store: Store, seq: int, table: str) -> list[tuple[int, str]]:
    """Manager and month of each row an operation changed, and of each it took away."""
    column = "customer" if table in _OF_CUSTOMERS else "manager"
    manager = "(SELECT manager FROM customer WHERE id={0})" if table in _OF_CUSTOMERS else "{0}"
    there = f"""SELECT DISTINCT {manager.format("r." + column)}, r.month FROM change c JOIN {table} r ON r.id=c.key
                WHERE c.op=? AND c.tbl='{table}'"""
    gone = f"""SELECT DISTINCT {manager.format("a.old")}, b.old FROM change a
               JOIN change b ON b.op=a.op AND b.tbl=a.tbl AND b.key=a.key AND b.kind='D' AND b.col='month'
               WHERE a.op=? AND a.tbl='{table}' AND a.kind='D' AND a.col='{column}'"""
    return [row for sql in (there, gone) for row in store.rows(sql, (seq,)) if row[0] is not None]


def _stands(store: Store, manager: int, month: str, kind: DocumentKind) -> bool:
    found = documents.find(store, manager, Month.parse(month), kind)
    return found is not None and found.state is not DocumentState.DRAFT


def _plan_leans(store: Store, seq: int) -> bool:
    """Did it submit the strategies of a month whose plan was submitted by another operation and still stands?"""
    sql = """SELECT 1 FROM change c JOIN transition t ON t.id=c.key JOIN document d ON d.id=t.document
             JOIN document p ON p.manager=d.manager AND p.month=d.month AND p.kind='plan'
             WHERE c.op=?1 AND c.tbl='transition' AND c.kind='I' AND t.action='submit' AND d.kind='strategies'
             AND p.state<>'draft' AND NOT EXISTS (SELECT 1 FROM change o JOIN transition s ON s.id=o.key
                 WHERE o.op=?1 AND o.tbl='transition' AND o.kind='I' AND s.document=p.id AND s.action='submit')"""
    return store.one(sql, (seq,)) is not None


def _texts_stand(store: Store, seq: int) -> bool:
    sql = f"""SELECT 1 FROM change c JOIN document d ON d.id=c.key
              WHERE c.op=? AND c.tbl='document' AND c.kind='U' AND c.col IN {_TEXTS} AND d.state<>'draft'"""
    return store.one(sql, (seq,)) is not None
