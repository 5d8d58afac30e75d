"""The agents' console, on both databases: who gets in, who owns a conversation, what may be written, what
becomes of silence.
"""

import base64
import html
import re
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from sqlalchemy import Engine, insert, select, update

from bot import console, handoff
from bot.clock import system_now
from bot.console import accounts, guard, thread, throttle
from bot.console.formatting import LANGUAGES, money
from bot.conversation import take_events
from bot.money import Reported
from bot.portfolio import receive_payment
from bot.reports import KPIS
from bot.understanding import INTENTS
from models import AuditEntry, Conversation, Loan, Task, contact_point_table, conversation_table, write_tx
from models.inflow import RAILS
from models.task import TASK_KINDS
from tests.desk import BASE, PASSWORD, Desk
from tests.talk import Talk, talk

AT = datetime(2026, 11, 24, 16, tzinfo=UTC)


@pytest.fixture
def ana(engine: Engine, now: datetime) -> Talk:
    """She waits for a person."""
    ana = talk(engine, now)
    for role in ("agent", "supervisor", "auditor"):
        accounts.add_agent(ana.services, f"{role}@b.mx", role, PASSWORD, f"{role.title()} Uno")
    accounts.add_agent(ana.services, "otra@b.mx", "agent", PASSWORD, "Otra Dos")
    ana.say("quiero hablar con un asesor")
    return ana


def owner(ana: Talk) -> Any:
    (row,) = ana.rows(Conversation, Conversation.id == ana.conversation)
    return row


def test_nobody_sees_anything_without_a_session(ana: Talk) -> None:
    desk = Desk(ana)
    assert desk.get("/console/").headers["Location"] == "/console/login"
    for path in ("/console/tasks", "/console/review", desk.thread):
        assert desk.get(path).headers["Location"] == f"/console/login?next={path}"
    assert desk.get(f"{desk.thread}/live").status_code == 401
    assert desk.get(desk.thread, **{"X-Requested-With": "fetch"}).status_code == 401
    page = desk.get("/console/login")
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert page.headers["Cache-Control"] == "no-store"


def test_logging_in_and_out(ana: Talk) -> None:
    desk = Desk(ana)
    wrong = desk.log_in("agent@b.mx", "no es esta")
    assert (wrong.status_code, "no coinciden" in wrong.text) == (401, True)
    assert desk.log_in(" AGENT@b.mx ").status_code == 302
    assert "Agent Uno" in desk.get("/console/").text
    assert desk.post("/console/logout").status_code == 302
    assert desk.get("/console/").status_code == 302


@pytest.mark.parametrize(
    ("wanted", "shown"),
    [
        ("/console/tasks", "/console/tasks"),
        ("/console/reports?from=2026-10-01", "/console/reports?from=2026-10-01"),
        *((path, "/console/") for path in ("", "//evil.mx", "https://evil.mx/console/", "/console//evil.mx")),
        *(
            (path, "/console/")
            for path in ("/console/\\evil.mx", "/simulator", "/console/login?next=/console/")
        ),
    ],
)
def test_a_log_in_goes_on_where_it_was_asked_for(ana: Talk, wanted: str, shown: str) -> None:
    desk = Desk(ana)
    form = {"csrf": desk.token("/console/login"), "email": "agent@b.mx", "password": PASSWORD}
    answer = desk.client.post("/console/login", base_url=BASE, data=form, query_string={"next": wanted})
    assert answer.headers["Location"] == shown


def test_a_session_ends_by_age_by_idleness_and_with_its_password(ana: Talk) -> None:
    desk = Desk(ana, "agent@b.mx")
    for name, age in (("began", guard.ABSOLUTE), ("seen", guard.IDLE)):
        with desk.client.session_transaction("/console/", base_url=BASE) as session:
            session[name] -= int(age.total_seconds()) + 1
        assert desk.get(f"{desk.thread}/live").status_code == 401
        assert desk.log_in("agent@b.mx").status_code == 302
    accounts.set_password(ana.services, "agent@b.mx", "otra contraseña muy larga", "cli:test")
    assert desk.get("/console/").headers["Location"] == "/console/login"


