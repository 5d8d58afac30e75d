"""The conversation on the borrower's own page: one thread with what is written elsewhere."""

import re
from itertools import count

import pytest
from sqlalchemy import Engine, update
from werkzeug.test import TestResponse

import flows
from bot.auditor import audit
from bot.console.access import accounts
from bot.conversation import retry_unprocessed, take_events
from bot.handoff import give_back, reply, take
from bot.jobs.daily_audit import audit_terms
from models import ContactPoint, Conversation, Message, Plan, read_tx, write_tx
from tests.desk import PASSWORD
from tests.integration.test_pages import Page
from tests.integration.test_plans import AT
from tests.loans import add_borrower
from tests.talk import CLABE, talk

_NONCES = count(1)


class Chat(Page):
    def write(self, text: str = "", nonce: str | None = None, **form: str) -> TestResponse:
        form = {"nonce": nonce or f"{next(_NONCES):016x}", "text": text, **form}
        return self.post("/chat", **form)

    def says(self) -> str:
        """Our newest words on the page."""
        return self.borrower.ours()[-1].body

    def press(self, title: str) -> TestResponse:
        found = re.search(rf'name="choice" value="([^"]+)">{re.escape(title)}<', self.get("/chat").text)
        assert found, self.get("/chat").text
        return self.write(choice=found[1])


@pytest.fixture
def chat(sqlite_engine: Engine) -> Chat:
    chat = Chat(talk(sqlite_engine, AT))
    chat.enter()
    return chat


def test_one_thread_keeps_its_place_from_whatsapp_to_the_page_and_back(engine: Engine) -> None:
    chat = Chat(talk(engine, AT))
    chat.enter()
    chat.borrower.say("no puedo pagar todo, puedo en pagos?")
    assert "3 de $200.00" in chat.get("/chat").text
    chat.press("3 de $200.00")
    assert "Acuerdo de pago" in chat.says()
    assert chat.borrower.rows(Conversation)[0].channel == "web"
    chat.borrower.say("sí")
    assert [row.status for row in chat.borrower.rows(Plan)].count("active") == 1
    assert {row.channel for row in chat.borrower.ours()} == {"web", "whatsapp"}
    assert [sent.channel for sent in chat.borrower.wire.sent].count("web") == 0
    assert chat.borrower.rows(Conversation)[0].channel == "whatsapp"
    with read_tx(engine) as connection:
        report = audit(connection, audit_terms(chat.borrower.services), AT.date(), AT.date())
    assert list(report.violations) == []


def test_a_plan_and_a_debit_are_agreed_in_the_chat_of_the_page(chat: Chat) -> None:
    chat.write("quiero pagar en 3 pagos")
    chat.write("sí")
    assert [row.status for row in chat.borrower.rows(Plan)].count("active") == 1
    chat.write("quiero domiciliar mi pago")
    assert chat.borrower.rows(Conversation)[0].expecting == "clabe"
    assert "/m/" not in chat.says()  # `[policy.account_capture] web = "chat"`
    for text in (CLABE, "sí", "ACEPTO"):
        chat.write(text)
    assert "mandate.authorized" in chat.borrower.kinds()
    assert not any(CLABE in row.body for row in chat.borrower.rows(Message))
    assert CLABE not in chat.get("/chat").text


def test_a_form_that_is_sent_twice_is_one_message_and_a_made_up_button_is_none(chat: Chat) -> None:
    chat.write("¿cuánto debo?", nonce="a" * 16)
    chat.write("¿cuánto debo?", nonce="a" * 16)
    assert len(chat.borrower.rows(Message)) == 2
    newest = chat.borrower.ours()[-1].id
    for made_up in (f"{newest}:agree", "x:pay_now", "9" * 30 + ":pay_now", f"{newest + 9}:pay_now", ":"):
        assert chat.write(choice=made_up).status_code == 303
    chat.write("hola", nonce="no nonce")
    assert len(chat.borrower.rows(Message)) == 2
    token = chat.client.post(f"{chat.path}/chat", data={"text": "hola", "nonce": "b" * 16})
    assert token.status_code == 403


