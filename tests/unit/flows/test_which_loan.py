"""The loan that a text names by its size."""

from dataclasses import replace

import pytest

from flows.which_loan import named_of
from tests.facts import facts

BORROWER = facts(confirmed="", two="").candidates[0]
LARGE, OTHER = BORROWER.loans
SMALL = replace(OTHER, instalments=OTHER.instalments[:1])


@pytest.mark.parametrize(
    "text", ["del chico pago 300", "el más chico", "the smaller one", "al préstamo chico"]
)
def test_the_small_one(text: str) -> None:
    assert named_of((LARGE, SMALL), text) == SMALL


@pytest.mark.parametrize("text", ["cuánto debo del grande", "el crédito grande", "the bigger one"])
def test_the_large_one(text: str) -> None:
    assert named_of((SMALL, LARGE), text) == LARGE


@pytest.mark.parametrize("text", ["tengo un problema grande", "soy el hijo chico", "mi hijo mayordomo"])
def test_no_size_of_a_loan(text: str) -> None:
    assert named_of((SMALL, LARGE), text) is None
