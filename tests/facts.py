"""Facts for tests of conversations: Ana, who owes two instalments, and a lender."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from bot.lender import Lender
from flows.types.facts import (
    BorrowerFacts,
    ChargeFacts,
    Facts,
    InstalmentFacts,
    LoanFacts,
    MandateFacts,
    PlanFacts,
    PlanPartFacts,
    PromiseFacts,
)
from values import BorrowerId, Breakdown, LoanId, Money

NOW = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
TODAY = date(2026, 11, 24)
LENDER = Lender.load(None)


def owed(principal: int, interest: int = 0, late_fees: int = 0, tax: int = 0) -> Breakdown:
    return Breakdown(Money(principal), Money(interest), Money(late_fees), Money(tax))


LOAN = LoanFacts(
    LoanId(7),
    "JAC-7",
    "overdue",
    "Crédito personal",
    (
        InstalmentFacts(3, date(2026, 11, 17), owed(50_000, 8_000, 700, 1_300)),
        InstalmentFacts(4, date(2026, 12, 1), owed(50_000, 6_000, 0, 1_000)),
    ),
    pay_clabe="646180110400000007",
    pay_reference="1000008",
    cash_reference="910000088",
)
ANA = BorrowerFacts(
    BorrowerId(1),
    "ANA LÓPEZ RUIZ",
    "es_MX",
    date(1990, 3, 15),
    None,
    None,
    None,
    opted_out=False,
    notice_given=False,
    loans=(LOAN,),
)
LUIS = replace(
    ANA,
    id=BorrowerId(2),
    name="Luis Cruz",
    birth_date=None,
    curp="CURL850704HDFRSS04",
    loans=(replace(LOAN, id=LoanId(9), external_id="JAC-9"),),
)


def _aged(wanted: dict[str, str]) -> LoanFacts:
    """The loan, as late as it is wished."""
    loan = LOAN
    shift = {"late": 0, "today": 7, "ahead": 9}.get(wanted.get("due", "late"), 0)
    if shift:
        due = TODAY.replace(day=TODAY.day + shift - 7)
        loan = replace(
            loan,
            status="current",
            instalments=(replace(loan.instalments[0], due_date=due), loan.instalments[1]),
        )
    if "dpd" in wanted:
        days = timedelta(days=int(wanted["dpd"]) - 7)
        old = [replace(each, due_date=each.due_date - days) for each in loan.instalments]
        loan = replace(loan, instalments=tuple(old))
    if "broken" in wanted:
        loan = replace(loan, plan_broken=True, plans_agreed=1)
    return loan


_WORDS = frozenset(
    {
        "broken",
        "channel",
        "charge",
        "confirmed",
        "dpd",
        "due",
        "held",
        "lang",
        "mandate",
        "name",
        "notice",
        "optout",
        "paid",
        "pending",
        "people",
    }
    | {"hardship", "needs", "plan", "promise", "quiet", "reported", "two", "vulnerable"}
)


def _refuse_unknown(wanted: dict[str, str]) -> None:
    if unknown := wanted.keys() - _WORDS:
        raise ValueError(f"given: {', '.join(sorted(unknown))} means nothing")


def facts(**wanted: str) -> Facts:
    """`confirmed`, `people` (ana, shared, nobody), `due` (late, today, ahead), `dpd`, `broken` (an
    earlier plan), `plan`, `promise`, `mandate`, `paid` (200, lately), `notice`, `held` (nothing left since
    yesterday) as a script's first lines say. Raises ValueError for
    a word that means nothing here.
    """
    _refuse_unknown(wanted)
    loan = _aged(wanted)
    if "promise" in wanted:
        loan = replace(loan, promise=PromiseFacts(Money(30_000), date(2026, 11, 27), "open"))
    if "plan" in wanted:
        part = PlanPartFacts(1, date(2026, 11, 30), Money(30_000), "open")
        plan = PlanFacts(9, "C7-1", "plan", Money(60_000), Money(0), (part,), date(2026, 11, 30))
        loan = replace(loan, plan=plan)
    if "mandate" in wanted:
        flying = ((date(2026, 11, 25), Money(60_000)),) if wanted["mandate"] == "flying" else ()
        most = Money(600_000 if wanted["mandate"] == "large" else 60_000)
        loan = replace(
            loan,
            mandate=MandateFacts(3, "D7-1", "active", "semimonthly", "BBVA", "7899", most, flying, "f7899"),
        )
    if "charge" in wanted:
        charge = ChargeFacts(5, date(2026, 11, 25), Money(60_000), date(2026, 11, 25), date(2026, 12, 4))
        if wanted["charge"] == "late":
            charge = replace(charge, first_day=None, last_day=None)
        loan = replace(loan, announced_charge=charge)
    holds = {"reported": "payment_reported"}
    paid = (Money(20_000),) * ("paid" in wanted)
    named = {"hardship", "quiet", "reported", "vulnerable"} & wanted.keys()
    held = frozenset(holds.get(word, word) for word in named)
    loan = replace(loan, holds=held, paid_lately=paid)
    if "pending" in wanted:
        loan = replace(
            loan,
            pending=MandateFacts(4, "D7-2", wanted["pending"], "semimonthly", "BBVA", "7899", Money(60_000)),
        )
    second = replace(LOAN, id=LoanId(8), external_id="JAC-8", product="Crédito de nómina")
    if wanted.get("promise") == "both":
        second = replace(second, promise=PromiseFacts(Money(50_000), date(2026, 12, 9), "open"))
    loans = (loan, second) if "two" in wanted else (loan,)
    ana = replace(ANA, loans=() if wanted.get("due") == "nothing" else loans, notice_given="notice" in wanted)
    ana = replace(ana, opted_out="optout" in wanted)
    if "name" in wanted:
        ana = replace(ana, name=wanted["name"])
    if "lang" in wanted:
        ana = replace(ana, language=wanted["lang"])
    people = {
        "ana": (ana,),
        "shared": (ana, LUIS),
        "namesakes": (ana, replace(LUIS, name="ANA MORA PAZ")),
        "same_initial": (ana, replace(LUIS, name="ANA LARA PAZ")),
        "nobody": (),
    }[wanted.get("people", "ana")]
    needs = {"mandate_needs": tuple(wanted["needs"].split("+"))} if "needs" in wanted else {}
    return Facts(
        NOW,
        TODAY,
        LENDER.facts,
        replace(LENDER.terms, extra=needs, mandate_offered=True),
        people,
        ana if "confirmed" in wanted else None,
        wanted.get("channel", "whatsapp"),
        registered_phone=wanted.get("people") != "nobody",
        spoken_at=NOW - timedelta(days=1) if "held" in wanted else None,
    )
