"""The authorisation as PDF: the same bytes each time, in both languages, for any name."""

import hashlib
import re
import zlib
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.documents.mandate import Authorisation, Signed, mandate_document
from bot.lender import Lender
from bot.wording import Wording
from flows.debit.terms import PERIODS, TERMS_ROOM
from flows.types.effects import Say
from values import Money

WORDING, LENDER = Wording.load(), Lender.load(None).facts
AT = datetime(2026, 11, 24, 18, 0, 5, tzinfo=UTC)
CLABE = "012180001234567899"


def terms(language: str, name: str = "Ana López Ruiz", names: str = "") -> str:
    lines = (
        (
            "mandate.terms",
            {
                "folio": "D7-3345A1B2C0",
                "date": date(2026, 11, 24),
                "lender": LENDER.legal_name,
                "loan": "JAC-7" + names,
            },
        ),
        (PERIODS["semimonthly"], {}),
        (
            "mandate.terms_rest_item",
            {"bank": "BBVA", "last4": "7899", "max_amount": Money(60_000), "name": name},
        ),
    )
    return WORDING.render(Say(lines), language).text


def given(language: str = "es_MX", name: str = "Ana López Ruiz", account: str | None = None) -> Authorisation:
    text = terms(language, name)
    asked, answered = Signed(41, "SM" + "a" * 32, AT), Signed(42, None, AT)
    return Authorisation(
        "D7-3345A1B2C0",
        language,
        "America/Mexico_City",
        text,
        "mandate.terms@1",
        hashlib.sha256(text.encode()).hexdigest(),
        "ACEPTO",
        asked,
        answered,
        "birth",
        AT,
        12,
        account,
    )


def words(document: bytes) -> str:
    """The text of its pages, without the kerning."""
    streams = [
        zlib.decompress(found)
        for found in re.findall(rb"stream\n(.*?)\nendstream", document, re.DOTALL)
        if found[:1] == b"x"
    ]
    shown = re.findall(r"\((.*?)(?<!\\)\) Tj", b"\n".join(streams).decode("latin-1"))
    return " ".join(shown).replace("\\(", "(").replace("\\)", ")")


@pytest.mark.parametrize("language", WORDING.locales)
def test_the_words_that_were_accepted_and_the_evidence_are_in_it(language: str) -> None:
    document = mandate_document(WORDING, LENDER, given(language))
    assert document == mandate_document(WORDING, LENDER, given(language))
    assert document.startswith(b"%PDF")
    shown, text = words(document), given(language)
    for line in text.terms_text.split("\n"):
        assert line[:60] in shown
    for part in (
        text.terms_hash,
        "SM" + "a" * 32,
        "#42",
        "mandate.terms@1",
        "24",
        "12:00:05 GMT-06:00",
        "ACEPTO",
    ):
        assert part in shown


def test_a_whole_account_is_in_it_only_when_it_is_given() -> None:
    assert CLABE not in words(mandate_document(WORDING, LENDER, given()))
    assert CLABE in words(mandate_document(WORDING, LENDER, given(account=CLABE)))


@pytest.mark.parametrize(
    "name", ["Łukasz Šimůnek", "李小龍", "Ana “Nena” O’Hara – 🙂", "María de los Ángeles " * 9]
)
def test_any_name_makes_a_document(name: str) -> None:
    assert mandate_document(
        WORDING, LENDER, replace(given(name=name), identity_at=None, identity_factor=None, contact_point=None)
    )


@pytest.mark.parametrize("language", WORDING.locales)
@pytest.mark.parametrize("period", sorted(PERIODS))
def test_terms_question_and_apology_fit_a_message_with_buttons(language: str, period: str) -> None:
    """With names as long as `TERMS_ROOM` allows, and the widest of all else."""
    lines = (
        ("repair.sorry", {}),
        (
            "mandate.terms",
            {
                "folio": "D" + "9" * 10 + "-" + "F" * 13,
                "date": date(2026, 9, 23),
                "lender": "",
                "loan": "W" * TERMS_ROOM,
            },
        ),
        (PERIODS[period], {}),
        (
            "mandate.terms_rest_item",
            {"bank": "", "last4": "7899", "max_amount": Money(99_999_999), "name": ""},
        ),
        ("mandate.ask_consent", {}),
    )
    assert len(WORDING.render(Say(lines), language).text) <= 1024
