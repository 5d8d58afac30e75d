"""Files that come and go with messages: fetched and kept, and sent by agents."""

import io
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, Self

import pytest
from sqlalchemy import Engine, update
from werkzeug.test import TestResponse

from bot.channels.email import EmailTransport
from bot.channels.twilio import fetch_media, media
from bot.conversation import Incoming, receive
from bot.jobs.housekeeping import prune
from models import Message, MessageFile, write_tx
from tests.desk import BASE, Desk, waiting_for_a_person
from tests.services import ACCOUNT
from tests.talk import Talk

JPEG, PDF = b"\xff\xd8\xff picture", b"%PDF-1.7 paper"
HOME = "https://api.twilio.com/2010-04-01/Accounts/AC1/Messages/MM1/Media"


@pytest.fixture
def ana(sqlite_engine: Engine, now: datetime) -> Talk:
    return waiting_for_a_person(sqlite_engine, now)


@pytest.fixture
def desk(ana: Talk) -> Desk:
    found = Desk(ana, "agent@b.mx")
    found.act("take")
    return found


def sends_files(ana: Talk, *names: str) -> None:
    files = tuple({"url": f"{HOME}/{name}", "content_type": "image/jpeg"} for name in names)
    now, sender = ana.services.clock.now(), "whatsapp:+525550000000"
    came = Incoming(
        "whatsapp", f"whatsapp:{ana.phone}", ana.phone, sender, ACCOUNT, "MM1", "", now, media=files
    )
    receive(ana.services, came)


def choose(
    desk: Desk, ana: Talk, content: bytes | None = None, name: str = "foto.jpg", **form: str
) -> TestResponse:
    sent: dict[str, Any] = {"csrf": desk.token("/console/"), "conversation": str(ana.conversation), **form}
    if content is not None:
        sent["attachment"] = (io.BytesIO(content), name)
    return desk.client.post("/console/attach", base_url=BASE, data=sent)


def kept(ana: Talk) -> list[Any]:
    return ana.rows(MessageFile)


def test_what_came_is_fetched_kept_and_shown(ana: Talk, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    answers: dict[str, list[bytes | media.NotFetched]] = {
        "good": [media.NotFetched("status_503"), JPEG],
        "gone": [media.NotFetched("status_404", final=True)],
        "odd": [b"MZ program"],
    }
    monkeypatch.setattr(media, "download", lambda _, url: _raised(answers[url.rpartition("/")[2]].pop(0)))
    sends_files(ana, "good", "gone", "odd")
    sends_files(ana, "good", "gone", "odd")  # Twilio posts it again: kept once
    before = desk.get(desk.thread).text
    assert before.count("se está descargando") == 3
    assert fetch_media(ana.services) == 3
    assert fetch_media(ana.services) == 0
    good, gone, odd = kept(ana)
    assert (good.failure, good.fetch_at) == ("status_503", ana.services.clock.now() + timedelta(minutes=1))
    assert (gone.content, gone.fetch_at, gone.failure) == (None, None, "status_404")
    assert odd.content_type == "application/octet-stream"
    ana.advance(minutes=2)
    assert fetch_media(ana.services) == 1
    after = desk.get(desk.thread).text
    assert f'<img src="/console/attachments/{good.id}/shown"' in after
    assert "No se pudo descargar" in after
    assert f'href="{HOME}/gone"' in after
    picture = desk.get(f"/console/attachments/{good.id}/shown")
    assert (picture.data, picture.headers["Content-Disposition"]) == (JPEG, "inline")
    assert "sandbox" in picture.headers["Content-Security-Policy"]
    assert desk.get(f"/console/attachments/{odd.id}/shown").status_code == HTTPStatus.NOT_FOUND
    assert after.count("ábrelo solo si lo esperabas") == 1, "where a program of one's own opens it"
    assert " · 1 KB" in after
    saved = desk.get(f"/console/attachments/{odd.id}")
    assert "attachment" in saved.headers["Content-Disposition"]


def _raised(answer: bytes | media.NotFetched) -> bytes:
    if isinstance(answer, media.NotFetched):
        raise answer
    return answer


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        (f"{HOME}/ME1", "http://127.0.0.1:9/2010-04-01/Accounts/AC1/Messages/MM1/Media/ME1"),
        ("https://mms.twiliocdn.com/ME1", "https://mms.twiliocdn.com/ME1"),
        ("https://twilio.com.evil.example/ME1", None),
        ("http://mms.twiliocdn.com/ME1", None),
        ("http://169.254.169.254/latest", None),
        ("file:///etc/passwd", None),
        ("", None),
    ],
)
def test_only_twilio_is_asked_and_only_so_much_is_read(
    ana: Talk, monkeypatch: pytest.MonkeyPatch, url: str, asked: str | None
) -> None:
    urls: list[str] = []

    class Calls:
        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_: object) -> None:
            return

        def get(self, address: str, **_: object) -> Self:
            urls.append(address)
            return self

        status_code = HTTPStatus.OK

        def iter_content(self, _: int) -> list[bytes]:
            return [JPEG, bytes(media.MOST_BYTES)]

    monkeypatch.setattr(media, "session", Calls)
    with pytest.raises(media.NotFetched) as refused:
        media.download(ana.services.settings, url)
    assert urls == ([asked] if asked else [])
    assert (refused.value.why, refused.value.final) == ("too_large" if asked else "not_twilios", True)


