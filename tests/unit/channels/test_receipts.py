"""A status callback's form."""

import pytest

from bot.channels.twilio.receipts import NotAReceipt, receipt_from

FORM = {
    "MessageSid": "SM1",
    "MessageStatus": "delivered",
    "AccountSid": "AC1",
    "From": "whatsapp:+1",
    "To": "whatsapp:+2",
}


@pytest.mark.parametrize(
    ("word", "delivery"),
    [
        ("accepted", "sent"),
        ("queued", "sent"),
        ("sent", "sent"),
        ("delivered", "delivered"),
        ("read", "read"),
        ("failed", "failed"),
        ("undelivered", "failed"),
        ("canceled", "failed"),
        ("levitating", None),
    ],
)
def test_their_words_and_ours(word: str, delivery: str | None) -> None:
    receipt = receipt_from("7", FORM | {"MessageStatus": word})
    assert (receipt.message_id, receipt.provider_sid, receipt.reported, receipt.delivery) == (
        7,
        "SM1",
        word,
        delivery,
    )


def test_an_error_code_brings_its_reaction() -> None:
    receipt = receipt_from(
        "7",
        FORM
        | {
            "MessageStatus": "undelivered",
            "ErrorCode": "63014",
            "ChannelStatusMessage": "blocked",
            "Body": "x",
        },
    )
    assert (receipt.code, receipt.reaction) == ("63014", "opted_out")
    assert receipt.extra == {"ChannelStatusMessage": "blocked"}
    assert receipt_from("7", FORM | {"ErrorCode": "99999"}).reaction == "give_up"


@pytest.mark.parametrize("message", [None, "", "x", "-1", "²", "9" * 40, "1 OR 1=1"])
def test_an_id_that_is_none_of_ours(message: str | None) -> None:
    assert receipt_from(message, FORM).message_id is None


def test_the_older_names_do() -> None:
    assert receipt_from(None, {"SmsSid": "SM2", "SmsStatus": "sent"}).provider_sid == "SM2"


@pytest.mark.parametrize("missing", ["MessageSid", "MessageStatus"])
def test_what_a_receipt_must_have(missing: str) -> None:
    with pytest.raises(NotAReceipt, match=missing):
        receipt_from("7", {name: value for name, value in FORM.items() if name != missing})
