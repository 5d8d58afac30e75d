"""Signals and what is live → the act on its object: the first row that holds. Tested as a table in
`tests/unit/flows/acts/test_acts.py`.
"""

from collections.abc import Callable

from flows.acts.rows import charges, payments, plans, promises
from flows.acts.rows.situation import Situation

ROWS: tuple[tuple[str, Callable[[Situation], bool]], ...] = (
    ("replace.charge", charges.pays_instead),
    ("keep.charge", charges.leaves_as_announced),
    ("share.charge", charges.shares_charge),
    ("shrink.charge", charges.shrinks_charge),
    ("move.charge", charges.moves_charge),
    ("move.charge", charges.moves_sent_charge),
    ("retry.charge", charges.retries_charge),
    ("detail.payment", payments.reports_payment),
    ("cancel.charge", charges.cancels_charge),
    ("ask.charge", charges.asks_of_charge),
    ("fund.charge", charges.cannot_fund),
    ("withdraw.report", payments.withdraws_report),
    ("lack.proof", payments.lacks_proof),
    ("offer.proof", payments.offers_proof),
    ("detail.payment", payments.details_payment),
    ("cancel.plan", plans.cancels_plan),
    ("change.plan", plans.changes_plan),
    ("ask.document", plans.wants_plan_paper),
    ("ask.plan", plans.asks_of_plan),
    ("cancel.promise", promises.cancels_promise),
    ("ask.promise", promises.asks_of_promise),
    ("confirm.promise", promises.keeps_promise),
    ("break.promise", promises.breaks_promise),
    ("move.promise", promises.moves_promise),
    ("ask.payment", payments.asks_of_payment),
    ("suspend.debit", charges.suspends_debit),
    ("ask.debit", charges.asks_of_debit),
    ("make.promise", promises.makes_promise),
)


def act_of(it: Situation) -> str | None:
    for act, holds in ROWS:
        if holds(it):
            return act
    return None
