"""What borrowers ask that is no act, answered in the lender's own words (`[[topics]]` of the lender's file).

The words stand in the wording under `Topic.key`; `topic_values.py` computes what a flow gives them.
"""

from dataclasses import dataclass

LENDER_VARIABLES = frozenset(
    {
        "trade_name",
        "legal_name",
        "address",
        "phone",
        "hours",
        "une_phone",
        "une_email",
        "privacy_url",
        "pay_bank",
        "collector",
    }
)
"""By the names of their fields in `LenderFacts`."""
BORROWER_VARIABLES = frozenset({"credit"})
"""By the names of their fields in `BorrowerFacts`; every other variable is of a loan."""


@dataclass(frozen=True, slots=True)
class Topic:
    """`variables`: those that its answers use. `when_zero`: it has other words where one of them is zero."""

    name: str
    variables: frozenset[str] = frozenset()
    when_zero: bool = False

    @property
    def key(self) -> str:
        """Of its answer, in the wording."""
        return f"topic.{self.name}"

    @property
    def key_when_zero(self) -> str:
        return f"{self.key}.zero"

    @property
    def private(self) -> bool:
        """Whether its answer reveals something of a borrower: for the one who is confirmed alone."""
        return not self.variables <= LENDER_VARIABLES

    @property
    def of_loan(self) -> bool:
        """Whether it reveals something of an open loan."""
        return not self.variables <= LENDER_VARIABLES | BORROWER_VARIABLES
