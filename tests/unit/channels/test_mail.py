"""Mails that nobody wrote, bounces of every make, and what a mail server's refusal is about."""

import smtplib
from email.message import EmailMessage
from typing import Any

import pytest

from bot.channels import Outgoing, PermanentFailure, TransientFailure
from bot.channels.email import EmailTransport, reaction_to, received_from, token_for
from bot.settings import Settings

OURS = token_for(7, "s")


def mail(text: str, **headers: str) -> bytes:
    made = EmailMessage()
    given = {"From": "Ana <ana@correo.example>", "To": f"cobranza+{OURS}@jacaranda.example", **headers}
    for name, value in given.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return made.as_bytes()


def report(kind: str, part: str) -> bytes:
    return (
        f"From: x@isp.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type={kind}; "
        f"boundary=b\r\n\r\n--b\r\n{part}\r\n\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\n"
        f"Message-ID: <{OURS}@jacaranda.example>\r\n\r\n--b--\r\n"
    ).encode()


STATUS = "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\nAction: {}\r\nStatus: {}"
SAID = "Diagnostic-Code: smtp; 550 5.1.1 no such user"
SORRY = (
    f"Sorry, no mailbox here by that name. (#5.1.1) from 10.5.1.1\n\nMessage-ID: <{OURS}@jacaranda.example>"
)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (report("delivery-status", STATUS.format("failed", "5.1.1")), "5.1.1"),
        (report("delivery-status", STATUS.format("failed", "4.4.7")), "4.4.7"),
        (report("delivery-status", STATUS.format("delayed", "4.4.1")), None),
        (report("disposition-notification", "Content-Type: message/disposition-notification"), None),
        (
            report("feedback-report", "Content-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse"),
            "abuse",
        ),
        (mail(SORRY, From="MAILER-DAEMON@qmail.example", To="cobranza@jacaranda.example"), "5.1.1"),
        (mail(SORRY, Return_Path="<>", To="cobranza@jacaranda.example"), "5.1.1"),
        (mail(f"late, 4.4.1 {OURS}", From="postmaster@mx.example"), None),
        (report("delivery-status", STATUS.format("failed (final)", "5.1.1 (no such user)")), "5.1.1"),
        (report("delivery-status", STATUS.format("failed", f"5.0.0\r\n{SAID}")), "5.1.1"),
        (
            report("feedback-report", "Content-Type: message/feedback-report\r\n\r\nFeedback-Type: not-spam"),
            None,
        ),
        (mail(f"<ana@correo.example>:\n550 no such user\n{OURS}", From="MAILER-DAEMON@qmail.example"), "550"),
        (mail("5.1.1 of somebody else", From="postmaster@mx.example", To="cobranza@jacaranda.example"), None),
    ],
)
def test_a_bounce_names_its_message_and_why(raw: bytes, code: str | None) -> None:
    found = received_from(raw, "s")
    assert (found and (found.message_id, found.bounce_code)) == (code and (7, code))


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Precedence": "auto_reply"},
        {"X_Autoreply": "yes"},
        {"List_Id": "<ofertas.example>"},
        {"X_Mail_Autoreply": "yes"},
        {"Subject": "Respuesta automática: su pago"},
        {"Subject": "Auto: Re: su pago"},
        {"Subject": "[Auto-Reply] su pago"},
        {"Subject": "Ausente de la oficina: su pago"},
        {"Subject": "Vacaciones Re: su pago"},
        {"Subject": "Leído: su pago"},
    ],
)
def test_a_machine_is_not_answered(headers: dict[str, str]) -> None:
    assert received_from(mail("Estoy de vacaciones", **headers), "s") is None


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (mail("", Subject="BAJA"), "BAJA"),
        (mail("> lo de ustedes", Subject="Re: Mensaje de Jacaranda"), ""),
        (mail("", Subject="RES: Mensaje de Jacaranda"), ""),
        (mail("", Subject="(sin asunto)"), ""),
        (mail("ya pagué", Subject="duda"), "ya pagué"),
        (mail("Hola,\nGracias.", Subject="Quiero darme de baja"), "Quiero darme de baja"),
        (mail("Gracias.", Subject="Re: Mensaje de Jacaranda"), "Gracias."),
    ],
)
def test_what_stands_in_the_subject_alone_is_read(raw: bytes, text: str) -> None:
    found = received_from(raw, "s")
    assert found is not None
    assert (found.text, found.message_id) == (text, 7)


