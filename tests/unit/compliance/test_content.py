"""What an agent is about to write, against the list of the law: each fault, and what is none."""

import pytest

from bot.compliance import load_rules
from bot.compliance.content import Fault, faults

MX = load_rules("MX")
STEM = MX.threats[0]
DEBT = MX.debt_words[0]
CARD = "4152 3138-0000.0001"


@pytest.mark.parametrize(
    "text",
    ["Buenas tardes, le ayudo con gusto", "GRACIAS", "1234 5678", "El folio es 12345678901234", ""],
)
def test_what_is_no_fault(text: str) -> None:
    assert faults(text, MX, known=True) == ()


@pytest.mark.parametrize("text", [f"le digo: {STEM}", f"{STEM.upper()} ya", f"uno  dos\n{STEM}xyz"])
def test_a_threat_is_named_by_its_word(text: str) -> None:
    (fault,) = faults(text, MX, known=True)
    assert (fault.code, fault.final) == ("threat", False)
    assert fault.found.startswith(STEM)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Si no pagas hablaremos con tu jefe", "con tu jefe"),
        ("Le avisamos a sus familiares", "a sus familiares"),
        ("Tus referencias ya saben", "tus referencias"),
        ("Tú y tu familia están bien, espero", "tu familia"),
    ],
)
def test_nobody_else_is_brought_into_it(text: str, found: str) -> None:
    assert faults(text, MX, known=True) == (Fault("third_party", found),)


@pytest.mark.parametrize("text", ["Es usted un tramposo", "No sea sinvergüenza", "You are a liar"])
def test_nobody_is_insulted(text: str) -> None:
    assert [fault.code for fault in faults(text, MX, known=True)] == ["insult"]


def test_the_stem_of_a_threat_begins_a_word() -> None:
    assert faults(f"xx{STEM}", MX, known=True) == ()


@pytest.mark.parametrize(
    ("text", "shouts"),
    [("BUENOSDIASYA", True), ("BUENOS DIAS 12 YA", True), ("BUENOSDIASY", False), ("BUENOSDIASYa", False)],
)
def test_from_twelve_capitals_on_it_shouts(text: str, shouts: bool) -> None:
    assert faults(text, MX, known=True) == ((Fault("shouting"),) if shouts else ())


def test_an_account_is_the_lenders_own_or_not_sent_at_all() -> None:
    written = f"deposite en {CARD}"
    assert faults(written, MX, known=True) == (Fault("account", final=True),)
    assert faults(written, MX, known=True, own_accounts=["4152313800000001"]) == ()
    assert faults(written, MX, known=True, own_accounts=["4152-3138-0000-0001"]) == ()
    both = f"{CARD} o 012180001234567899"
    assert faults(both, MX, known=True, own_accounts=[CARD]) == (Fault("account", final=True),)


@pytest.mark.parametrize(
    ("text", "found"),
    [(f"hablemos de {DEBT}x", f"{DEBT}x"), ("son $ 500", "$"), ("son 500 PESOS", "$"), ("son 500pesos", "$")],
)
def test_a_debt_is_disclosed_to_nobody_who_has_not_proved_who_they_are(text: str, found: str) -> None:
    assert faults(text, MX, known=False) == (Fault("debt_to_stranger", found),)
    assert faults(text, MX, known=True) == ()


def test_faults_are_named_together_in_their_order() -> None:
    text = f"{STEM} DEPOSITE YA MISMO {CARD} $5".upper()
    assert [fault.code for fault in faults(text, MX, known=False)] == [
        "threat",
        "shouting",
        "account",
        "debt_to_stranger",
    ]
