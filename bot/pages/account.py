"""An account given, and a debit authorised, on the page: the number, the terms in full, a box and a
typed name.
"""

import json

from flask import Response, request
from sqlalchemy import select

from bot.conversation import Refused
from bot.pages.guard import Visit
from bot.pages.turn import PageAct, act, evidence, loan_of
from flows.context import Context
from flows.debit.schedule import most, often, plan_charged
from flows.debit.terms import TERMS_VERSION, folio_of, terms_of
from flows.types.effects import AuthorizeMandate, KeepAccount, RequestMandate
from flows.types.facts import LoanFacts
from models import mandate_table, read_tx
from values import Clabe, InvalidClabe, bank_of, banks, fold


def account(visit: Visit) -> Response:
    """The form; or, where terms wait for an answer, the terms."""
    loan = _loan(visit)
    if loan is None or not visit.facts.policy.mandate_offered:
        return visit.back("refused")
    if loan.pending is not None and loan.pending.status == "requested":
        with read_tx(visit.services.engine) as connection:
            text = connection.scalar(
                select(mandate_table.c.terms_text).where(mandate_table.c.id == loan.pending.id)
            )
        return visit.page("terms", loan=loan, text=text, fault="")
    return _form(visit, loan, "")


def give(visit: Visit) -> Response:
    """The number: checked, encrypted, and put into terms."""
    loan = _loan(visit)
    if loan is None or not loan.instalments or not visit.facts.policy.mandate_offered:
        return visit.back("refused")
    try:
        clabe = Clabe.parse(request.form.get("clabe", ""))
    except InvalidClabe:
        return _form(visit, loan, "invalid")
    bank = bank_of(clabe)
    if bank is None or not visit.services.debitable(clabe.bank_code):
        return _form(visit, loan, "bank")
    fingerprint = visit.services.vault.fingerprint(clabe.digits)
    context = Context(visit.facts, {"loan_id": loan.id})
    asked = {
        "loan_id": loan.id,
        "folio": folio_of(context, loan),
        "max_amount": most(loan).centavos,
        "frequency": often(loan),
        "signed_on": visit.facts.today.isoformat(),
        "bank": bank.name,
        "last4": clabe.last4,
    }
    lines = terms_of(Context(visit.facts, asked))
    text = visit.text(lines)
    request_it = RequestMandate(
        loan.id, str(asked["folio"]), fingerprint, most(loan), often(loan), TERMS_VERSION, lines
    )
    given = PageAct(
        (KeepAccount(fingerprint), request_it),
        visit.words("account", last4=clabe.last4),
        text,
        evidence(),
        clabe.digits,
    )
    try:
        act(visit.services, visit.person.id, given)
    except Refused:
        return _form(visit, loan, "taken")
    return visit.page("terms", loan=loan, text=text, fault="")


def accept(visit: Visit) -> Response:
    """The box and the typed name, together; either alone authorises nothing."""
    loan = _loan(visit)
    if loan is None or loan.pending is None or loan.pending.status != "requested":
        return visit.back("refused")
    name = " ".join(request.form.get("name", "").split())[:120]
    known = set(fold(visit.person.name).split())
    if request.form.get("accept") != "yes" or len(known & set(fold(name).split())) < min(2, len(known)):
        with read_tx(visit.services.engine) as connection:
            text = connection.scalar(
                select(mandate_table.c.terms_text).where(mandate_table.c.id == loan.pending.id)
            )
        return visit.page("terms", loan=loan, text=text, fault="name")
    answer = visit.words("accepted", name=name)
    authorize = AuthorizeMandate(loan.pending.folio, answer, plan_charged(loan))
    about = {"loan": loan.id, "folio": loan.pending.folio}
    needs_files = "files" in visit.facts.policy.extra.get("mandate_needs", ())
    news = "" if needs_files else "page.authorized"
    wanted = PageAct((authorize,), answer, "", evidence(), news=news, about=about)
    try:
        act(visit.services, visit.person.id, wanted)
    except Refused:
        return visit.back("refused")
    return visit.to("files", loan) if needs_files else visit.back("account")


def _form(visit: Visit, loan: LoanFacts, fault: str) -> Response:
    """With the names of the banks, for the script that shows one while the number is typed."""
    names = json.dumps({code: bank.name for code, bank in banks().items()}, ensure_ascii=False)
    return visit.page("account", loan=loan, fault=fault, banks=names)


def _loan(visit: Visit) -> LoanFacts | None:
    found = loan_of(visit.person, request.form.get("loan", "") or request.args.get("loan", ""))
    return found if isinstance(found, LoanFacts) else None