OURS_QUOTED = "> Hola, Ana. Si no quieres mensajes responde BAJA"
NOTICE = "Este correo es confidencial; si usted no es el destinatario, elimínelo."


@pytest.mark.parametrize(
    "after",
    [
        f"El mar, 24 nov 2026 a las 10:00, Crédito Jacaranda <x@y.mx> escribió:\n{OURS_QUOTED}",
        f"El mar, 24 nov 2026 a las 10:00, Crédito Jacaranda, S.A.\n(<x@y.mx>) escribió:\n{OURS_QUOTED}",
        f"On Tue, Nov 24, 2026 at 10:00 AM Jacaranda <x@y.mx> wrote:\n{OURS_QUOTED}",
        f"De: Jacaranda\nEnviado: martes, 24 de noviembre\nAsunto: Su pago\n\n{OURS_QUOTED[2:]}",
        f"**From:** Jacaranda\n**Sent:** Tuesday\n\n{OURS_QUOTED[2:]}",
        f"-----Mensaje original-----\n{OURS_QUOTED[2:]}",
        "    En martes, 24 de noviembre de 2026, 10:15:20 GMT-6, Jacaranda <x@y.mx> escribió:\n\n Hola",
        f"Inicio del mensaje reenviado:\n\n{OURS_QUOTED}",
        "Yahoo Mail: busca, organiza, conquista",
        "-- \nAna López\nTel. 012180001234567899",
        "Enviado desde mi iPhone",
        "Sent from my Galaxy",
        f"AVISO DE CONFIDENCIALIDAD: {NOTICE}",
        NOTICE,
        "Ana López Ruiz",
        "Saludos cordiales,\nAna",
        "Atte. Ana López",
        "Muchas gracias.\n\nLic. Ana López\nVentas | Grupo Norte\nTel. 55 1234 5678",
        "Best regards,\nAna",
    ],
)
def test_neither_our_own_message_nor_a_signature_is_read(after: str) -> None:
    found = received_from(mail(f"ok, el viernes pago todo\n\n{after}\n"), "s")
    assert found is not None
    assert found.text == "ok, el viernes pago todo"


@pytest.mark.parametrize(
    "text",
    [
        "Este mensaje no es para mí, no soy la destinataria.\nEl banco me escribió: espere\nSaludos\nPD: ya",
        "Hola\nGracias\nquiero pagar 500",
        "Mi banco es\n\nBanco Azteca",
        "El viernes\n\nMaría pagará",
        "Gracias por su ayuda, pago\n500",
    ],
)
def test_what_only_resembles_a_signature_is_read(text: str) -> None:
    found = received_from(mail(text), "s")
    assert found is not None
    assert found.text == text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            f"El mar, 24 nov 2026, Jacaranda <x@y.mx> escribió:\n{OURS_QUOTED}\n\nel viernes\n\n-- \nAna",
            "el viernes",
        ),
        (f"{OURS_QUOTED}\nsí, el viernes", "sí, el viernes"),
        ("> ¿Qué día?\nel viernes\n> ¿Cuánto?\n500", "el viernes\n500"),
    ],
)
def test_what_is_written_below_our_message_is_read(text: str, words: str) -> None:
    found = received_from(mail(text), "s")
    assert found is not None
    assert found.text == words


