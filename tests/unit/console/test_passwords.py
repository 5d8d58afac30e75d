"""What a guess at a password costs."""

from argon2 import Parameters, Type, extract_parameters
from argon2.profiles import RFC_9106_LOW_MEMORY

from bot.console.access import accounts


def test_a_hash_costs_what_is_recommended_for_whoever_is_known_or_not() -> None:
    for made in (accounts._HASHER.hash("a password"), accounts._NOBODY):
        found = extract_parameters(made)
        assert isinstance(found, Parameters)
        assert found.type is Type.ID
        assert found.memory_cost >= RFC_9106_LOW_MEMORY.memory_cost
        assert found.time_cost >= RFC_9106_LOW_MEMORY.time_cost