def test_an_agents_file_leaves_once_with_its_words(ana: Talk, desk: Desk) -> None:
    for content in (b"GIF89a", b""):
        refused = choose(desk, ana, content, "foto.jpg")
        assert (refused.status_code, "elige una foto" in refused.text) == (422, True)
    assert choose(desk, ana, JPEG).status_code == 303
    assert choose(desk, ana, PDF, "..\\cartas/\u202eestado.pdf").status_code == 303
    (file,) = kept(ana)
    assert file.name == "estado.pdf"
    page = desk.get(desk.thread).text
    assert "estado.pdf" in page
    assert f'name="file" value="{file.id}"' in page
    other = Desk(ana, "otra@b.mx")
    assert "estado.pdf" not in other.get(other.thread).text
    assert choose(other, ana, JPEG).status_code == 409
    for _ in range(2):  # the answer was lost, and the browser sends it again
        answer = desk.act("reply", text="Aquí está tu estado de cuenta", file=str(file.id), key="k1")
        assert answer.status_code == 303
    gone = desk.act("reply", text="Otra vez", file=str(file.id), key="k2")
    assert (gone.status_code, "vuelve a elegirlo" in gone.text) == (422, True)
    ana.send()
    (sent,) = [each for each in ana.wire.sent if each.text == "Aquí está tu estado de cuenta"]
    assert sent.media_url is not None
    path = sent.media_url.removeprefix(ana.services.settings.public_url)
    assert path.startswith("/m/sent/")
    fetched = desk.client.get(path)
    assert (fetched.data, fetched.mimetype) == (PDF, "application/pdf")
    assert "attachment" in fetched.headers["Content-Disposition"]
    assert desk.client.get(path.replace(".pdf", ".jpg")).status_code == HTTPStatus.NOT_FOUND
    assert desk.client.get("/m/sent/none.pdf").status_code == HTTPStatus.NOT_FOUND
    thread = desk.get(desk.thread).text
    assert f'href="/console/attachments/{file.id}" download' in thread
    assert 'name="file"' not in thread
    choose(desk, ana, JPEG)
    choose(desk, ana, remove="1")
    assert len(kept(ana)) == 1
    choose(desk, ana, JPEG)
    prune(ana.services)
    assert len(kept(ana)) == 2
    ana.advance(hours=25)
    prune(ana.services)
    assert [row.message_id is not None for row in kept(ana)] == [True], "what nobody sent is not kept"


def test_other_channels_carry_the_file_in_their_own_way(ana: Talk, desk: Desk) -> None:
    ana.services.settings.email_from = "cobranza@jacaranda.example"
    for channel, address in (("email", "ana@correo.example"), ("sms", ana.phone)):
        choose(desk, ana, PDF, "estado.pdf")
        desk.act("reply", text="Tu estado de cuenta", file=str(kept(ana)[-1].id))
        with write_tx(ana.services.engine) as connection:
            moved = update(Message).where(Message.id == ana.ours()[-1].id)
            connection.execute(moved.values(channel=channel, address=address, sender=None))
        ana.send()
    by_email, by_sms = ana.wire.sent[-2:]
    assert by_email.media_url is None
    (part,) = EmailTransport(ana.services.settings).compose(by_email).iter_attachments()
    assert (part.get_filename(), part.get_content()) == ("estado.pdf", PDF)
    words, link = by_sms.text.split("\n")
    assert (by_sms.attachment, by_sms.media_url, words) == (None, None, "Tu estado de cuenta")
    assert link.startswith("El archivo está en tu página: https://acuerdo.example/m/")
