"""What borrowers wish of a plan, read from their own words."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from flows.offers.arithmetic import counter, propose_plans, situation_of
from flows.offers.wishes import cannot_more, corrected, option_meant, pays_all, wish_of
from flows.types.event import Message, PaymentPart
from tests.facts import LENDER, LOAN, TODAY
from values import Money

POLICY = LENDER.terms.offers
SHOWN = propose_plans(POLICY, situation_of(LOAN, TODAY))


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("la segunda opción", 1),
        ("el primero", 0),
        ("me quedo con la tercera", 2),
        ("de en medio porfa", 1),
        ("la última", -1),
        ("la más chica", -1),
        ("la que sea", -1),
        ("la más corta", 0),
        ("la primera no me gusta y la segunda tampoco", None),
        ("el primer pago el 15", None),
        ("segundo, yo no debo nada", None),
        ("¿cuánto debo?", None),
        ("la luna", None),
    ],
)
def test_an_option_is_chosen_in_words(text: str, place: int | None) -> None:
    assert option_meant(text, SHOWN) == (SHOWN[place] if place is not None else None)


def test_a_wish_is_read_where_the_reading_has_no_word_for_it() -> None:
    every_friday = wish_of(Message("puedo 300 cada viernes", "request_plan"), TODAY)
    assert every_friday.frequency == "weekly"
    assert every_friday.first is not None
    assert (every_friday.first.weekday(), every_friday.first > TODAY) == (4, True)
    assert wish_of(Message("no, mejor en 2", "deny"), TODAY).parts == 2
    assert wish_of(Message("en tres", "other"), TODAY).parts == 3
    assert not wish_of(Message("en 2 días te digo", "other"), TODAY)
    assert wish_of(Message("todo mi crédito en pagos", "request_plan"), TODAY).whole


def test_a_first_payment_and_the_rest_in_parts_is_one_plan() -> None:
    parts = (PaymentPart(Money(20_000)), PaymentPart(share="rest"))
    rest = {"instalments": 2}
    given = Message("200 ahorita y lo demás en 2 pagos", "request_plan", entities=rest, parts=parts)
    wish = wish_of(replace(given, amount=Money(20_000)), TODAY)
    assert (wish.down, wish.parts, wish.first, wish.amount) == (Money(20_000), 3, TODAY, None)
    later = wish_of(replace(given, text="200 y lo demás en 2 pagos"), TODAY)
    assert later.first is None
    taken = counter(POLICY, situation_of(LOAN, TODAY), wish)
    assert taken.answer == "taken"
    assert taken.offer is not None
    assert (taken.offer.first.amount, taken.offer.first.due_date, len(taken.offer.parts)) == (
        Money(20_000),
        TODAY,
        3,
    )
    typed = Message("mejor 200 hoy y el resto en 2", "promise_to_pay", date=TODAY, parts=parts)
    assert wish_of(replace(typed, amount=Money(20_000)), TODAY).parts == 3
    everything = counter(POLICY, situation_of(LOAN, TODAY), replace(wish, down=LOAN.outstanding.total))
    assert everything.answer == "nearest"


def test_one_payment_of_all_is_no_plan_and_what_is_all_that_can_be_paid_is_no_wish() -> None:
    all_on_friday = (PaymentPart(share="all", date=TODAY),)
    assert pays_all(Message("mejor pago todo hoy", "promise_to_pay", date=TODAY, parts=all_on_friday))
    assert not pays_all(Message("todo en pagos", "request_plan", parts=all_on_friday))
    for text in (
        "no, es lo único que puedo",
        "no me alcanza para eso",
        "that's all I can afford",
        "no puedo más",
    ):
        assert cannot_more(Message(text, "other")), text
    assert not cannot_more(Message("sí puedo", "affirm"))


def test_a_month_is_its_first_day_or_what_is_left_of_it() -> None:
    this_month, payday = date(2026, 12, 1), date(2026, 12, 15)
    assert wish_of(Message("mejor en diciembre", "other"), this_month).first == payday
    assert wish_of(Message("hasta enero porfa", "other"), this_month).first == date(2027, 1, 1)
    assert not wish_of(Message("¿en diciembre cuánto debía?", "ask_balance"), this_month)


def test_every_two_weeks_and_twice_a_month_are_said_of_the_same_wages() -> None:
    situation = situation_of(LOAN, TODAY)
    wish = wish_of(Message("cada dos semanas", "other", entities={"frequency": "fortnightly"}), TODAY)
    answer = counter(POLICY, situation, wish)
    assert answer.offer is not None
    assert (answer.answer, answer.offer.frequency) == ("taken", "semimonthly")


def test_a_correction_keeps_what_it_does_not_name() -> None:
    offer = SHOWN[1]
    agreed = (len(offer.parts), offer.frequency, offer.first.due_date)
    later = offer.first.due_date + timedelta(days=1)
    wish = corrected(wish_of(Message("otro día", "promise_to_pay", date=later), TODAY), *agreed)
    assert (wish.parts, wish.frequency, wish.first) == (len(offer.parts), offer.frequency, later)
    fewer = corrected(wish_of(Message("en 2", "deny"), TODAY), *agreed)
    assert (fewer.parts, fewer.first) == (2, offer.first.due_date)


def test_all_that_is_owed_is_spread_where_policy_and_borrower_want_it() -> None:
    assert POLICY.plan is not None
    open_policy = replace(POLICY, plan=replace(POLICY.plan, whole=True))
    for policy, whole, spread in (
        (POLICY, True, LOAN.instalments[0].unpaid.total),
        (open_policy, False, LOAN.instalments[0].unpaid.total),
        (open_policy, True, LOAN.outstanding.total),
    ):
        offer = counter(
            policy, situation_of(LOAN, TODAY, policy, whole=whole), wish_of(_in_two(), TODAY)
        ).offer
        assert offer is not None
        assert offer.total + offer.discount == spread
        assert (offer.covers_until == LOAN.instalments[-1].due_date) == (spread == LOAN.outstanding.total)
    near = replace(POLICY, plan=replace(POLICY.plan, ahead_days=(LOAN.instalments[1].due_date - TODAY).days))
    assert situation_of(LOAN, TODAY, near).covered == LOAN.outstanding


def _in_two() -> Message:
    return Message("en 2 pagos", "request_plan", entities={"instalments": 2})


def test_days_gone_by_are_no_wish() -> None:
    assert wish_of(Message("el 1", "other", date=date(2020, 1, 1)), TODAY).first is None
