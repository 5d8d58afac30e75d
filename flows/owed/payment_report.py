"""«Ya pagué»: thanked, kept as reported, shown to a person, reminders paused; nothing is posted on anybody's
word.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flows import which_loan
from flows.answers import plain
from flows.context import Context
from flows.engine import Ask, Done, Flow, Go, Move, Start
from flows.owed.nothing import nothing_owed
from flows.promises.terms import NEGOTIATIONS, due
from flows.types.effects import CancelCharge, Effect, OpenTask, PlaceHold, Record
from flows.types.event import PaymentPart
from flows.types.facts import LoanFacts
from flows.types.wording import Line, key, line, title
from values import Money, add_banking_days

flow = Flow(
    "payment_report",
    intents={"report_payment": title("meaning.report_payment")},
    acts=("detail.payment",),
    payloads=("paid",),
)
asked = Flow("payment_asked", acts=("ask.payment", "lack.proof", "offer.proof"))

NOTED = key("payment_report.noted")
NOTED_AGAIN = key("payment_report.noted_again")
NOTED_MORE = key("payment_report.noted_more")
NOTED_TOO = key("payment_report.noted_too")
NOTED_SUM = key("payment_report.noted_sum")
SEND_PROOF = key("payment_report.send_proof")
SEND_IT = key("payment_report.send_it")
NO_PROOF = key("payment_report.no_proof")
NOTED_RECEIPT = key("payment_report.noted_receipt")
RECEIPT = key("payment_report.receipt")
NO_CHARGE = key("payment_report.no_charge")
STILL_CHECKING = key("payment_report.still_checking")
NOT_SEEN = key("payment_report.not_seen")
SEEN = key("payment_report.seen")

_TRACKING = re.compile(
    r"\b(?:FOLIO|CLAVE|RASTREO|REFERENCIA|REF|AUTORIZACI[OÓ]N|OPERACI[OÓ]N|REFERENCE)(?: ES)?[ :#.]{1,3}"
    r"(?P<named>(?=[A-Z0-9]*\d)[A-Z0-9]{4,30})\b|\b(?=[A-Z0-9]*\d)[A-Z0-9]{7,30}\b"
)
"""A tracking key of SPEI, or a folio of a shop: letters and digits, at least one digit;
short ones by their name.
"""
_ANOTHER = re.compile(
    r"\b(?:otr[oa]s?(?! vez)|segund[oa]|volvi a (?:pag|deposit|transfer|abon)\w+|another|second)\b"
)
"""«Hice otro depósito»: not the one that is being looked for."""


def _loan(context: Context) -> LoanFacts | None:
    loan = context.loan
    return loan if loan and loan.instalments else None


@flow.state("which", "noted", ".")
def start(context: Context) -> Ask | Move:
    """What was reported goes with the case: day, sum, tracking key, whether a receipt came."""
    loans = which_loan.owing(context)
    if not loans:
        return Done(nothing_owed(context))
    if len(loans) > 1 and which_loan.means_all(context.message):
        return _of_all(context)
    text = context.message.text if context.message else ""
    another = "amount" in context.request and _ANOTHER.search(plain(text)) is not None
    loan, reported = _meant(context, loans), {"reported": _reported(context), "another": another}
    return Go("noted", {"loan_id": loan.id, **reported}) if loan else Go("which", reported)


def _meant(context: Context, loans: Sequence[LoanFacts]) -> LoanFacts | None:
    """The loan that the payment is of; null where only the borrower can say it."""
    held = [loan for loan in loans if "payment_reported" in loan.holds]
    of_held = held[0] if len(held) in (1, len(loans)) else None
    priced = which_loan.of_sum(loans, context.named_sum, context.facts.today)
    return which_loan.meant(context) or priced or of_held


@flow.state("noted", "which")
def which(context: Context) -> Ask | Move:
    return which_loan.ask(context, which_loan.goes_to("noted"), "which", of_all=_of_all)


def _of_all(context: Context) -> Move:
    """«Ya pagué los dos»: a sum, where one is named, is of all together and stands with the first."""
    first, *others = which_loan.owing(context)
    reported = context.slots.get("reported") or _reported(context)
    about = {"loan_id": first.id, "others": [loan.id for loan in others], "reported": reported}
    return Go("noted", about)


@flow.state("@promise", ".")
def noted(context: Context) -> Ask | Move:
    if (loan := _loan(context)) is None:
        return Done(nothing_owed(context))
    if there := _is_there(context, loan):
        return Done(there)
    last = add_banking_days(context.facts.today, context.facts.policy.payment_report_banking_days)
    until = datetime.combine(last + timedelta(days=1), time(6), UTC)  # midnight in Mexico City
    data: dict[str, Any] = dict(context.slots["reported"])
    data |= {"amount": context.request["amount"]} if "amount" in context.request else {}
    if _is_folio(context, data, loan):
        data["tracking"] = str(data.pop("amount") // 100)
    known = "payment_reported" in loan.holds and not context.slots.get("another")
    effects: list[Effect] = [
        PlaceHold("payment_reported", loan.id, until),
        OpenTask("payment_reported", data, loan.id, joins=known),
    ]
    detail = known and context.request.get("act") == "detail.payment"
    if not detail or data != {"receipt": False}:
        kept = {name: data[name] for name in data if name != "tracking"}
        effects.insert(0, Record("payment.reported", kept, loan.id))
    others = [each for each in context.who.loans if each.id in context.slots.get("others", ())]
    for other in others:
        effects.append(Record("payment.reported", {"receipt": data["receipt"]}, other.id))
        effects.append(PlaceHold("payment_reported", other.id, until))
        effects.append(OpenTask("payment_reported", {"receipt": data["receipt"]}, other.id))
    lines: list[Line] = []
    for charge in (each.announced_charge for each in (loan, *others)):
        if charge is not None and context.facts.refused != "charge_too_late":
            effects.append(CancelCharge(charge.id, "payment_reported"))
            lines.append(line(NO_CHARGE, amount=charge.amount, charge_on=charge.charge_on))
    words = _thanks(context, loan, data, last)
    if later := _rest_promised(context, loan):
        about = {"loan_id": loan.id, "request": later, "reported": context.request.get("amount", 0)}
        return Start("promise", about, (*words, *lines), tuple(effects), alone=True)
    return Done((*words, *lines), tuple(effects), ends=NEGOTIATIONS)


def _is_folio(context: Context, data: Mapping[str, Any], loan: LoanFacts) -> bool:
    """«123456» alone, beyond all that is owed, is the number of a receipt and no sum."""
    text = context.message.text.strip() if context.message else ""
    return text.isdecimal() and data.get("amount", 0) > loan.outstanding.total.centavos


def _thanks(context: Context, loan: LoanFacts, data: Mapping[str, Any], last: date) -> tuple[Line, ...]:
    if context.request.get("intent") in ("opt_out", "cancel_debit") and "act" not in context.request:
        return (line(NOTED_TOO),)
    again, proof = "payment_reported" in loan.holds, bool(data["receipt"]) or "tracking" in data
    if "amount" in data and not data["receipt"]:
        noted = line(NOTED_SUM, amount=Money(data["amount"]), last=last)
        return (noted,) if again or proof else (noted, line(SEND_PROOF))
    if again:
        return (line(RECEIPT if data["receipt"] else NOTED_AGAIN, last=last),)
    return (line(NOTED_RECEIPT if proof else NOTED, last=last),)


def _rest_promised(context: Context, loan: LoanFacts) -> dict[str, object] | None:
    """«Ya pagué 300 y el resto el viernes»: what is promised next to what was paid."""
    parts = [PaymentPart.from_json(part) for part in context.request.get("parts", ())]
    rest = next((part for part in parts if part.share == "rest" and part.date), None)
    if rest is None or rest.date is None or rest.date <= context.facts.today:
        return None
    left = due(context, loan).centavos - int(context.request.get("amount", 0))
    request = {"intent": "promise_to_pay", "date": rest.date.isoformat()}
    return request | ({"amount": left} if left > 0 else {})


def _reported(context: Context) -> dict[str, object]:
    request = context.request
    kinds = {request.get("kind"), context.message.kind if context.message else None}
    data: dict[str, object] = {"receipt": not kinds.isdisjoint(("image", "document"))}
    data |= {
        name: request[slot] for slot, name in (("amount", "amount"), ("date", "paid_on")) if slot in request
    }
    if str(data.get("paid_on", "")) > context.facts.today.isoformat():  # the day of what is still to come
        del data["paid_on"]
    text = context.message.text if context.message else ""
    if found := _TRACKING.search(text.upper()):
        data["tracking"] = found["named"] or found[0]
    return data


@asked.state(".")
def start_asked(context: Context) -> Ask | Move:
    """«¿Ya les llegó mi pago?»: what is true now, and how to send what helps."""
    if (loan := _loan(context)) is None:
        return Done(nothing_owed(context))
    if context.request.get("act") == "offer.proof":
        return Done((line(SEND_IT),))
    if context.request.get("act") == "lack.proof":
        return Done((line(NO_PROOF),))
    checking = "payment_reported" in loan.holds
    found = () if checking else seen(loan, loan.paid_lately)
    return Done(found or (line(STILL_CHECKING if checking else NOT_SEEN, due=loan.outstanding.total),))


def seen(loan: LoanFacts, received: Sequence[Money]) -> tuple[Line, ...]:
    """That it is in the loan: the first of what was received, newest first."""
    return (line(SEEN, amount=received[0], due=loan.outstanding.total),) if received else ()


def _is_there(context: Context, loan: LoanFacts) -> tuple[Line, ...]:
    """«Ya pagué 200», which were received already: nobody looks for them."""
    reported = context.slots["reported"]
    told = reported["receipt"] or "tracking" in reported or context.slots.get("another")
    if told or "payment_reported" in loan.holds or context.slots.get("others"):
        return ()
    amount = context.request.get("amount")
    return seen(loan, [paid for paid in loan.paid_lately if amount in (None, paid.centavos)])
