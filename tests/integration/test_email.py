"""E-mail against a real SMTP and a real IMAP server: out, replied to, bounced, unsubscribed from."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from email import message_from_string, policy
from email.message import EmailMessage

import pytest
from sqlalchemy import Engine, update

from bot.app import create_app
from bot.channels import PermanentFailure, TransientFailure, make_transport
from bot.channels.email import EmailTransport, Mailbox, message_of, token_for
from bot.channels.transports import ByChannel
from bot.console.access import accounts
from bot.conversation import take_events
from bot.handoff import give_back, reply, take
from bot.outreach import dispatch, read_mail
from bot.reach import NewEvent, best_contact_point, enqueue_event
from models import Borrower, ContactPoint, DeliveryAttempt, Loan, Message, MessageFile, Task, write_tx
from models.base import AnyRow
from tests.desk import PASSWORD
from tests.integration.test_page_chat import Chat
from tests.mail_servers import Imap, Smtp, imap_server, smtp_server
from tests.outbox import FakeTwilio
from tests.talk import Talk, talk

FROM = "cobranza@jacaranda.example"
ANA = "ana@correo.example"


@pytest.fixture
def smtp() -> Iterator[Smtp]:
    with smtp_server() as server:
        yield server


@pytest.fixture(scope="module")
def imap() -> Iterator[Imap]:
    with imap_server() as server:
        yield server


@pytest.fixture
def ana(sqlite_engine: Engine, now: datetime, smtp: Smtp, imap: Imap) -> Talk:
    """A confirmed borrower who prefers e-mail and has written by WhatsApp only."""
    one = talk(sqlite_engine, now, email=ANA, preferred_channel="email")
    settings = one.services.settings
    settings.smtp_url, settings.imap_url, settings.email_from = smtp.url, imap.url, FROM
    one.dispatching = False
    return one


def send(ana: Talk) -> int:
    transport = make_transport(ana.services)
    moved = 0
    while found := dispatch(ana.services, transport):
        moved += found
    return moved


def remind(ana: Talk) -> AnyRow:
    """The reminder that is queued for the best contact point."""
    read_mail(ana.services)
    with write_tx(ana.services.engine) as connection:
        point = best_contact_point(connection, ana.borrower)
        assert point is not None
        now = ana.services.clock.now()
        event = NewEvent(
            "outreach", point.conversation_id, "k1", now, {"flow": "reminder"}, ana.loan, point.id
        )
        enqueue_event(connection, event)
    take_events(ana.services)
    return ana.ours()[-1]


def reply_to(mail: EmailMessage, text: str, **headers: str) -> EmailMessage:
    answer = EmailMessage()
    answer["From"] = headers.get("sender", f"Ana <{ANA}>")
    answer["To"] = headers.get("to", str(mail["Reply-To"]))
    answer["Message-ID"] = headers.get("id", "<r1@correo.example>")
    if headers.get("auto"):
        answer["Auto-Submitted"] = headers["auto"]
    answer.set_content(f"{text}\n\nEl lun, 24 nov 2026, Jacaranda <{FROM}> escribió:\n> {mail['Subject']}\n")
    return answer


BOUNCE = """From: MAILER-DAEMON@mx.example
To: {ours}
Message-ID: <bounce-{status}@mx.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=x

--x
Content-Type: text/plain

It could not be delivered.
--x
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; {theirs}
Action: failed
Status: {status}

--x
Content-Type: text/rfc822-headers

Message-ID: {returned}