CITED = "<blockquote type='cite'>Hola, Ana. Debe $850.00</blockquote>"


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        (f"<p>S&iacute;,&nbsp;el <b>viernes</b></p>{CITED}", "Sí, el viernes"),
        ("<!--[if mso]><p>Outlook</p><![endif]--><td>500</td><td>pesos</td>", "500 pesos"),
        (f"{CITED}<p>el viernes</p>", "el viernes"),
    ],
)
@pytest.mark.parametrize("plain", [None, " \n"])
def test_a_mail_whose_plain_part_is_empty_or_left_out_is_read_by_its_html(
    markup: str, words: str, plain: str | None
) -> None:
    made = EmailMessage()
    made["To"] = f"cobranza+{OURS}@jacaranda.example"
    if plain is None:
        made.set_content(markup, subtype="html")
    else:
        made.set_content(plain)
        made.add_alternative(markup, subtype="html")
    found = received_from(made.as_bytes(), "s")
    assert found is not None
    assert found.text == words


@pytest.mark.parametrize("charset", ["", "; charset=us-ascii", "; charset=unheard-of"])
@pytest.mark.parametrize("written_in", ["utf-8", "cp1252"])
def test_letters_are_read_whatever_charset_the_mail_names(charset: str, written_in: str) -> None:
    head = f"To: cobranza+{OURS}@jacaranda.example\r\nContent-Type: text/plain{charset}\r\n\r\n"
    found = received_from(head.encode() + "sí, mañana".encode(written_in), "s")
    assert found is not None
    assert found.text == "sí, mañana"


def test_a_picture_among_the_words_is_a_file_too() -> None:
    made = EmailMessage()
    made.set_content("mira")
    made.add_alternative("<p>mira <img src='cid:1'></p>", subtype="html")
    (markup,) = (part for part in made.iter_parts() if part.get_content_type() == "text/html")
    markup.add_related(b"\x89PNG\r\n\x1a\n0", maintype="image", subtype="png", filename="spei.png", cid="<1>")
    found = received_from(made.as_bytes(), "s")
    assert found is not None
    assert [(file.name, file.content_type) for file in found.files] == [("spei.png", "image/png")]


class Refusing(EmailTransport):
    """Its server answers `failure` to every mail."""

    def __init__(self, failure: Exception) -> None:
        super().__init__(Settings(env="test", email_from="a@b.example", _env_file=None))  # type: ignore[call-arg]
        self.failure = failure

    def _connection(self) -> Any:
        return self

    def close(self) -> None: ...

    def send_message(self, *_: object) -> None:
        raise self.failure


def to_ana(code: int, text: str) -> smtplib.SMTPRecipientsRefused:
    return smtplib.SMTPRecipientsRefused({"ana@correo.example": (code, text.encode())})


@pytest.mark.parametrize(
    ("failure", "reaction"),
    [
        (to_ana(550, "5.1.1 no such user"), "point_invalid"),
        (to_ana(550, "no such user"), "point_invalid"),
        (to_ana(552, "5.2.2 mailbox full"), "other_channel"),
        (to_ana(550, "5.7.1 [203.0.113.5.1.1] blocked by our filter"), "other_channel"),
        (to_ana(450, "4.2.1 greylisted"), None),
        (smtplib.SMTPDataError(554, b"5.7.1 looks like spam"), "give_up"),
        (smtplib.SMTPAuthenticationError(535, b"5.7.8 wrong password"), "stop_sender"),
        (smtplib.SMTPSenderRefused(553, b"5.7.1 not yours", "a@b.example"), "stop_sender"),
        (smtplib.SMTPServerDisconnected("gone"), None),
    ],
)
def test_what_is_wrong_with_us_costs_nobody_their_message(failure: Exception, reaction: str | None) -> None:
    with pytest.raises(TransientFailure if reaction is None else PermanentFailure) as raised:
        Refusing(failure).send(Outgoing(7, "email", "ana@correo.example", "Hola", "es_MX"))
    assert getattr(raised.value, "reaction", None) == reaction


def test_a_complaint_asks_for_silence_and_a_wrong_sender_closes_no_mailbox() -> None:
    assert [reaction_to(code) for code in ("abuse", "5.1.1", "5.1.8", "5.2.1", "5.2.2", "4.4.7")] == [
        "opted_out",
        "point_invalid",
        "other_channel",
        "point_invalid",
        "other_channel",
        "other_channel",
    ]
