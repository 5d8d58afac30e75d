"""What can be done on the page: each the same effect as in the chat."""

from datetime import UTC, datetime, time, timedelta
from http import HTTPStatus
from typing import Any

from flask import Response, request

from bot.conversation import Refused
from bot.files import BadFile, GivenFile, given_file
from bot.pages.guard import Visit
from bot.pages.home import WINDOWS, first_page
from bot.pages.turn import PageAct, act, evidence, loan_of
from flows.care.cases import case
from flows.context import Context
from flows.debit.cancel_debit import DONE_PLAIN, ended
from flows.debit.schedule import fits
from flows.offers.agreement import made, terms
from flows.offers.arithmetic import propose_plans, settlement, situation_of
from flows.types.effects import (
    AgreePlan,
    CancelMandate,
    Effect,
    HandOff,
    OpenTask,
    OptIn,
    OptOut,
    PlaceHold,
    Prefer,
    Record,
)
from flows.types.facts import LoanFacts
from flows.types.offer import Offer
from flows.types.wording import line
from models.contact_point import CHANNELS
from values import InvalidAmount, Money, add_banking_days


def _do(
    visit: Visit,
    done: str,
    *effects: Effect,
    shown: str = "",
    then: str = "",
    file: GivenFile | None = None,
    did: str = "",
) -> Response:
    wanted = PageAct(effects, visit.words(did or done), shown, evidence(), file=file, then=then)
    try:
        act(visit.services, visit.person.id, wanted)
    except Refused:
        return visit.back("refused")
    return visit.back(done)


def _loan(visit: Visit) -> LoanFacts | None:
    found = loan_of(visit.person, request.form.get("loan", "") or request.args.get("loan", ""))
    return found if found is None or isinstance(found, LoanFacts) else None


def report(visit: Visit) -> Response:
    """«Ya pagué»: kept as reported, shown to a person, reminders paused."""
    loan = _loan(visit)
    if loan is None:
        return visit.back("refused")
    try:
        file = given_file(request.files.get("receipt"))
    except BadFile:
        return first_page(visit, "bad_file", HTTPStatus.UNPROCESSABLE_ENTITY)
    last = add_banking_days(visit.facts.today, visit.facts.policy.payment_report_banking_days)
    until = datetime.combine(last + timedelta(days=1), time(6), UTC)
    data: dict[str, Any] = {"receipt": file is not None, "where": "page"}
    if typed := request.form.get("amount", "").strip():
        try:
            data["amount"] = Money.parse_typed(typed).centavos
        except InvalidAmount:
            return first_page(visit, "bad_amount", HTTPStatus.UNPROCESSABLE_ENTITY)
    tracking = "".join(filter(str.isalnum, request.form.get("tracking", "")))[:30]
    case = data | ({"tracking": tracking} if tracking else {})
    return _do(
        visit,
        "reported",
        Record("payment.reported", data, loan.id),
        PlaceHold("payment_reported", loan.id, until),
        OpenTask("payment_reported", case, loan.id),
        file=file,
    )


def dispute(visit: Visit) -> Response:
    """Nothing is asked for until a person has looked."""
    loan = _loan(visit)
    about = "charge" if request.form.get("about") == "charge" else "debt"
    if loan is None:
        return visit.back("refused")
    opened = case(visit.facts, "dispute", loan.id, about=about, where="page")
    return _do(
        visit,
        "disputed",
        *opened.effects,
        HandOff(f"dispute_{about}", 2),
        then=visit.text((opened.words,)),
        did=f"disputed_{about}",
    )


def cancel_debit(visit: Visit) -> Response:
    """At once, all that this loan has; what is in flight still is told, as in the chat."""
    loan = _loan(visit)
    if loan is None or not loan.mandates:
        return visit.back("refused")
    given = [mandate for mandate in loan.mandates if mandate.status != "requested"]
    then = visit.text(ended(given) if given else (line(DONE_PLAIN),))
    return _do(visit, "cancelled", CancelMandate(loan.id, "borrower"), then=then)


def prefer(visit: Visit) -> Response:
    """When and by what to be written to."""
    data: dict[str, Any] = {}
    if window := WINDOWS.get(request.form.get("window", "")):
        data["time_window"] = window
    if (channel := request.form.get("channel", "")) in CHANNELS:
        data["channel"] = channel
    if not data:
        return first_page(visit, "nothing_chosen", HTTPStatus.UNPROCESSABLE_ENTITY)
    return _do(visit, "preferred", Prefer(data))


def stop(visit: Visit) -> Response:
    return _do(visit, "stopped", OptOut())


def resume(visit: Visit) -> Response:
    return _do(visit, "resumed", OptIn())


def offers(visit: Visit) -> Response:
    """The ways that policy has, to be chosen from."""
    loan = _loan(visit)
    if loan is None:
        return visit.back("refused")
    shown = _offers(visit, loan)
    more = [offer for offer in _offers(visit, loan, whole=True) if offer.key not in {o.key for o in shown}]
    return visit.page("offers", loan=loan, offers=shown, whole=more)


def _offers(visit: Visit, loan: LoanFacts, *, whole: bool = False) -> list[Offer]:
    """`whole`: with all that is owed in parts, where policy has that."""
    policy = visit.facts.policy.offers
    situation = situation_of(loan, visit.facts.today, policy, whole=whole)
    found = [*propose_plans(policy, situation), settlement(policy, situation)]
    return [offer for offer in found if offer is not None and offer.needs_person is None]


def choose(visit: Visit) -> Response:
    """The read-back of one offer; with `agreed`, the yes to it."""
    loan = _loan(visit)
    key = request.values.get("offer", "")
    offered = [*_offers(visit, loan), *_offers(visit, loan, whole=True)] if loan else []
    offer = next((each for each in offered if each.key == key), None)
    if loan is None or offer is None:
        return visit.back("changed")
    context = Context(visit.facts, {"loan_id": loan.id, "offer": offer.to_json()})
    by_hand = request.values.get("by_hand") == "yes"
    debit = fits(loan, offer) and not by_hand
    lines = terms(loan, offer, by_debit=debit)
    text = visit.text(lines)
    if request.form.get("agreed") != "yes":
        return visit.page("agree", loan=loan, offer=offer, text=text, debit=debit, by_hand=by_hand)
    folio = f"C{loan.id}-{loan.plans_agreed + 1}"
    policy_version = visit.facts.policy.offers.version
    agree = AgreePlan(loan.id, folio, offer, lines, policy_version, debit, visit.language)
    return _do(visit, "agreed", made(context, loan, offer), agree, shown=text)
