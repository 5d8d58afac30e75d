"""Money: an integer of centavos and a currency. There are no floats in this house."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import total_ordering

_PESOS = re.compile(r"^([0-9]{1,12})(?:\.([0-9]{2}))?$")
_TYPED = re.compile(
    r"^\$?\s*([0-9]{1,3}(?:,[0-9]{3}){1,3}|[0-9]{1,12})(?:\.([0-9]{1,2}))?(?:\s*(?:pesos|mxn))?$",
    re.IGNORECASE,
)


class CurrencyMismatch(ValueError):
    """Two currencies met in one sum."""

    def __init__(self, one: str, other: str) -> None:
        super().__init__(f"{one} and {other} cannot be added or compared: convert one of them first")


class InvalidAmount(ValueError):
    """A text is not an amount of pesos."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"{text[:40]!r} is not an amount: write pesos as 1234.50, without sign, separators or exponent"
        )
        self.text = text


@total_ordering
@dataclass(frozen=True, slots=True)
class Money:
    """`centavos` may be negative (a difference); amounts that people pay are checked where they enter."""

    centavos: int
    currency: str = "MXN"

    @classmethod
    def zero(cls, currency: str = "MXN") -> "Money":
        return _ZERO if currency == "MXN" else cls(0, currency)

    @classmethod
    def parse_pesos(cls, text: str, currency: str = "MXN") -> "Money":
        """`1234` or `1234.50`. Raises InvalidAmount."""
        match = _PESOS.match(text.strip())
        if not match:
            raise InvalidAmount(text)
        return cls(int(match[1]) * 100 + int(match[2] or 0), currency)

    @classmethod
    def parse_typed(cls, text: str) -> "Money":
        """Pesos as people type them into a form: `$1,200.5`. A comma before other than three digits is no
        thousand, and `1.234` is not read as one. Raises InvalidAmount.
        """
        match = _TYPED.match(text.strip())
        if not match:
            raise InvalidAmount(text)
        return cls(int(match[1].replace(",", "")) * 100 + int((match[2] or "").ljust(2, "0")))

    @classmethod
    def total(cls, amounts: "Iterable[Money]", currency: str = "MXN") -> "Money":
        """The sum of any number of amounts, none included."""
        centavos = 0
        for amount in amounts:
            if amount.currency != currency:
                raise CurrencyMismatch(amount.currency, currency)
            centavos += amount.centavos
        return cls(centavos, currency)

    @property
    def pesos(self) -> Decimal:
        return Decimal(self.centavos).scaleb(-2)

    def _same(self, other: "Money") -> None:
        if self.currency != other.currency:
            raise CurrencyMismatch(self.currency, other.currency)

    def __add__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.centavos + other.centavos, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.centavos - other.centavos, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.centavos, self.currency)

    def __mul__(self, times: int) -> "Money":
        return Money(self.centavos * times, self.currency)

    def __lt__(self, other: "Money") -> bool:
        self._same(other)
        return self.centavos < other.centavos

    def __bool__(self) -> bool:
        return self.centavos != 0

    def split(self, parts: int) -> "tuple[Money, ...]":
        """Equal parts that sum to exactly this, the larger ones first."""
        each, rest = divmod(self.centavos, parts)
        return tuple(Money(each + (index < rest), self.currency) for index in range(parts))


_ZERO = Money(0)