def test_asking_for_news_does_not_keep_a_session_awake(ana: Talk) -> None:
    desk = Desk(ana, "agent@b.mx")
    with desk.client.session_transaction("/console/", base_url=BASE) as session:
        session["seen"] -= 600
        before = session["seen"]
    assert desk.get(f"{desk.thread}/live").status_code == 200
    with desk.client.session_transaction("/console/", base_url=BASE) as session:
        assert session["seen"] == before
    desk.get("/console/")
    with desk.client.session_transaction("/console/", base_url=BASE) as session:
        assert session["seen"] > before


def test_the_ledger_reads_in_words(ana: Talk) -> None:
    page = Desk(ana, "agent@b.mx").get(f"/console/loans/{ana.loan}/ledger").text
    assert "Pasó a una persona" in page
    assert "motivo: Pidió una persona" in page
    assert "message" not in page.split("<tbody>")[1]
    assert "Cadena íntegra" in page
    paid = Reported("api", "spei", "R1", 20_000, ana.services.clock.now(), "lender:test")
    owed = owed_now(ana)
    receive_payment(ana.services, "L1", paid)
    rows = (
        Desk(ana, "agent@b.mx").get(f"/console/loans/{ana.loan}/ledger?only=money").text.split("<tbody>")[1]
    )
    assert "−$200.00" in rows
    assert money(owed - 20_000) in rows, "what was owed after it"
    assert money(owed) in rows, "and before"
    assert "Pasó a una persona" not in rows


def owed_now(ana: Talk) -> int:
    return int(ana.rows(Loan, Loan.id == ana.loan)[0].outstanding_centavos)


def test_reports_are_read_in_words_and_as_csv(ana: Talk) -> None:
    desk = Desk(ana, "auditor@b.mx")
    page = desk.get("/console/reports").text
    for name, kpi in KPIS.items():
        assert f'id="report-{name}"' in page
        for column in (*kpi.dimensions, *kpi.extras):
            assert named_in(ana, f"console.column_{column}"), column
        for column in ("numerator", "denominator"):
            assert named_in(ana, f"reports.{name}_{column}"), (name, column)
    for rail in RAILS:
        assert named_in(ana, f"console.rail_{rail}")
    found = desk.get("/console/reports/automation.csv")
    assert found.text.splitlines() == ["value,numerator,denominator", "0.0,0,1"]
    assert (found.content_type, desk.get("/console/reports/ghost.csv").status_code) == (
        "text/csv; charset=utf-8",
        404,
    )


def test_a_period_is_chosen_and_a_wrong_one_named(ana: Talk) -> None:
    desk = Desk(ana, "auditor@b.mx")
    page = desk.get("/console/reports?from=2026-10-01&to=2026-10-31").text
    assert 'value="2026-10-01"' in page
    assert "reports/recovery.csv?from=2026-10-01&amp;to=2026-10-31" in page
    for wrong in ("from=2026-11-02&to=2026-11-01", "from=ayer", "to=0001-01-01", "to=9999-12-31"):
        answer = desk.get(f"/console/reports?{wrong}")
        assert (answer.status_code, 'role="alert"' in answer.text) == (400, True), wrong
        assert desk.get(f"/console/reports/recovery.csv?{wrong}").status_code == 400, wrong


def named_in(ana: Talk, key: str) -> bool:
    return all((None, key) in ana.services.wording.keys(locale) for locale in LANGUAGES)


def test_guesses_are_counted_before_a_password_is_looked_at(ana: Talk) -> None:
    desk = Desk(ana)
    for email in ("agent@b.mx", "nadie@b.mx"):
        tries = [desk.log_in(email, "no es esta").status_code for _ in range(throttle.MOST["pair"] + 1)]
        assert tries == [401] * throttle.MOST["pair"] + [429]
    locked = desk.log_in("agent@b.mx")
    assert (locked.status_code, int(locked.headers["Retry-After"]) > 0) == (429, True)
    assert desk.log_in("otra@b.mx").status_code == 302
    ana.advance(minutes=11)
    assert Desk(ana).log_in("agent@b.mx").status_code == 302


def test_nobody_locks_an_account_for_its_owner(ana: Talk) -> None:
    """Guesses from elsewhere hold up neither the owner's address nor a device that logged in before."""
    owner, attacker = Desk(ana, "agent@b.mx"), Desk(ana)
    owner.post("/console/logout")
    while attacker.log_in("agent@b.mx", "no es esta").status_code == 401:
        continue
    assert attacker.log_in("agent@b.mx").status_code == 429
    assert owner.log_in("agent@b.mx").status_code == 302
    throttle.attempt(ana.services, "agent@b.mx", "198.51.100.7")
    metrics = owner.client.get("/metrics").text
    assert 'acuerdo_logins_total{outcome="failed"} 5.0' in metrics
    assert 'acuerdo_logins_total{outcome="throttled"} 2.0' in metrics


