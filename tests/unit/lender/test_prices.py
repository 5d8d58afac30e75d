"""What a message costs: the newest price of its day and category, the lender's own before those shipped."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from bot.lender import SAMPLE, InvalidLenderFile, Lender

OWN = """
[[policy.costs.price]]
channel = "sms"
from = 2027-01-01
usd = "0.0421"

[[policy.costs.price]]
channel = "sms"
from = 2027-02-01
usd = 0.05
"""


def lender(tmp_path: Path, more: str) -> Lender:
    file = tmp_path / "lender.toml"
    file.write_text(SAMPLE.read_text(encoding="utf-8") + more, encoding="utf-8")
    return Lender.load(file)


@pytest.mark.parametrize(
    ("channel", "category", "day", "usd"),
    [
        ("whatsapp", "utility", date(2026, 11, 24), "0.0135"),
        ("whatsapp", "marketing", date(2026, 11, 24), "0.0355"),
        ("whatsapp", "service", date(2026, 9, 30), "0.0050"),  # Meta charges for it since October
        ("whatsapp", "service", date(2026, 10, 1), "0.0135"),
        ("whatsapp", "utility", date(2026, 6, 30), "0"),
        ("sms", None, date(2026, 11, 24), "0"),
        ("sms", None, date(2027, 1, 31), "0.0421"),
        ("sms", None, date(2027, 2, 1), "0.05"),
        ("email", None, date(2027, 2, 1), "0"),
    ],
)
def test_the_newest_price_of_the_day_counts(
    tmp_path: Path, channel: str, category: str | None, day: date, usd: str
) -> None:
    assert lender(tmp_path, OWN).prices.usd(channel, category, day) == Decimal(usd)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('"0.0421"', '"cheap"', "policy.costs.price.1.usd"),
        ('"0.0421"', '"-1"', "policy.costs.price.1.usd"),
        ("usd = 0.05", "usd = nan", "policy.costs.price.2.usd"),
        ("2027-02-01", '"soon"', "policy.costs.price.2.from"),
        ('channel = "sms"\nfrom = 2027-01-01', 'channel = "fax"\nfrom = 2027-01-01', "price.1.channel"),
        ("usd = 0.05", 'usd = 0.05\ncategory = "utility"', "leave it out for sms"),
        ("usd = 0.05", "usd = 0.05\npesos = 1", "price.2.pesos: is not known"),
    ],
)
def test_each_fault_has_its_line(tmp_path: Path, old: str, new: str, fault: str) -> None:
    assert old in OWN
    with pytest.raises(InvalidLenderFile) as error:
        lender(tmp_path, OWN.replace(old, new))
    (found,) = error.value.faults
    assert found.startswith("line ")
    assert fault in found