--x--
"""


def bounce_of(mail: EmailMessage, status: str) -> EmailMessage:
    text = BOUNCE.format(ours=FROM, theirs=ANA, status=status, returned=mail["Message-ID"])
    made = message_from_string(text, policy=policy.default)
    assert isinstance(made, EmailMessage)
    return made


def test_a_reminder_leaves_by_mail_with_a_plain_subject_and_a_way_out(ana: Talk, smtp: Smtp) -> None:
    message = remind(ana)
    assert (message.channel, message.address) == ("email", ANA)
    assert send(ana) == 1
    (mail,) = smtp.mails
    assert (mail["To"], mail["Subject"]) == (ANA, "Mensaje de Crédito Jacaranda")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    plain, markup = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert markup is not None
    assert "1. " in plain.get_content()
    assert "<p>" in markup.get_content()
    (attempt,) = ana.rows(DeliveryAttempt)
    assert (attempt.outcome, attempt.provider_sid) == ("taken", mail["Message-ID"])


@pytest.mark.parametrize("answer", [False, True])
def test_a_brand_signs_the_subject_of_what_its_borrower_is_sent(
    ana: Talk, smtp: Smtp, imap: Imap, answer: bool
) -> None:
    with write_tx(ana.services.engine) as connection:
        connection.execute(update(Loan).values(lender="Préstamos Colibrí"))
    remind(ana)
    send(ana)
    if answer:  # about no loan in particular
        imap.deliver(reply_to(smtp.mails[-1], "¿quién eres?"))
        read_mail(ana.services)
        send(ana)
        assert len(smtp.mails) == 2
    mail = smtp.mails[-1]
    text = mail.get_body(("plain",))
    assert text is not None
    assert mail["Subject"] == "Mensaje de Préstamos Colibrí"
    assert "Préstamos Colibrí" in text.get_content()
    assert "Crédito Jacaranda" not in text.get_content()


def test_the_conversation_goes_on_by_mail_and_back_by_whatsapp(ana: Talk, smtp: Smtp, imap: Imap) -> None:
    remind(ana)
    send(ana)
    imap.deliver(reply_to(smtp.mails[0], "el viernes pago 500"))
    assert read_mail(ana.services) == 1
    assert imap.unread() == 0
    asked = ana.ours()[-1]
    assert (asked.channel, asked.address, asked.conversation_id) == ("email", ANA, ana.conversation)
    ana.say("sí")
    assert ana.kinds("promise") == ["promise.made"]
    assert ana.ours()[-1].channel == "whatsapp"


def test_who_answers_our_mail_from_another_address_binds_nobody(ana: Talk, smtp: Smtp, imap: Imap) -> None:
    remind(ana)
    send(ana)
    imap.deliver(reply_to(smtp.mails[0], "el viernes pago 500"))
    read_mail(ana.services)
    imap.deliver(reply_to(smtp.mails[0], "sí", id="<r2@x>", sender="Luis <luis@otro.example>"))
    read_mail(ana.services)
    assert ana.kinds("promise") == []
    assert ana.ours()[-1].address == ANA
    imap.deliver(reply_to(smtp.mails[0], "BAJA", id="<r3@x>", sender="Luis <luis@otro.example>"))
    read_mail(ana.services)
    assert ana.kinds("optout") == ["optout.recorded"]
    imap.deliver(reply_to(smtp.mails[0], "¿cuánto debo?", id="<r4@x>"))
    read_mail(ana.services)
    send(ana)
    assert "$" in str(smtp.mails[-1].get_body(("plain",)))


def test_files_of_a_mail_are_kept_with_it(ana: Talk, smtp: Smtp, imap: Imap) -> None:
    remind(ana)
    send(ana)
    reply = reply_to(smtp.mails[-1], "Adjunto mi comprobante")
    pdf = b"%PDF-1.7 paid"
    reply.add_attachment(pdf, maintype="application", subtype="pdf", filename="spei.pdf")
    reply.add_attachment(b"MZ program", maintype="application", subtype="pdf", filename="virus.pdf")
    imap.deliver(reply)
    assert read_mail(ana.services) == 1
    message = ana.rows(Message, Message.direction == "in")[-1]
    (kept,) = ana.rows(MessageFile)
    assert (kept.message_id, kept.name, kept.content_type) == (message.id, "spei.pdf", "application/pdf")
    assert (kept.content, kept.fetch_at) == (pdf, None)
    assert message.body == "Adjunto mi comprobante"


def test_a_question_is_kept_by_whatsapp_mail_page_agent_and_whatsapp(
    ana: Talk, smtp: Smtp, imap: Imap
) -> None:
    remind(ana)
    send(ana)
    ana.say("pago el 4 de diciembre")
    assert newest(ana, "promise.ask_amount") == "whatsapp"
    imap.deliver(reply_to(smtp.mails[0], "500", id="<r5@correo.example>"))
    read_mail(ana.services)
    assert newest(ana, "50000") == "email"
    page = Chat(ana)
    page.enter()
    page.write("mejor 400")
    assert "$400.00" in page.says()
    agent = accounts.add_agent(ana.services, "a@b.mx", "agent", PASSWORD, "Eva Uno")
    page.write("antes quiero hablar con una persona")
    assert take(ana.services, ana.conversation, agent)
    reply(ana.services, ana.conversation, agent, "Hola, Ana.")
    assert "Hola, Ana." in page.get("/chat").text
    give_back(ana.services, ana.conversation, agent)
    take_events(ana.services)
    assert newest(ana, "40000") == "web"
    ana.say("sí")
    assert ana.kinds("promise") == ["promise.made"]
    assert ana.ours()[-1].channel == "whatsapp"


def newest(ana: Talk, holds: str) -> str:
    """The channel of our newest message, whose words are made when it leaves."""
    message = ana.ours()[-1]
    assert holds in str(message.wording)
    return str(message.channel)


def test_the_same_mail_twice_is_one_and_an_answering_machine_is_none(
    ana: Talk, smtp: Smtp, imap: Imap
) -> None:
    remind(ana)
    send(ana)
    for _ in range(2):
        imap.deliver(reply_to(smtp.mails[0], "cuánto debo?", id="<twice@correo.example>"))
    imap.deliver(reply_to(smtp.mails[0], "Estoy de vacaciones", id="<v@x>", auto="auto-replied"))
    read_mail(ana.services)
    received = ana.rows(Message, Message.direction == "in")
    assert [row.body for row in received] == ["cuánto debo?"]


def test_a_mail_without_our_token_is_a_strangers_whatever_it_says_of_its_sender(
    ana: Talk, smtp: Smtp, imap: Imap
) -> None:
    remind(ana)
    send(ana)
    imap.deliver(reply_to(smtp.mails[0], "cancelen mi domiciliación", to=FROM, id="<forged@x>"))
    read_mail(ana.services)
    (row,) = ana.rows(Message, Message.direction == "in")
    assert row.conversation_id != ana.conversation


@pytest.mark.parametrize(("status", "point"), [("5.1.1", "invalid"), ("5.2.2", "unverified")])
def test_a_bounce_is_a_receipt_and_closes_a_mailbox_that_is_none(
    ana: Talk, smtp: Smtp, imap: Imap, status: str, point: str
) -> None:
    message = remind(ana)
    send(ana)
    imap.deliver(bounce_of(smtp.mails[0], status))
    read_mail(ana.services)
    (row,) = ana.rows(Message, Message.id == message.id)
    assert (row.status, row.reason) == ("failed", status)
    (found,) = ana.rows(ContactPoint, ContactPoint.channel == "email")
    assert found.status == point


def test_a_mailbox_that_is_refused_at_once_is_closed(ana: Talk) -> None:
    with write_tx(ana.services.engine) as connection:
        connection.execute(update(Borrower).values(email="nobody@correo.example"))
    remind(ana)
    send(ana)
    (found,) = ana.rows(ContactPoint, ContactPoint.channel == "email")
    assert (found.status, found.closed_reason) == ("invalid", "550")


def test_while_the_server_is_away_nothing_is_lost(ana: Talk, smtp: Smtp) -> None:
    message = remind(ana)
    smtp.answer = "451 4.3.0 try again later"
    send(ana)
    (row,), (attempt,) = ana.rows(Message, Message.id == message.id), ana.rows(DeliveryAttempt)
    assert (row.status, attempt.outcome, attempt.error_code) == ("queued", "refused", "451")
    smtp.answer = None
    ana.services.clock.advance(minutes=5)  # type: ignore[attr-defined]
    send(ana)
    assert len(smtp.mails) == 1


def test_a_server_that_is_away_for_a_day_delays_a_reminder_and_loses_none(ana: Talk, smtp: Smtp) -> None:
    """It leaves once, worded anew, soon after the server is back; of each day a task says why."""
    remind(ana)
    begin = ana.services.clock.now()
    smtp.stop()
    for quarter in range(2 * 24 * 4):
        if quarter == 26 * 4:
            smtp.start()
        send(ana)
        take_events(ana.services)
        ana.services.clock.advance(minutes=15)  # type: ignore[attr-defined]
    (sent,) = ana.rows(Message, Message.status == "sent")
    waited = sent.sent_at - begin
    assert (len(smtp.mails), timedelta(hours=26) <= waited < timedelta(hours=27)) == (1, True)
    assert [task.kind for task in ana.rows(Task)] == ["sender_stopped", "sender_stopped"]


@pytest.mark.parametrize("goodbye", ["421 4.3.2 closing", "500 what?", "not an answer"])
def test_what_the_server_took_is_sent_once_however_it_says_goodbye(
    ana: Talk, smtp: Smtp, goodbye: str
) -> None:
    message = remind(ana)
    smtp.goodbye = goodbye
    send(ana)
    ana.services.clock.advance(minutes=5)  # type: ignore[attr-defined]
    send(ana)
    assert ([row.status for row in ana.rows(Message, Message.id == message.id)], len(smtp.mails)) == (
        ["sent"],
        1,
    )


def test_one_click_unsubscribes_and_fetching_the_link_does_not(ana: Talk, smtp: Smtp) -> None:
    remind(ana)
    send(ana)
    path = str(smtp.mails[0]["List-Unsubscribe"]).strip("<>").split("example", 1)[1]
    client = create_app(ana.services).test_client()
    asked = client.get(path)
    assert (asked.status_code, "Sí, no me escriban más" in asked.text) == (200, True)
    assert ana.kinds("optout") == []
    answer = client.post(path, data={"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, "ya no te escribiremos" in answer.text) == (200, True)
    assert ana.kinds("optout") == ["optout.recorded"]
    assert client.post("/webhooks/email/unsubscribe/1-" + "0" * 20).status_code == 404


def test_an_address_that_two_people_share_is_not_written_to(ana: Talk, now: datetime) -> None:
    other = talk(ana.services.engine, now, number=2, services=ana.services, email=ANA)
    read_mail(ana.services)
    assert ana.rows(ContactPoint, ContactPoint.channel == "email") == []
    assert other.borrower != ana.borrower


def test_a_mailbox_that_is_away_is_said_so() -> None:
    with pytest.raises(TransientFailure), Mailbox("imap://a:b@127.0.0.1:1").open():
        pass


def test_a_token_names_its_message_and_cannot_be_made_up() -> None:
    token = token_for(255, "s")
    assert message_of(f"Cobranza+{token.upper()}@x.example", "s") == 255
    assert message_of(token, "other") is None
    assert message_of(token_for(256, "s").replace("100-", "ff-"), "s") is None


def test_what_neither_whatsapp_nor_sms_carries_goes_by_mail(ana: Talk, smtp: Smtp) -> None:
    read_mail(ana.services)
    ana.say("hola")
    reply = ana.ours()[-1]
    assert reply.channel == "whatsapp"
    refusals = FakeTwilio(
        answers=[PermanentFailure("63024", "other_channel"), PermanentFailure("21614", "point_invalid")]
    )
    transport = ByChannel(refusals, {"email": EmailTransport(ana.services.settings)})
    while dispatch(ana.services, transport):
        pass
    assert [(row.channel, row.status) for row in ana.ours()] == [
        ("whatsapp", "failed"),
        ("sms", "failed"),
        ("email", "sent"),
    ]
    assert smtp.mails[0]["To"] == ANA
