"""The brand of a loan wins over the lender's trade name in all that its borrower reads."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from flows import Conversation, step
from flows.types.effects import Say
from flows.types.event import Event, Message, Outreach
from flows.types.facts import Facts, LoanFacts
from flows.types.topic_values import values
from flows.types.topics import Topic
from tests.facts import LENDER, LOAN, facts
from values import LoanId

OWN, BRAND, OTHER = LENDER.facts.trade_name, "Préstamos Colibrí", "Crédito Magnolia"
SECOND = replace(LOAN, id=LoanId(8), external_id="JAC-8")


def branded(known: Facts, *loans: LoanFacts) -> Facts:
    ana = replace(known.candidates[0], loans=loans)
    return replace(known, candidates=(ana,), borrower=ana if known.borrower else None)


def names(known: Facts, *events: Event) -> set[str]:
    """All names of the lender that the borrower reads."""
    conversation, read = Conversation(), set()
    for event in events:
        taken = step(conversation, event, known)
        conversation = taken.conversation
        for say in taken.effects:
            if isinstance(say, Say):
                read |= {params["lender"] for params in _params(say) if "lender" in params}
    return read


def _params(say: Say) -> Iterator[dict[str, Any]]:
    for key, params in say.lines:
        if key != "mandate.terms":  # whom the law calls the provider: the company
            yield dict(params)


@pytest.mark.parametrize(
    "event",
    [
        Message("hola", intent="greet"),
        Message("quién eres", intent="ask_identity"),
        Outreach("reminder", LoanId(7)),
    ],
)
def test_the_opening_and_who_we_are_name_the_brand(event: Event) -> None:
    known = branded(facts(), replace(LOAN, brand=BRAND))
    assert names(known, event) == {BRAND}
    assert names(branded(facts(), LOAN), event) == {OWN}


@pytest.mark.parametrize(
    "event",
    [
        Outreach("reminder", LoanId(7)),
        Outreach("renew_identity", LoanId(7)),
        Message("cómo pago", intent="ask_payment_methods"),
        Message("domiciliar", intent="authorize_debit"),
        Message("quién eres", intent="ask_identity"),
    ],
)
def test_what_is_read_after_the_factor_names_the_brand(event: Event) -> None:
    known = branded(facts(confirmed="yes", notice="yes"), replace(LOAN, brand=BRAND))
    assert names(known, event) == {BRAND}


def test_of_several_brands_the_loan_that_is_talked_about_decides() -> None:
    both = (replace(LOAN, brand=BRAND), replace(SECOND, brand=OTHER))
    known = branded(facts(confirmed="yes", notice="yes"), *both)
    assert names(known, Outreach("reminder", LoanId(8))) == {OTHER}
    assert names(known, Outreach("reminder", LoanId(7))) == {BRAND}
    assert names(known, Message("quién eres", intent="ask_identity")) == {OWN}
    assert names(branded(facts(), *both), Outreach("reminder", LoanId(8))) == {OTHER}
    shared = branded(facts(), both[0], replace(SECOND, brand=BRAND))
    assert names(shared, Message("hola", intent="greet")) == {BRAND}
    mixed = branded(facts(), both[0], SECOND)
    assert names(mixed, Message("hola", intent="greet")) == {OWN}


def test_the_notice_names_the_brand_as_who_collects() -> None:
    known = branded(facts(), replace(LOAN, brand=BRAND))
    conversation = Conversation()
    says: list[Say] = []
    for text, intent in (("hola", "greet"), ("sí", "affirm"), ("15 de marzo", "other")):
        taken = step(conversation, Message(text, intent=intent), known)
        conversation, says = taken.conversation, [e for e in taken.effects if isinstance(e, Say)]
    lines = {key: params for say in says for key, params in say.lines}
    assert lines["notice.who"]["collector"] == BRAND
    assert lines["notice.who"]["legal_name"] == LENDER.facts.legal_name
    assert lines["notice.pay_only"]["lender"] == BRAND


def test_a_third_party_that_collects_keeps_its_own_name() -> None:
    lender = replace(LENDER.facts, collector="Despacho Encino")
    assert lender.named(BRAND).collector == "Despacho Encino"


def test_who_only_claims_a_phone_learns_no_brand() -> None:
    known = replace(branded(facts(), replace(LOAN, brand=BRAND)), registered_phone=False)
    assert names(known, Message("quién eres", intent="ask_identity")) == {OWN}


def test_a_topic_is_answered_under_the_brand() -> None:
    known = branded(facts(confirmed="yes"), replace(LOAN, brand=BRAND), replace(SECOND, brand=OTHER))
    private = Topic("rate", frozenset({"trade_name", "total"}))
    assert values(private, known, known.candidates[0].loans[1])["trade_name"] == OTHER
    assert values(Topic("where", frozenset({"trade_name"})), known, None)["trade_name"] == OWN
