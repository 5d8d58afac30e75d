"""A filled form, in all the shapes that it comes in."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.twilio.forms import form_answer, form_definition
from bot.channels.twilio.incoming import incoming_from
from bot.wording import Wording
from tests.unit.channels.test_incoming import FORM

DAY = {"date": "2026-12-04", "amount": "850"}


@pytest.mark.parametrize(
    ("name", "filled", "text"),
    [
        ("InteractiveData", DAY, "Pagaré $850.00 el 04/12/2026"),
        ("InteractiveData", DAY | {"language": "en"}, "I will pay $850.00 on December 4, 2026"),
        ("InteractiveData", {"response_json": json.dumps(DAY)}, "Pagaré $850.00 el 04/12/2026"),
        ("FlowData", {"pages": [{"items": [DAY | {"amount": 1200.5}]}]}, "Pagaré $1200.50 el 04/12/2026"),
        ("ButtonPayload", {"date": "1796342400000", "amount": ""}, "Pagaré el 04/12/2026"),
        ("Body", DAY | {"amount": "mucho"}, "Pagaré el 04/12/2026"),
        ("Body", DAY | {"amount": "500,50"}, "Pagaré 500,50 el 04/12/2026"),
        ("Body", {"date": "mañana"}, None),
        ("InteractiveData", {"date": "9" * 30}, None),
        ("InteractiveData", [[[[[[[[[DAY]]]]]]]]], None),
    ],
)
def test_what_a_form_says_in_the_words_of_a_chat(name: str, filled: object, text: str | None) -> None:
    read = incoming_from(FORM | {name: json.dumps(filled)}, datetime(2026, 11, 24, tzinfo=UTC))
    assert form_answer({name: json.dumps(filled)}) == text
    if text is not None:
        assert (read.text, read.payload) == (text, None)


@given(st.text(max_size=60), st.sampled_from(["", "{", "[", '{"date":', '{"date": "2026-12-04", "x": ']))
def test_whatever_stands_there_does_not_fail(text: str, begins: str) -> None:
    form_answer({"InteractiveData": begins + text})


def test_the_form_fits_whatsapps_limits_in_both_languages() -> None:
    for language in ("es_MX", "en"):
        (screen,) = form_definition(Wording.load(), language)["screens"]
        day, amount, send = screen["layout"]["children"][0]["children"]
        assert len(screen["title"]) <= 30
        assert len(day["label"]) <= 40
        assert len(amount["label"]) <= 20
        assert len(send["label"]) <= 35
        assert send["on-click-action"]["payload"]["language"] == language
