"""The terms of a debit: what the borrower reads and says ACEPTO to."""

from datetime import UTC, datetime, timedelta

from flows.context import Context
from flows.types.facts import LoanFacts
from flows.types.wording import Line, key, line

TERMS = key("mandate.terms")
TERMS_REST_ITEM = key("mandate.terms_rest_item")

TERMS_VERSION = "mandate.terms@2"
TERMS_ROOM = 300
"""Characters of names, the loan's id and the bank up to which terms, question and buttons fit one message of
1,024 (tested for each catalogue).
"""
_FOLIOS_SINCE = datetime(2020, 1, 1, tzinfo=UTC)
PERIODS = {
    "weekly": key("mandate.weekly_item"),
    "fortnightly": key("mandate.fortnightly_item"),
    "semimonthly": key("mandate.semimonthly_item"),
    "monthly": key("mandate.monthly_item"),
    "single": key("mandate.single_item"),
    "instalment": key("mandate.instalment_item"),
}


def folio_of(context: Context, loan: LoanFacts) -> str:
    """Ours, short enough to be read out: the loan and the moment; two in one moment differ by a letter."""
    folio = f"D{loan.id}-{(context.facts.now - _FOLIOS_SINCE) // timedelta(milliseconds=1):X}"
    while folio in (context.slots.get("folio"), *(mandate.folio for mandate in loan.mandates)):
        folio += "Z"
    return folio


def terms_of(context: Context) -> tuple[Line, ...]:
    """The ten points of the authorisation (Banxico, Circular 3/2012): date and request, provider, credit,
    period, bank, account, most per period, how long, that it may be cancelled free at any time, holder and
    consent.
    """
    loan, lender, slots = context.loan, context.lender, context.slots
    assert loan is not None
    return (
        line(
            TERMS,
            folio=slots["folio"],
            date=context.day("signed_on"),
            lender=lender.legal_name,
            loan=loan.external_id,
        ),
        line(PERIODS[slots["frequency"]]),
        line(
            TERMS_REST_ITEM,
            bank=slots["bank"],
            last4=slots["last4"],
            max_amount=context.money("max_amount"),
            name=context.who.name,
        ),
    )