def test_a_copied_cookie_opens_nothing_after_the_log_out(ana: Talk) -> None:
    desk, thief = Desk(ana, "agent@b.mx"), Desk(ana)
    cookie = desk.client.get_cookie("session", domain="localhost", path="/console")
    thief.client.set_cookie("session", cookie.value, domain="localhost", path="/console", secure=True)
    assert thief.get("/console/").status_code == 200
    desk.post("/console/logout")
    assert thief.get("/console/").status_code == 302


@pytest.mark.parametrize("end", [accounts.disable_agent, accounts.end_sessions])
def test_an_operator_ends_every_session_at_once(ana: Talk, end: Any) -> None:
    desks = [Desk(ana, "agent@b.mx"), Desk(ana, "agent@b.mx"), Desk(ana, "otra@b.mx")]
    end(ana.services, "agent@b.mx", "cli:test")
    assert [desk.get("/console/").status_code for desk in desks] == [302, 302, 200]
    entries = ana.rows(AuditEntry, AuditEntry.actor == "cli:test")
    assert [(entry.subject, entry.action.split(".")[0]) for entry in entries] == [("agent@b.mx", "agent")]


def test_passwords_are_long_or_refused(ana: Talk) -> None:
    accounts.set_password(ana.services, "agent@b.mx", "larguísima y con ñ " * 20, "cli:test")
    assert Desk(ana).log_in("agent@b.mx", "larguísima y con ñ " * 20).status_code == 302
    for weak in (
        "corta",
        "aaaaaaaaaaaaaa",
        "1234567890",
        "password123",
        "agent@b.mx",
        "acuerdoacuerdo",
        "x" * 1001,
    ):
        with pytest.raises(accounts.WeakPassword):
            accounts.set_password(ana.services, "agent@b.mx", weak, "cli:test")


def test_a_form_without_its_token_changes_nothing(ana: Talk) -> None:
    desk = Desk(ana, "agent@b.mx")
    for token in ("", "x.y.z"):
        assert desk.post(f"{desk.thread}/take", token).status_code == 400
    assert owner(ana).handler == "queue"


def test_an_auditor_reads_and_does_not_act(ana: Talk) -> None:
    desk = Desk(ana, "auditor@b.mx")
    page = desk.get(desk.thread).text
    assert "solo de lectura" in page
    assert desk.act("take").status_code == 403
    assert desk.post("/console/search", q="Ana").status_code == 303
    assert owner(ana).handler == "queue"


def test_of_two_who_take_it_at_once_one_gets_it(ana: Talk) -> None:
    won: list[int] = []
    agents = range(1, 5)

    def work(agent: int) -> None:
        if handoff.take(ana.services, ana.conversation, agent):
            won.append(agent)

    threads = [threading.Thread(target=work, args=(agent,)) for agent in agents]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert won == [owner(ana).agent_id]
    assert ana.kinds("handoff.taken") == ["handoff.taken"]


def test_who_comes_second_is_told_by_whom_and_only_a_supervisor_may_take_it_from_another(ana: Talk) -> None:
    first, second, chief = (Desk(ana, f"{name}@b.mx") for name in ("agent", "otra", "supervisor"))
    assert first.act("take").status_code == 303
    late = second.act("take", from_another="1")
    assert (late.status_code, "Agent Uno tomó esta conversación primero" in late.text) == (409, True)
    assert second.act("reply", text="Hola, soy Otra").status_code == 409
    assert chief.act("take", from_another="1").status_code == 303
    lost = first.act("reply", text="Hola, soy Agent")
    assert (lost.status_code, "Hola, soy Agent" not in [row.body for row in ana.ours()]) == (409, True)


def test_what_an_agent_writes_leaves_and_is_theirs(ana: Talk) -> None:
    desk = Desk(ana, "agent@b.mx")
    desk.act("take")
    before = len(ana.wire.sent)
    ana.say("¿sigues ahí?")
    assert len(ana.wire.sent) == before, "the bot is silent while an agent has it"
    assert desk.act("reply", text="Con gusto te ayudo.").status_code == 303
    ana.send()
    assert ana.wire.sent[-1].text == "Con gusto te ayudo."
    assert (ana.ours()[-1].author, ana.ours()[-1].status) == ("agent", "sent")


