"""Twilio's form, in all the shapes that it comes in."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.twilio.incoming import NotTwiliosForm, clean, incoming_from
from bot.conversation import Incoming

AT = datetime(2026, 11, 24, 18, tzinfo=UTC)
FORM = {
    "MessageSid": "SM1",
    "AccountSid": "AC1",
    "From": "whatsapp:+525512345678",
    "To": "whatsapp:+525550000000",
    "Body": "hola",
    "NumMedia": "0",
}


def read(**more: str) -> Incoming:
    return incoming_from(FORM | more, AT)


@pytest.mark.parametrize("missing", ["MessageSid", "AccountSid", "From", "To"])
def test_what_every_message_has(missing: str) -> None:
    with pytest.raises(NotTwiliosForm, match=missing):
        incoming_from({name: value for name, value in FORM.items() if name != missing}, AT)
    with pytest.raises(NotTwiliosForm):
        read(**{missing: " "})


@pytest.mark.parametrize(
    ("sender", "channel", "key"),
    [
        ("whatsapp:+525512345678", "whatsapp", "+525512345678"),
        ("whatsapp:+5215512345678", "whatsapp", "+525512345678"),
        ("+525512345678", "sms", "+525512345678"),
        ("whatsapp:+14155238886", "whatsapp", "+14155238886"),
        ("whatsapp:MX.20261124abc", "whatsapp", "MX.20261124abc"),
        ("whatsapp:US.ENT.99", "whatsapp", "US.ENT.99"),
        ("26262", "sms", "26262"),
    ],
)
def test_who_writes(sender: str, channel: str, key: str) -> None:
    found = read(From=sender)
    assert (found.channel, found.key, found.address) == (channel, key, sender)


def test_the_other_identity_of_the_same_person() -> None:
    assert read(ExternalUserId="whatsapp:MX.456").alias == "MX.456"
    assert (
        read(ExternalUserId="whatsapp:ID.4566546130240823", From="whatsapp:+6285176810035").alias
        == "ID.4566546130240823"
    )
    assert read(From="whatsapp:MX.456", WaId="5215512345678").alias == "+525512345678"
    assert read(From="whatsapp:MX.456").alias is None
    assert read(ExternalUserId="+525512345678").alias is None


def test_buttons_and_lists_bring_their_payload() -> None:
    pressed = read(
        Body="Sí",
        ButtonText="Sí",
        ButtonPayload="yes",
        MessageType="interactive",
        OriginalRepliedMessageSid="MM5",
    )
    assert (pressed.text, pressed.payload, pressed.kind) == ("Sí", "yes", "text")
    assert pressed.extra["OriginalRepliedMessageSid"] == "MM5"
    chosen = read(Body="", ListId="day:2026-11-27", ListTitle="Viernes 27")
    assert (chosen.text, chosen.payload) == ("Viernes 27", "day:2026-11-27")


@pytest.mark.parametrize(
    ("content_type", "message_type", "kind"),
    [
        ("image/jpeg", "image", "image"),
        ("application/pdf", "document", "document"),
        ("audio/ogg", "audio", "audio"),
        ("video/mp4", "video", "video"),
        ("image/webp", "sticker", "sticker"),
        ("image/webp", "", "sticker"),
        ("text/vcard", "contacts", "contact"),
        ("text/x-vcard", "", "contact"),
        ("", "", "document"),
        ("application/zip", "", "document"),
    ],
)
def test_media_are_kept_by_reference(content_type: str, message_type: str, kind: str) -> None:
    found = read(
        NumMedia="1",
        MediaUrl0="https://api.twilio.com/m",
        MediaContentType0=content_type,
        MessageType=message_type,
        Body="",
    )
    assert found.kind == kind
    assert found.media == ({"url": "https://api.twilio.com/m", "content_type": content_type},)


@pytest.mark.parametrize("count", ["", "x", "-1", "²", "99999999999999", "3"])
def test_a_count_that_lies(count: str) -> None:
    assert len(read(NumMedia=count, MediaUrl0="https://a", MediaUrl1="https://b").media) == (
        2 if count == "3" else 0
    )


def test_a_place() -> None:
    found = read(Latitude="19.43", Longitude="-99.13", Address="Centro", Label="Casa", Body="")
    assert found.kind == "location"
    assert found.extra["Latitude"] == "19.43"


def test_what_is_not_read_is_kept() -> None:
    found = read(ProfileName="Ana", Forwarded="true", ReferralSourceId="1", SomethingNew="2027")
    assert found.extra == {
        "ProfileName": "Ana",
        "Forwarded": "true",
        "ReferralSourceId": "1",
        "SomethingNew": "2027",
    }


def test_what_cannot_be_stored_is_taken_out_and_noted() -> None:
    found = read(Body="a\x00b\udcffc", ProfileName="\x00Ana")
    assert (found.text, found.extra["ProfileName"]) == ("ab\ufffdc", "Ana")
    assert found.extra["cleaned"] == ["Body", "ProfileName"]
    assert "cleaned" not in read(Body="línea\notra\t🙂").extra


def test_a_body_beyond_measure_is_cut_and_noted() -> None:
    found = read(Body="a" * 9_000)
    assert (len(found.text), found.extra["cut"]) == (8_000, 9_000)


@pytest.mark.no_cover
@given(
    st.dictionaries(st.text(max_size=8), st.text(st.characters(), max_size=40)),
    st.text(st.characters(), max_size=200),
)
def test_nothing_that_comes_raises_or_brings_what_cannot_be_stored(more: dict[str, str], body: str) -> None:
    found = incoming_from({**more, **FORM, "Body": body}, AT)
    for text in (found.text, *found.extra, *map(str, found.extra.values())):
        assert "\x00" not in text
        text.encode("utf-8")


@given(st.text())
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)
