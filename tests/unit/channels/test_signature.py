"""The signature, held against the provider's published vector and its own validator."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict

from bot.channels.twilio.form import parse_form, replaced
from bot.channels.twilio.signature import genuine, sign

VECTOR = {
    "CallSid": ["CA1234567890ABCDE"],
    "Caller": ["+14158675309"],
    "Digits": ["1234"],
    "From": ["+14158675309"],
    "To": ["+18005551212"],
}
VECTOR_URL, VECTOR_SIGNATURE = "https://mycompany.com/myapp.php?foo=1&bar=2", "RSOYDt4T1cUTdK1PDd93/VVr8B8="
TOKEN, URL = "12345", "https://acuerdo.example/webhooks/twilio/messages"


def test_the_published_vector() -> None:
    assert sign(TOKEN, VECTOR_URL, VECTOR) == VECTOR_SIGNATURE
    assert genuine(VECTOR_SIGNATURE, VECTOR_URL, VECTOR, [TOKEN])


@pytest.mark.parametrize(
    ("url", "valid"),
    [
        (VECTOR_URL, True),
        (VECTOR_URL.replace(".com/", ".com:443/"), True),
        (VECTOR_URL.replace(".com/", ".com:80/"), False),
        (VECTOR_URL.replace("https", "http"), False),
        (VECTOR_URL.replace("&bar=2", ""), False),
        (VECTOR_URL.replace("mycompany", "yourcompany"), False),
        (VECTOR_URL + "#fragment", False),
    ],
)
def test_the_address_must_be_the_one_that_was_called(url: str, valid: bool) -> None:
    assert genuine(VECTOR_SIGNATURE, url, VECTOR, [TOKEN]) is valid


@pytest.mark.parametrize(
    "url",
    [
        "https://a.example:443/x",
        "http://a.example:80/x?y=1",
        "http://127.0.0.1:8000/x",
        "https://[::1]:443/x",
    ],
)
def test_signed_with_or_without_the_standard_port(url: str) -> None:
    assert genuine(sign(TOKEN, url, VECTOR), url, VECTOR, [TOKEN])
    bare = url.replace(":443/", "/").replace(":80/", "/")
    assert genuine(sign(TOKEN, bare, VECTOR), url, VECTOR, [TOKEN])
    assert genuine(sign(TOKEN, url, VECTOR), bare, VECTOR, [TOKEN])


@pytest.mark.parametrize(
    "changed",
    [
        {name: values for name, values in VECTOR.items() if name != "Digits"},
        VECTOR | {"Digits": ["1235"]},
        VECTOR | {"digits": ["1234"]},
        VECTOR | {"Digits": ["1234", "99"]},
        VECTOR | {"Digits": [" 1234"]},
        VECTOR | {"New": [""]},
        {},
    ],
)
def test_a_changed_form_is_not_genuine(changed: dict[str, list[str]]) -> None:
    assert not genuine(VECTOR_SIGNATURE, VECTOR_URL, changed, [TOKEN])


def test_two_tokens_stand_during_a_rotation_and_an_empty_one_never_does() -> None:
    old = sign("old", URL, VECTOR)
    assert genuine(old, URL, VECTOR, ["new", "old"])
    assert not genuine(old, URL, VECTOR, ["new", ""])
    assert not genuine(sign("", URL, VECTOR), URL, VECTOR, ["new", ""])


@pytest.mark.parametrize(
    "signature", ["", "x", "ñ", VECTOR_SIGNATURE[:-1], VECTOR_SIGNATURE.lower(), f" {VECTOR_SIGNATURE}"]
)
def test_a_wrong_signature_of_any_shape(signature: str) -> None:
    assert not genuine(signature, VECTOR_URL, VECTOR, [TOKEN])


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@given(st.dictionaries(texts.filter(bool), st.lists(texts, min_size=1, max_size=3), max_size=6), texts)
def test_it_agrees_with_the_providers_own_validator(params: dict[str, list[str]], token: str) -> None:
    theirs = RequestValidator(token or "x").compute_signature(URL, MultiDict(params))
    assert sign(token or "x", URL, params) == theirs


def test_it_is_quick() -> None:
    form = {f"Parameter{i}": [f"value {i} ñ"] for i in range(30)}
    signature = sign(TOKEN, URL, form)
    took = []
    for _ in range(50):
        start = time.perf_counter()
        assert genuine(signature, URL, form, [TOKEN])
        took.append(time.perf_counter() - start)
    assert sorted(took)[25] < 0.001  # some 15 µs where nothing else runs


def test_a_form_is_read_byte_for_byte() -> None:
    form = parse_form(
        b"Body=ma%C3%B1ana+%F0%9F%92%B8&Blank=&Twice=b&Twice=a&Plus=%2B52&Space=+x+&Raw=\xc3\xb1"
    )
    assert form == {
        "Body": ["mañana 💸"],
        "Blank": [""],
        "Twice": ["b", "a"],
        "Plus": ["+52"],
        "Space": [" x "],
        "Raw": ["ñ"],
    }
    assert replaced(form) is None


def test_bytes_that_are_not_text_are_signed_as_they_came() -> None:
    form = parse_form(b"Body=%ff%feok&From=x")
    assert form["Body"] == ["\udcff\udcfeok"]
    assert replaced(form) == {"Body": ["\ufffd\ufffdok"], "From": ["x"]}
    assert sign(TOKEN, URL, form)


def test_a_form_of_too_many_fields_is_none() -> None:
    with pytest.raises(ValueError, match="fields"):
        parse_form(b"&".join(b"a=1" for _ in range(1_001)))