def test_a_reply_that_is_sent_again_is_the_same_message(ana: Talk) -> None:
    """Also once the conversation was given back: its first try had arrived."""
    desk = Desk(ana, "agent@b.mx")
    desk.act("take")
    before = len(ana.ours())
    for _ in range(2):
        assert desk.act("reply", text="Con gusto.", key="k1").status_code == 303
    desk.act("release")
    assert desk.act("reply", text="Con gusto.", key="k1").status_code == 303
    assert desk.act("reply", text="Con gusto, Ana.", key="k1").status_code == 409
    assert len(ana.ours()) == before + 1


def test_older_messages_are_read_page_by_page(ana: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(thread, "NEWEST", 4)
    for number in range(6):
        ana.say(f"mensaje {number}")
    desk = Desk(ana, "agent@b.mx")
    page, shown = desk.get(desk.thread).text, []
    while older := re.search(r'data-older="(\d+)"', page):
        shown.append(len(re.findall(r'id="m\d', page)))
        page = desk.get(f"{desk.thread}/live?since={older[1]}").text
    assert shown == [4, 8][: len(shown)]
    assert "mensaje 0" in page
    assert "mensaje 5" in page
    assert desk.get(f"{desk.thread}?since=9999999999999999999999").status_code == 200


def test_words_that_threaten_are_sent_by_one_who_was_warned_and_accounts_by_nobody(ana: Talk) -> None:
    desk = Desk(ana, "agent@b.mx")
    desk.act("take")
    warned = desk.act("reply", text="Te vamos a embargar")
    assert (warned.status_code, "embargar" in warned.text) == (422, True)
    assert desk.act("reply", text="Te vamos a embargar", warned="1").status_code == 303
    assert ana.ours()[-1].extra == {"warned_of": ["threat"]}
    count = len(ana.ours())
    assert desk.act("reply", text="Deposita a 002180700123456788", warned="1").status_code == 422
    assert len(ana.ours()) == count


def test_given_back_the_bot_asks_again_where_it_stood(engine: Engine, now: datetime) -> None:
    ana = talk(engine, now)
    accounts.add_agent(ana.services, "agent@b.mx", "agent", PASSWORD)
    ana.say("quiero domiciliar mi pago")
    asked = ana.ours()[-1].body
    ana.say("quiero hablar con un asesor")
    desk = Desk(ana, "agent@b.mx")
    desk.act("take")
    assert desk.act("release", outcome="will_pay", text="Paga el viernes").status_code == 303
    take_events(ana.services)
    ana.send()
    assert owner(ana).handler == "bot"
    assert asked.splitlines()[-1] in ana.ours()[-1].body
    assert ana.ledger("handoff.released")[-1].data["outcome"] == "will_pay"
    assert "Paga el viernes" in desk.get(desk.thread).text


def test_what_a_borrower_writes_is_text_and_nothing_else(ana: Talk) -> None:
    ana.say("<script>alert(1)</script>")
    desk = Desk(ana, "agent@b.mx")
    desk.act("take")
    desk.act("note", text="<img src=x onerror=alert(2)>", follow_up="on")
    for path in ("/console/", desk.thread, f"{desk.thread}/live", "/console/tasks"):
        page = desk.get(path).text
        assert "<script>alert" not in page
        assert "<img" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in desk.get(desk.thread).text


def test_news_is_told_once(ana: Talk) -> None:
    desk = Desk(ana, "agent@b.mx")
    for path in (f"{desk.thread}/live", "/console/live", "/console/tasks/live", "/console/review/live"):
        first = desk.get(path)
        assert first.status_code == 200
        again = desk.get(path, **{"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.text) == (304, "")
    tag = desk.get(f"{desk.thread}/live").headers["ETag"]
    ana.say("¿hola?")
    news = desk.get(f"{desk.thread}/live", **{"If-None-Match": tag})
    assert (news.status_code, "¿hola?" in news.text) == (200, True)


def test_after_hours_of_silence_it_goes_back_and_a_person_is_told(ana: Talk) -> None:
    handoff.take(ana.services, ana.conversation, 1)
    ana.advance(hours=7)
    assert handoff.release_silent(ana.services) == 0
    ana.advance(hours=1)
    assert handoff.release_silent(ana.services) == 1
    assert handoff.release_silent(ana.services) == 0
    assert owner(ana).handler == "bot"
    assert ana.ledger("handoff.released")[-1].actor == "system:silence"
    assert [row.kind for row in ana.rows(Task, Task.kind == "agent_silent")] == ["agent_silent"]


def test_an_agent_who_answers_keeps_it(ana: Talk) -> None:
    handoff.take(ana.services, ana.conversation, 1)
    ana.advance(hours=7)
    handoff.reply(ana.services, ana.conversation, 1, "Lo estoy revisando.")
    ana.advance(hours=2)
    assert handoff.release_silent(ana.services) == 0
    assert owner(ana).agent_id == 1


def test_a_closed_window_takes_the_template_alone(ana: Talk) -> None:
    handoff.take(ana.services, ana.conversation, 1)
    ana.advance(hours=25)
    desk = Desk(ana, "agent@b.mx")
    page = desk.get(desk.thread).text
    assert "Hola, soy Agent, de Crédito Jacaranda" in page
    with pytest.raises(handoff.CannotLeave):
        handoff.reply(ana.services, ana.conversation, 1, "¿Sigues ahí?")
    assert desk.act("invite").status_code == 303
    assert ana.ours()[-1].wording is not None


def test_what_was_said_at_one_moment_stands_in_its_order(ana: Talk) -> None:
    page = Desk(ana, "agent@b.mx")
    thread = page.get(page.thread).text
    assert thread.index("quiero hablar con un asesor</p>") < thread.index("una persona de nuestro equipo")


def test_the_queue_is_searched_by_name_phone_and_loan(ana: Talk) -> None:
    desk = Desk(ana, "agent@b.mx")
    for wanted in ("ana l", "lopez", "LÓP an", "55 0000 0001", "L1"):
        assert desk.thread in found(desk, wanted)
    assert desk.thread in found(desk, "hablar con un ASESOR")
    for nobody in ("zzz", "100%", "a_b"):
        assert 'class="none"' in found(desk, nobody)


def found(desk: Desk, wanted: str) -> str:
    """What a search shows; the page can be loaded again, and its address holds no name."""
    shown = desk.post("/console/search", q=wanted).headers["Location"]
    assert shown == "/console/search"
    return desk.get(shown).text.split('id="main"')[1]


def test_one_who_is_late_is_shown_with_the_days(engine: Engine, now: datetime) -> None:
    ana = talk(engine, now)
    accounts.add_agent(ana.services, "agent@b.mx", "agent", PASSWORD)
    ana.advance(days=7)
    assert (
        "1 día de atraso<" in Desk(ana, "agent@b.mx").get(f"/console/conversations/{ana.conversation}").text
    )


def test_every_word_of_the_pages_is_there_in_both_languages(ana: Talk) -> None:
    templates = (Path(console.__file__).parent / "templates").rglob("*.html")
    wanted = {
        f"console.{key}" for page in templates for key in re.findall(r"\bt\('(\w+)'[,)]", page.read_text())
    }
    for locale in LANGUAGES:
        assert wanted <= {key for _, key in ana.services.wording.keys(locale)}


@pytest.mark.parametrize("locale", LANGUAGES)
def test_every_task_says_in_words_what_happened_and_what_to_do(ana: Talk, locale: str) -> None:
    worded = {key for _, key in ana.services.wording.keys(locale)}
    shown = set(TASK_KINDS) - {"note"}  # a note is read where it was written
    assert {
        kind for kind in shown if not {f"console.task_{kind}", f"console.task_{kind}_do"} <= worded
    } == set()


@pytest.mark.parametrize("locale", LANGUAGES)
def test_every_label_that_was_understood_is_shown_in_words(ana: Talk, locale: str) -> None:
    worded = {key for _, key in ana.services.wording.keys(locale)}
    assert {
        label for label in INTENTS if not {f"console.meaning_{label}", f"meaning.{label}"} & worded
    } == set()


def test_an_agent_sends_the_page_and_ends_all_its_links(ana: Talk) -> None:
    desk = Desk(ana, "agent@b.mx")
    before = len(ana.ours())
    assert desk.act("send-page").status_code == 409, "who does not have it sends nothing"
    assert len(ana.ours()) == before
    desk.act("take")
    assert "send-page" in desk.get(desk.thread).text
    assert desk.act("send-page").status_code == 303
    ana.send()
    link = re.search(r"(/m/\S+)", ana.wire.sent[-1].text)
    assert link is not None
    assert ana.ours()[-1].author == "agent"
    assert desk.client.get(f"{link[1]}/who").status_code == 200
    assert desk.act("revoke-page").status_code == 303
    assert desk.client.get(f"{link[1]}/who").status_code == 404
    assert "page.revoked" in [entry.action for entry in ana.rows(AuditEntry)]


def test_a_flood_hides_nothing_of_ones_own(ana: Talk) -> None:
    """Of 120 who wait, 50 are shown with how many there are, page by page, each once; one's own all."""
    row = conversation_table.c
    with write_tx(ana.services.engine) as connection:
        given = {"channel": "whatsapp", "address": "x", "state": {}, "created_at": ana.services.clock.now()}
        flood = [
            {"key": f"+5299{n:08d}", "handler": "agent" if n < 70 else "queue", "urgency": n % 4} | given
            for n in range(189)
        ]
        for n, each in enumerate(flood):
            each |= {"queued_at": AT + timedelta(minutes=n % 7), "agent_id": 1 if n < 70 else None}
        connection.execute(insert(conversation_table), flood)
        waiting = set(connection.scalars(select(row.id).where(row.handler == "queue")))
        mine = set(connection.scalars(select(row.id).where(row.agent_id == 1)))
    desk, seen, address = Desk(ana, "agent@b.mx"), [], "/console/"
    while address and len(seen) < len(waiting):
        page = desk.get(address).text
        sections = dict(re.findall(r'id="queue-(\w+)">(.*?)(?=<h2|</nav>)', page, re.DOTALL))
        assert {int(key) for key in re.findall(r'id="c(\d+)"', sections["mine"])} == mine
        assert f"<small>{len(waiting)}</small>" in sections["needs"]
        seen += [int(key) for key in re.findall(r'id="c(\d+)"', sections["needs"])]
        more = re.search(r'href="(/console/[?][^"]*after=[^"]+)"', sections["needs"])
        address = html.unescape(more[1]) if more else ""
    assert (len(seen), set(seen)) == (len(waiting), waiting)
    for wrong in (
        "after=zzz",
        "after=WzEsMl0",
        "queue=ghost",
        "channel=ghost&urgency=9",
        "after=W251bGwsMSwxXQ",
    ):
        assert desk.get(f"/console/?{wrong}").status_code == 200


def test_what_can_wait_is_put_off_handed_over_and_found_when_given_back(ana: Talk) -> None:
    desk, other, chief = (Desk(ana, f"{name}@b.mx") for name in ("agent", "otra", "supervisor"))
    listed = f'id="c{ana.conversation}"'
    until = (ana.services.clock.now() + timedelta(hours=3)).isoformat()
    assert desk.act("snooze", until="ayer").status_code == 422
    assert desk.act("snooze", until=until).status_code == 303
    assert listed not in desk.get("/console/").text
    assert listed in desk.get("/console/?queue=snoozed").text
    ana.advance(minutes=1)
    ana.say("¿hola?")
    assert listed in desk.get("/console/").text, "who writes is back"
    assert desk.act("assign", agent="99").status_code == 422
    assert chief.act("assign", agent="1").status_code == 303
    assert owner(ana).agent_id == 1
    assert other.act("assign", agent="4").status_code == 409
    assert desk.act("assign", agent=str(4)).status_code == 303
    assert owner(ana).agent_id == 4
    assert listed in other.get("/console/?queue=mine").text
    assert other.act("release").status_code == 303
    for queue, shown in (("closed", True), ("all", True), ("needs", False), ("mine", False)):
        assert (listed in other.get(f"/console/?queue={queue}").text) is shown, queue
    assert other.act("snooze", until=until).status_code == 409


def test_a_manager_sees_the_day_first_and_an_agent_does_not(ana: Talk) -> None:
    accounts.add_agent(ana.services, "manager@b.mx", "manager", PASSWORD, "Marisol Uno")
    desk = Desk(ana)
    assert desk.log_in("manager@b.mx").headers["Location"] == "/console/today"
    paid = Reported("api", "spei", "R1", 30_000, ana.services.clock.now(), "lender:test")
    receive_payment(ana.services, "L1", paid)
    page = desk.get("/console/today").text
    assert page.count("$300.00") >= 3, "today, this month, and by its rail"
    assert "SPEI" in page
    live = desk.get("/console/today/live")
    assert (live.status_code, 'data-partial="today"' in live.text) == (200, True)
    agent = Desk(ana, "agent@b.mx")
    assert agent.get("/console/today").status_code == 403
    assert "/console/today" not in agent.get("/console/").text


def test_an_agent_acts_as_the_bot_would_and_within_its_bounds(ana: Talk) -> None:
    desk = Desk(ana, "agent@b.mx")
    day = ana.services.clock.now().date()
    friday = (day + timedelta(days=3)).isoformat()
    promise = {"loan": str(ana.loan), "amount": "$200.00", "date": friday}
    assert desk.act("acts/promise", **promise).status_code == 409, "who does not have it acts for nobody"
    desk.act("take")
    assert "Devolver" in desk.get(desk.thread).text
    far = (day + timedelta(days=300)).isoformat()
    for wrong in ({"date": far}, {"amount": "0"}, {"amount": "99999999"}, {"loan": "77"}, {"date": "ayer"}):
        answer = desk.act("acts/promise", **(promise | wrong))
        assert (answer.status_code, 'role="alert"' in answer.text) == (422, True), wrong
    assert desk.act("acts/ghost").status_code == 404
    for _ in range(2):
        assert desk.act("acts/promise", **promise).status_code == 303
    assert [entry.actor for entry in ana.ledger("promise.made")] == ["agent:1"], "once"
    assert desk.act("acts/payment", **promise | {"date": day.isoformat()}).status_code == 303
    assert desk.act("acts/preference", start="18:00", end="20:00").status_code == 303
    assert desk.act("acts/preference", start="20:00", end="18:00").status_code == 422
    for name in ("dispute", "hardship"):
        assert desk.act(f"acts/{name}", loan=str(ana.loan)).status_code == 303
    for _ in range(2):
        assert desk.act("call", borrower="1", outcome="no_answer", key="k").status_code == 303
    assert desk.act("call", borrower="99", outcome="no_answer").status_code == 422
    assert desk.act("acts/stop").status_code == 303
    page = desk.get(desk.thread).text
    assert "acts/resume" in page
    kinds = ("payment.reported", "preference.recorded", "dispute.opened", "hardship.reported")
    for kind in (*kinds, "contact.recorded", "optout.recorded"):
        assert [entry.actor for entry in ana.ledger(kind)] == ["agent:1"], kind


def test_a_case_has_an_owner_a_deadline_and_an_outcome(ana: Talk) -> None:
    desk, other, chief = (Desk(ana, f"{name}@b.mx") for name in ("agent", "otra", "supervisor"))
    desk.act("take")
    day = ana.services.clock.now().date().isoformat()
    desk.act("acts/payment", loan=str(ana.loan), amount="200", date=day)
    (case,) = ana.rows(Task, Task.kind == "payment_reported")
    assert case.due_at > ana.services.clock.now()
    for queue, shown in (("open", True), ("payments", True), ("deadline", True), ("mine", False)):
        page = desk.get(f"/console/tasks?queue={queue}").text
        assert (f'id="task{case.id}"' in page) is shown, queue
    assert "Ana López" in page or "$200.00" in desk.get("/console/tasks").text
    act = f"/console/tasks/{case.id}"
    assert desk.post(f"{act}/take").status_code == 302
    other.post(f"{act}/take")
    assert ana.rows(Task, Task.id == case.id)[0].agent_id == 1
    chief.post(f"{act}/take")
    assert ana.rows(Task, Task.id == case.id)[0].agent_id == 2
    assert desk.post(f"{act}/done", outcome="ghost").status_code == 400
    assert desk.post(f"{act}/done", outcome="not_needed", notified="on").status_code == 302
    (done,) = ana.rows(Task, Task.id == case.id)
    assert (done.outcome, done.done_by, done.notified_at is not None) == ("not_needed", "agent:1", True)
    assert f'id="task{case.id}"' in desk.get("/console/tasks?queue=done").text
    assert desk.get("/console/tasks?queue=ghost&after=-5").status_code == 200
    assert desk.post("/console/tasks/999/decide").status_code == 404


def test_a_person_decides_whether_two_reports_are_the_same_money(ana: Talk) -> None:
    now = ana.services.clock.now()
    for reference, source in (("R1", "api"), ("", "file")):
        receive_payment(ana.services, "L1", Reported(source, "spei", reference, 20_000, now, "lender:test"))
    (case,) = ana.rows(Task, Task.kind == "same_money")
    desk = Desk(ana, "agent@b.mx")
    page = desk.get("/console/tasks?queue=payments").text
    assert "$200.00" in page
    before = ana.rows(Task, Task.id == case.id)[0].done_at
    assert desk.post(f"/console/tasks/{case.id}/decide", same_as="").status_code == 302
    (done,) = ana.rows(Task, Task.id == case.id)
    assert (before, done.done_by, done.outcome) == (None, "agent:1", "solved")
    assert len(ana.ledger("payment.posted")) == 2
    assert desk.post(f"/console/tasks/{case.id}/decide", same_as="").status_code == 302, "once"
    assert len(ana.ledger("payment.posted")) == 2


def test_a_manager_logs_in_with_a_code_that_works_once(ana: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    accounts.add_agent(ana.services, "manager@b.mx", "manager", PASSWORD, "Marisol Uno")
    monkeypatch.setattr(guard, "is_required", lambda _, agent: agent.role == "manager")
    at, first = system_now(), Desk(ana)
    monkeypatch.setattr("bot.console.session.system_now", lambda: at)
    assert first.log_in("manager@b.mx").status_code == 302
    assert first.get("/console/reports").headers["Location"] == "/console/second-factor"
    page = first.get("/console/second-factor").text
    secret = re.search(r'class="secret">([A-Z2-7]+)<', page)
    assert secret is not None
    app = TOTP(base64.b32decode(secret[1]), 6, SHA1(), 30)
    assert first.post("/console/second-factor", code="000000").status_code == 422
    code = app.generate(int(at.timestamp())).decode()
    assert first.post("/console/second-factor", code=code).headers["Location"] == "/console/today"
    assert first.get("/console/reports").status_code == 200
    second = Desk(ana)
    half = second.log_in("manager@b.mx")
    assert (half.status_code, 'name="code"' in half.text) == (401, True)
    assert second.get("/console/today").status_code == 302
    form_token = re.search(r'name="csrf" value="([^"]+)"', half.text)
    assert form_token is not None
    for tried, status in (("123", 401), (code, 401), (app.generate(int(at.timestamp()) + 30).decode(), 302)):
        assert second.post("/console/login", form_token[1], code=tried).status_code == status
    assert second.get("/console/today").status_code == 200
    trail = second.get("/console/audit?q=second_factor").text
    assert "agent.second_factor_set" in trail
    assert "agent.added" not in trail
    assert Desk(ana, "agent@b.mx").get("/console/audit").status_code == 403
    accounts.reset_second_factor(ana.services, "manager@b.mx", "cli:test")
    assert second.get("/console/today").status_code == 302
    assert Desk(ana).log_in("manager@b.mx").status_code == 302


def test_complaints_are_exported_without_names(ana: Talk) -> None:
    desk = Desk(ana, "agent@b.mx")
    desk.act("take")
    desk.act("acts/dispute", loan=str(ana.loan))
    found = Desk(ana, "auditor@b.mx").get("/console/audit/redeco.csv")
    assert ("dispute.opened" in found.text, "L1" in found.text, "Ana" in found.text) == (True, True, False)
    for wrong in ("from=ayer", "from=0001-01-01&to=9999-12-31", "to=0001-01-01"):
        assert Desk(ana, "auditor@b.mx").get(f"/console/audit/redeco.csv?{wrong}").status_code == 200


def test_ready_replies_speak_of_the_debt_only_to_the_borrower(ana: Talk) -> None:
    desk = Desk(ana, "agent@b.mx")
    desk.act("take")

    def ready() -> str:
        return html.unescape(" ".join(re.findall(r'data-canned="([^"]*)"', desk.get(desk.thread).text)))

    proved = ready()
    assert "soy Agent, de" in proved
    assert re.search(r"Ana.*\$[\d,]+\.\d\d", proved)
    with write_tx(ana.services.engine) as connection:
        connection.execute(update(contact_point_table).values(status="unverified", confirmed_at=None))
        connection.execute(update(conversation_table).values(borrower_id=None))
    assert "soy Agent, de" in (unproved := ready())
    assert not re.search(r"\$|Ana", unproved)
