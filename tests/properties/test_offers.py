"""Offers are inside policy whatever is asked, sum to the centavo, and are the same for equals. A case is a
seed: drawing each field by hypothesis took longer than 5,000 cases may. This is the small form;
`make drill-offers` takes 5,000 cases of each.
"""

import os
from dataclasses import replace
from datetime import timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from flows.offers.arithmetic import (
    Offer,
    Situation,
    Wish,
    counter,
    due_day_moved,
    extension,
    payoff,
    propose_plans,
    settlement,
)
from flows.types.offers import OffersPolicy
from tests.offers import outside, random_policy, random_situation, random_wish
from values import Money

many = settings(max_examples=int(os.environ.get("ACUERDO_OFFER_CASES", "400")), deadline=None)
seeds = st.integers(0, 2**48).map(Random)


def made(policy: OffersPolicy, situation: Situation, asked: list[Wish]) -> list[Offer]:
    """Every offer of a dialogue."""
    single = (settlement, extension, due_day_moved)
    offers = [*propose_plans(policy, situation), *(make(policy, situation) for make in single)]
    offers += [counter(policy, situation, wish).offer for wish in asked]
    return [offer for offer in offers if offer is not None]


@many
@given(seeds)
def test_no_dialogue_leaves_the_policy(rng: Random) -> None:
    policy, situation = random_policy(rng), random_situation(rng)
    for offer in made(policy, situation, [random_wish(rng) for _ in range(rng.randint(0, 4))]):
        assert outside(policy, situation, offer) == []


@many
@given(seeds)
def test_asking_again_unlocks_nothing(rng: Random) -> None:
    """Whatever was asked before, the same wish gets the same answer, and the same offers are proposed."""
    policy, situation, wish = random_policy(rng), random_situation(rng), random_wish(rng)
    first = counter(policy, situation, wish), propose_plans(policy, situation)
    made(policy, situation, [random_wish(rng) for _ in range(rng.randint(0, 3))])
    assert (counter(policy, situation, wish), propose_plans(policy, situation)) == first


@many
@given(seeds)
def test_a_lower_wish_never_costs_more(rng: Random) -> None:
    policy, situation = random_policy(rng), random_situation(rng)
    wish = replace(random_wish(rng), parts=None, amount=Money(rng.randint(1, 500_000)))
    lower = replace(wish, amount=Money(rng.randint(0, 500_000)))
    high, low = counter(policy, situation, wish).offer, counter(policy, situation, lower).offer
    assert (high is None) == (low is None)
    if high is not None and low is not None:
        assert (low.total, low.discount) == (high.total, high.discount)


@many
@given(seeds)
def test_a_wish_that_is_taken_is_what_was_wished(rng: Random) -> None:
    policy, situation, wish = random_policy(rng), random_situation(rng), random_wish(rng)
    answer = counter(policy, situation, wish)
    if answer.answer == "taken":
        offer = answer.offer
        assert offer is not None
        assert wish.parts in (None, len(offer.parts))
        twice_a_month = {wish.frequency, offer.frequency} == {"fortnightly", "semimonthly"}
        assert twice_a_month or wish.frequency in (None, offer.frequency)
        assert wish.down in (None, offer.first.amount)
        regular = offer.parts[1:] if wish.down else offer.parts  # «200 hoy y 150 cada viernes»
        assert wish.amount is None or max(part.amount for part in regular) <= wish.amount
        assert wish.first is None or offer.first.due_date >= wish.first


@many
@given(seeds)
def test_three_offers_at_most_and_no_two_alike(rng: Random) -> None:
    offers = propose_plans(random_policy(rng), random_situation(rng))
    assert len(offers) <= 3
    assert len({offer.key for offer in offers}) == len(offers)
    assert all(Offer.from_json(offer.to_json()) == offer for offer in offers)


@many
@given(seeds)
def test_offers_stay_the_same_while_they_are_valid(rng: Random) -> None:
    """Asked on a later day, they are made as of the day of the first asking, and so are the same."""
    policy, situation = random_policy(rng), random_situation(rng)
    again = replace(situation, holds=situation.holds | {"payment_reported"})
    assert propose_plans(policy, situation) == propose_plans(policy, again)
    assert settlement(policy, situation) == settlement(policy, again)


@many
@given(seeds)
def test_paying_off_later_costs_no_less_and_never_more_than_is_owed(rng: Random) -> None:
    policy, situation = random_policy(rng), random_situation(rng)
    if situation.instalments:
        now = payoff(policy, situation, situation.as_of)
        then = payoff(policy, situation, situation.as_of + timedelta(days=rng.randint(0, 60)))
        assert now.total <= then.total <= situation.owes
        assert now.total + now.discount == situation.owes
