"""The agents' console, on both databases: who owns a conversation, what may be written, what becomes of
silence.
"""

import re
import threading
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, update

from bot import console, handoff
from bot.console.access import accounts
from bot.console.agents import thread
from bot.console.formatting import LANGUAGES, money
from bot.conversation import take_events
from bot.money import Reported
from bot.portfolio import receive_payment
from bot.reports import KPIS
from bot.understanding import INTENTS
from models import AuditEntry, Loan, Message, Task, write_tx
from models.inflow import RAILS
from models.task import TASK_KINDS
from tests.desk import PASSWORD, Desk, owner, waiting_for_a_person
from tests.talk import Talk, talk


@pytest.fixture
def ana(engine: Engine, now: datetime) -> Talk:
    """She waits for a person."""
    return waiting_for_a_person(engine, now)


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
    assert "vía: SPEI" in rows
    assert money(owed - 20_000) in rows, "what was owed after it"
    assert money(owed) in rows, "and before"
    assert "Pasó a una persona" not in rows
    first = Desk(ana, "agent@b.mx").get(f"/console/loans/{ana.loan}/ledger?before=2").text.split("<tbody>")[1]
    assert first.count("<tr ") == 1
    assert money(owed) in first, "the balance of that day"


def owed_now(ana: Talk) -> int:
    return int(ana.rows(Loan, Loan.id == ana.loan)[0].outstanding_centavos)


def test_reports_are_read_in_words_and_as_csv(ana: Talk) -> None:
    desk = Desk(ana, "auditor@b.mx")
    page = desk.get("/console/reports").text
    assert page.count('aria-current="page"') == 1, "one page is this one"
    for name, kpi in KPIS.items():
        assert f'id="report-{name}"' in page
        for column in (*kpi.dimensions, *kpi.extras):
            assert named_in(ana, f"console.column_{column}"), column
        for column in ("numerator", "denominator"):
            assert named_in(ana, f"reports.{name}_{column}"), (name, column)
    for rail in RAILS:
        assert named_in(ana, f"console.rail_{rail}")
    for name in KPIS:
        assert desk.get(f"/console/reports/{name}/behind").status_code == 200, name
    shown = desk.get("/console/reports/automation/behind").text
    assert f'href="/console/conversations/{ana.conversation}"' in shown
    assert desk.get("/console/reports/automation/behind.csv").text.splitlines()[1].endswith(",0,1")
    assert desk.get("/console/reports/recovery/behind?from=ayer").status_code == 400
    for asked, status in (("", 200), ("?day=2026-11-20&days=7", 200), ("?day=ayer", 400), ("?days=0", 400)):
        assert desk.get(f"/console/reports/before-after{asked}").status_code == status, asked
    for asked, going_on in (("?day=2026-10-01&days=7", False), ("?day=2026-11-20&days=30", True)):
        shown = desk.get(f"/console/reports/before-after{asked}").text
        assert ("aún le faltan días" in shown) == going_on, asked
    assert desk.get("/console/reports/before-after.csv").text.startswith("rail,before_centavos,")
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


def test_a_place_and_a_message_without_text_are_shown_as_such(ana: Talk) -> None:
    desk = Desk(ana, "agent@b.mx")
    for extra, shown in (
        ({"Latitude": "19.43", "Longitude": "-99.13"}, "geo:19.43,-99.13"),
        ({}, "sin texto</p>"),
    ):
        with write_tx(ana.services.engine) as connection:
            connection.execute(update(Message).where(Message.direction == "in").values(body="", extra=extra))
        page = desk.get(desk.thread).text
        assert shown in page
        assert '<span class="last">Mensaje sin texto</span>' in page


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
    assert "Te llamé y no pudimos hablar" in page
    asked_on = "/console/reports?from=2026-11-01&to=2026-11-20"
    for here, there in ((asked_on, asked_on), ("//b.mx/", "/console/"), ("https://b.mx/", "/console/")):
        assert desk.post("/console/language", locale="en", next=here).headers["Location"] == there
    assert "Recibimos tu mensaje" in desk.get(desk.thread).text.partition("Which invitation?")[2], (
        "as they will read it"
    )
    assert desk.act("invite", which="anything").status_code == 400
    assert "One was sent already" not in desk.get(desk.thread).text
    assert desk.act("invite", which="called").status_code == 303
    assert "One was sent already" in desk.get(desk.thread).text, "nobody is asked twice unawares"
    assert ana.ours()[-1].wording["lines"][0][0] == "agent.called"


def test_what_was_said_at_one_moment_stands_in_its_order(ana: Talk) -> None:
    page = Desk(ana, "agent@b.mx")
    thread = page.get(page.thread).text
    assert thread.index("quiero hablar con un asesor</p>") < thread.index("una persona de nuestro equipo")


def test_the_queue_is_searched_by_name_phone_and_loan(ana: Talk) -> None:
    desk = Desk(ana, "agent@b.mx")
    for wanted in ("ana l", "lopez", "LÓP an", "55 0000 0001", "0001", "000 001", "L1"):
        assert desk.thread in found(desk, wanted)
    assert desk.thread in found(desk, "hablar con un ASESOR")
    for nobody in ("zzz", "100%", "a_b", "9001"):
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
    desk = Desk(ana, "agent@b.mx")
    assert "1 día de atraso · vencido $600.00" in desk.get(desk.thread).text


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


def test_who_saw_a_borrower_or_took_a_file_is_audited_and_roles_read_what_they_need(ana: Talk) -> None:
    ana.say("mi rfc es GOMA850101AB1")
    accounts.add_agent(ana.services, "manager@b.mx", "manager", PASSWORD, "Marisol Uno")
    agent, manager, auditor = (Desk(ana, f"{role}@b.mx") for role in ("agent", "manager", "auditor"))
    phone = ana.phone
    seen = {name: desk.get(desk.thread).text for name, desk in (("agent", agent), ("manager", manager))}
    seen["auditor"] = auditor.get(auditor.thread).text
    assert {name: "GOMA850101AB1" in page for name, page in seen.items()} == {
        "agent": True,
        "manager": False,
        "auditor": False,
    }
    assert [phone in page for page in (seen["agent"], seen["manager"], seen["auditor"])] == [
        True,
        True,
        False,
    ]
    manager.get(manager.thread)  # once an hour
    manager.get("/console/reports/rails.csv")
    manager.get("/console/reports/rails.csv")
    rows = ana.rows(AuditEntry, AuditEntry.actor.startswith("agent:"))
    acts = [(row.actor, row.action, row.subject) for row in rows]
    ids = dict.fromkeys(actor for actor, _, _ in acts)
    viewed = ("borrower.viewed", f"conversation:{ana.conversation}")
    assert [act[1:] for act in acts] == [*[viewed] * 3, *[("report.exported", "report:rails")] * 2]
    assert len(ids) == 3
    trail = auditor.get("/console/audit?q=Abrió una").text
    assert trail.count("Abrió una conversación") == 3
    assert f'href="{manager.thread}"' in trail