def test_a_yes_under_an_older_message_binds_nobody(chat: Chat) -> None:
    chat.write("quiero pagar en 3 pagos")
    older = re.search(r'name="choice" value="([^"]+)">Sí', chat.get("/chat").text)
    assert older, chat.get("/chat").text
    chat.write("mejor en 4 pagos")
    assert "en 4 pagos" in chat.says()
    chat.write(choice=older[1])
    assert "active" not in [row.status for row in chat.borrower.rows(Plan)]


def test_what_is_too_long_or_too_fast_is_refused_and_kept_in_the_form(chat: Chat) -> None:
    long = chat.write("a" * 1_001)
    assert long.status_code == 400
    assert "a" * 1_000 in long.text
    chat.write("hola\0\x07 <script>")
    assert chat.borrower.rows(Message)[0].body == "hola <script>"
    assert "<script>" not in chat.get("/chat").text.replace("<script src=", "")
    for _ in range(25):
        answer = chat.write("gracias")
    assert answer.status_code == 429
    chat.borrower.advance(minutes=2)
    assert chat.write("gracias").status_code == 303


def test_the_proof_of_the_page_is_none_on_the_phone(sqlite_engine: Engine) -> None:
    chat = Chat(talk(sqlite_engine, AT))
    with write_tx(sqlite_engine) as connection:
        connection.execute(update(ContactPoint).values(confirmed_at=None, status="unverified"))
        connection.execute(update(Conversation).values(borrower_id=None))
    chat.enter()
    chat.write("quiero pagar en 3 pagos")
    assert "Acuerdo de pago" in chat.says()
    chat.borrower.say("sí")
    assert "$" not in chat.says()
    assert [row for row in chat.borrower.rows(Plan) if row.status == "active"] == []


def test_a_phone_that_is_shared_shows_its_thread_on_no_page(engine: Engine) -> None:
    chat = Chat(talk(engine, AT))
    with write_tx(engine) as connection:
        other, _ = add_borrower(connection, 2, key=chat.borrower.phone)
    chat.borrower.say("quiero pagar en 3 pagos")
    chat.enter()
    chat.write("¿cuánto debo?")
    threads = {row.conversation_id for row in chat.borrower.rows(Message) if row.channel == "web"}
    assert threads.isdisjoint({chat.borrower.conversation})
    assert "$1,150.00" in chat.get("/chat").text
    assert other != chat.borrower.borrower


def test_a_person_answers_on_the_page_while_it_is_open_and_on_the_phone_afterwards(chat: Chat) -> None:
    chat.borrower.say("hola")
    chat.write("quiero hablar con una persona")
    assert "Te atiende una persona" in chat.get("/chat").text
    agent = accounts.add_agent(chat.borrower.services, "a@b.mx", "agent", PASSWORD, "Eva Uno")
    assert take(chat.borrower.services, chat.borrower.conversation, agent)
    reply(chat.borrower.services, chat.borrower.conversation, agent, "Hola Ana, la veo por aquí.")
    assert "Hola Ana, la veo por aquí." in chat.get("/chat").text
    assert chat.borrower.ours()[-1].status == "read"
    sent = len(chat.borrower.wire.sent)
    chat.borrower.advance(hours=1)
    reply(chat.borrower.services, chat.borrower.conversation, agent, "¿Sigue ahí?")
    chat.borrower.send()
    give_back(chat.borrower.services, chat.borrower.conversation, agent)
    take_events(chat.borrower.services)
    chat.borrower.send()
    assert "Te atiende una persona" not in chat.get("/chat").text
    assert {each.channel for each in chat.borrower.wire.sent[sent:]} == {"whatsapp"}
    assert chat.borrower.ours()[-1].channel == "whatsapp"


def test_a_turn_that_raises_keeps_the_message_and_its_second_try_knows_the_borrower(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr(flows, "step", fails)
        assert chat.write("¿cuánto debo?").status_code == 303
    assert chat.borrower.rows(Message)[0].status == "unprocessed"
    chat.borrower.advance(minutes=2)
    assert retry_unprocessed(chat.borrower.services) == 1
    assert "$1,150.00" in chat.says()


def test_a_paper_asked_for_is_opened_from_the_thread(chat: Chat) -> None:
    chat.write("mándame mi estado de cuenta")
    link = re.search(r'href="https://acuerdo.example(/m/file/[^"]+)"', chat.get("/chat").text)
    assert link
    assert chat.client.get(link[1]).data.startswith(b"%PDF")
