"""A policy file with a fault starts nothing, and the message names the fault and its line."""

from pathlib import Path

import pytest

from bot.lender import SAMPLE, InvalidLenderFile, Lender
from bot.toml_lines import line_of
from flows.types.offers import PlanPolicy
from values import Money

TEXT = SAMPLE.read_text(encoding="utf-8")


def test_the_sample_is_read() -> None:
    offers = Lender.load(None).terms.offers
    assert isinstance(offers.plan, PlanPolicy)
    assert offers.plan.min_part == Money(15_000)
    assert offers.plan.down_payment_percent(59) == 0
    assert offers.plan.down_payment_percent(60) == 10
    assert offers.settlements[0].interest_percent == 50
    assert offers.account_capture["whatsapp"] == "page"
    assert len(offers.version) == 12


def test_absent_tables_allow_nothing(tmp_path: Path) -> None:
    path = tmp_path / "lender.toml"
    path.write_text(TEXT[: TEXT.index("[policy.account_capture]")], encoding="utf-8")
    offers = Lender.load(path).terms.offers
    assert offers.plan is None
    assert offers.settlements == ()
    assert offers.extension is None
    assert offers.account_capture["sms"] == "chat"


@pytest.mark.parametrize(
    ("right", "wrong", "fault"),
    [
        ("max_parts = 6", "max_part = 6", "max_part: is not known"),
        ("max_parts = 6", "max_parts = 1", "max_parts: must be 2 or more"),
        ("max_parts = 6", 'max_parts = "6"', "max_parts: must be a whole number"),
        ("max_days = 120", "max_days = 0", "max_days"),
        ("max_days = 120", "max_days = 10", "first_within_days is later than max_days"),
        ('"150.00"', '"150,00"', "min_part_pesos"),
        ('"150.00"', '"-150.00"', "min_part_pesos"),
        ('"semimonthly", "monthly"]', '"daily"]', "frequencies"),
        ("percent = 10", "percent = 101", "down_payment"),
        ("interest = 50,", "interest = 150,", "interest"),
        ("interest = 50,", "intrest = 50,", "intrest: is not known"),
        ("to_dpd = 3650", "to_dpd = 30", "from_dpd is above to_dpd"),
        ("pay_within_days = 10\nparts = 1", "pay_within_days = 10\nparts = 11", "parts is above"),
        ('whatsapp = "page"', 'whatsapp = "mail"', "whatsapp"),
        (
            "[policy.extension]",
            '[policy.next_channel]\nsms = ["email"]\nemail = ["sms"]\n[policy.extension]',
            "goes round in a circle",
        ),
        ("[policy]\n", '[policy]\nsms_unaccented = ["x"]\n', "no template 'x'"),
        ("[policy.extension]", "[policy.extensions]", "extensions: is not known"),
    ],
)
def test_a_fault_is_named_with_its_line(tmp_path: Path, right: str, wrong: str, fault: str) -> None:
    assert right in TEXT
    path = tmp_path / "lender.toml"
    path.write_text(TEXT.replace(right, wrong, 1), encoding="utf-8")
    with pytest.raises(InvalidLenderFile, match="line ") as refused:
        Lender.load(path)
    assert fault in str(refused.value)


def test_lines_of_nested_tables() -> None:
    text = "[a]\nb = 1\n[[a.c]]\nd = 2\n[[a.c]]\nd = 3\n[[a.c.e]]\nf = 4\n"
    assert line_of(text, ("a", "b")) == 2
    assert line_of(text, ("a", "c", 0, "d")) == 4
    assert line_of(text, ("a", "c", 1, "d")) == 6
    assert line_of(text, ("a", "c", 1, "e", 0, "f")) == 8
    assert line_of(text, ("a", "c", 1, "x")) == 5
    assert line_of(text, ("z",)) is None
