"""What the bot does for an agent: it answers what was left, and shows before what it would write."""

import re
from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import Engine, insert, update

from bot.conversation import take_events
from bot.jobs.sweeps import SWEEPS
from bot.lender.policy import SupervisorTable
from models import Agent, Conversation, Task, message_table, page_file_table, write_tx
from tests.desk import Desk, owner, waiting_for_a_person
from tests.mandates import add_mandate
from tests.talk import Talk


@pytest.fixture
def ana(sqlite_engine: Engine, now: datetime) -> Talk:
    return waiting_for_a_person(sqlite_engine, now)


@pytest.fixture
def desk(ana: Talk) -> Desk:
    found = Desk(ana, "agent@b.mx")
    found.act("take")
    return found


def given_back(ana: Talk, desk: Desk, **form: str) -> list[str]:
    """What the bot wrote then."""
    before = len(ana.ours())
    assert desk.act("release", outcome="answered", **form).status_code == 303
    take_events(ana.services)
    ana.send()
    return [row.body for row in ana.ours()[before:]]


def test_given_back_the_bot_answers_what_was_left_and_shows_it_before(ana: Talk, desk: Desk) -> None:
    assert 'name="answer"' not in desk.get(desk.thread).text
    ana.say("¿cuánto debo?")
    ana.say("¿y a qué cuenta pago?")
    page = desk.get(desk.thread).text
    assert "Sin respuesta tuya: «¿cuánto debo? / ¿y a qué cuenta pago?»" in page
    assert page.count('name="answer"') == 2, "and neither is chosen before the agent does"
    assert "checked" not in page.partition('id="release"')[2]
    (answer,) = given_back(ana, desk, answer="bot")
    assert "$600.00" in answer
    assert "CLABE" in answer
    assert answer.splitlines()[0] in page
    assert owner(ana).handler == "bot"


def test_what_was_settled_otherwise_is_not_answered(ana: Talk, desk: Desk) -> None:
    ana.say("quiero hablar con una persona")
    assert given_back(ana, desk, answer="settled") == []
    assert owner(ana).handler == "bot"


def test_what_protects_somebody_is_done_once(ana: Talk, desk: Desk) -> None:
    ana.say("no reconozco este préstamo, es un fraude")
    opened = ana.kinds("dispute")
    given_back(ana, desk, answer="bot")
    assert opened
    assert ana.kinds("dispute") == opened
    assert owner(ana).handler == "bot", "its case goes on"
    assert [task.kind for task in ana.rows(Task)] == ["dispute"]


def test_a_debit_that_was_ended_is_told_as_ended(ana: Talk, desk: Desk) -> None:
    with write_tx(ana.services.engine) as connection:
        add_mandate(connection, ana.loan)
    ana.say("cancelen la domiciliación")
    (answer,) = given_back(ana, desk, answer="bot")
    assert "quedó cancelado desde que lo pediste" in answer


@pytest.mark.parametrize("besides", ["", "¿cuánto debo?"])
def test_a_charge_that_was_called_off_is_told_and_the_debit_stays(
    ana: Talk, desk: Desk, besides: str
) -> None:
    with write_tx(ana.services.engine) as connection:
        add_mandate(connection, ana.loan, provider="fake")
    for name in ("charge_plan", "charge_notify"):
        SWEEPS[name].run(ana.services)
    ana.say("ya no me lo cobren, yo pago")
    if besides:
        ana.say(besides)
    (answer,) = given_back(ana, desk, answer="bot")
    assert "ese cargo no se hará" in answer
    assert ("$600.00" in answer) == bool(besides)
    assert "charge.cancelled" in ana.kinds("charge")
    assert ana.kinds("mandate") == []


def test_all_that_was_done_meanwhile_is_told(ana: Talk, desk: Desk) -> None:
    with write_tx(ana.services.engine) as connection:
        add_mandate(connection, ana.loan)
    ana.say("ya no autorizo que me descuenten")
    ana.say("quítenme de su sistema de cobros")
    (answer,) = given_back(ana, desk, answer="bot")
    assert "quedó cancelado desde que lo pediste" in answer
    assert "ya no te enviaremos mensajes" in answer


def test_a_plan_within_policy_is_one_click_and_what_is_beyond_it_a_supervisors(ana: Talk, desk: Desk) -> None:
    ana.say("gracias")
    page = desk.get(desk.thread).text
    assert 'name="parts" value="2"' in page
    far = desk.act("plan", loan=str(ana.loan), parts="40")
    assert "ya lo tiene supervisión" in far.text
    (case,) = ana.rows(Task, Task.kind == "plan_approval")
    assert case.data["wish"]["parts"] == 40
    assert len(case.data["offer"]["parts"]) == 4, "the nearest that may be granted"
    assert desk.post(f"/console/tasks/{case.id}/approve").status_code == 403
    assert "números" in desk.act("plan", loan=str(ana.loan), parts="dos").text
    assert desk.act("plan", loan=str(ana.loan), parts="2", frequency="semimonthly").status_code == 303
    take_events(ana.services)
    ana.send()
    assert owner(ana).handler == "bot"
    assert "¿Estás de acuerdo?" in ana.ours()[-1].body
    ana.say("sí")
    assert ana.kinds("plan") == ["plan.offered", "plan.agreed"]


def test_what_is_approved_goes_to_the_bot_from_the_agent_who_asked_for_it(ana: Talk, desk: Desk) -> None:
    ana.say("gracias")
    desk.act("plan", loan=str(ana.loan), parts="40")
    (case,) = ana.rows(Task, Task.kind == "plan_approval")
    lead, agents = Desk(ana, "supervisor@b.mx"), {row.email: str(row.id) for row in ana.rows(Agent)}
    lead.act("assign", agent=agents["otra@b.mx"])
    held = lead.post(f"/console/tasks/{case.id}/approve?queue=open")
    assert (held.status_code, "Otra persona del equipo" in held.text) == (422, True)
    assert "Se pidió: 40 pagos" in held.text
    lead.act("assign", agent=agents["agent@b.mx"])
    assert lead.post(f"/console/tasks/{case.id}/approve?queue=open").status_code == 302
    assert owner(ana).handler == "bot"


def test_what_is_sent_again_because_its_answer_was_lost_is_done_once(ana: Talk, desk: Desk) -> None:
    for text in ("Llama el lunes", "Llama el lunes", "Llama el martes"):
        assert desk.act("note", text=text, key="k").status_code == 303
        assert desk.act("send-page", key="k").status_code == 303
        called = {"borrower": "1", "outcome": "answered", "text": "Paga el viernes", "follow_up": "on"}
        assert desk.act("call", **called, key="k").status_code == 303
    assert [task.data["text"] for task in ana.rows(Task)] == [
        "Llama el lunes",
        "Paga el viernes",
        "Llama el martes",
    ]
    assert len([row for row in ana.ours() if row.author == "agent"]) == 1
    assert len(ana.ledger("contact.recorded")) == 1


@pytest.mark.parametrize("wish", [("plan", {"parts": "2", "frequency": "semimonthly"}), ("debit", {})])
def test_what_an_agent_puts_to_a_borrower_is_put_once(
    ana: Talk, desk: Desk, wish: tuple[str, dict[str, str]]
) -> None:
    ana.say("gracias")
    before, taken = len(ana.ours()), ana.kinds("handoff.taken")
    assert desk.act("take").status_code == 303
    assert ana.kinds("handoff.taken") == taken, "it is theirs already"
    for _ in range(2):
        assert desk.act(wish[0], loan=str(ana.loan), key="k", **wish[1]).status_code == 303
        take_events(ana.services)
        ana.send()
    assert len(ana.ours()) == before + 1


def test_a_supervisor_grants_more_than_the_bot_within_limits_of_their_own(ana: Talk, desk: Desk) -> None:
    table = ana.services.lender.policy.plan
    assert table is not None
    wider = table.model_copy(update={"supervisor": SupervisorTable(min_part_pesos="100", max_days=200)})
    policy = ana.services.policy
    offers = replace(policy.offers, plan=wider.value())
    ana.services.__dict__["policy"] = replace(policy, offers=offers)
    ana.say("gracias")
    wish = {"loan": str(ana.loan), "parts": "6", "frequency": "monthly"}
    assert "ya lo tiene supervisión" in desk.act("plan", **wish).text
    (case,) = ana.rows(Task, Task.kind == "plan_approval")
    assert len(case.data["offer"]["parts"]) == 6, "what was wished waits for a yes"
    lead = Desk(ana, "supervisor@b.mx")
    lead.act("take", from_another="1")
    assert "hasta 6 pagos en 200 días" in lead.get(lead.thread).text
    far = lead.act("plan", **wish | {"parts": "7"})
    assert "ya lo tiene supervisión" in far.text, "nobody grants more than that"
    assert lead.act("plan", **wish).status_code == 303
    take_events(ana.services)
    ana.send()
    assert "6 pagos" in ana.ours()[-1].body
    ana.say("sí")
    assert ana.kinds("plan") == ["plan.offered", "plan.agreed"]


def test_the_bot_asks_for_a_direct_debit_where_an_agent_wants_it(ana: Talk, desk: Desk) -> None:
    ana.say("gracias")
    assert desk.act("debit", loan=str(ana.loan)).status_code == 303
    take_events(ana.services)
    ana.send()
    assert "CLABE" in ana.ours()[-1].body
    desk.act("take")
    ana.advance(hours=25)
    assert desk.act("debit", loan=str(ana.loan)).status_code == 422, "the window is closed"
    assert owner(ana).handler == "agent"


def test_the_bot_suggests_replies_that_record_nothing(ana: Talk, desk: Desk) -> None:
    ana.say("¿cuánto debo?")
    page = desk.get(desk.thread).text
    shown = re.findall(r'<li><button class="ghost" type="button" data-canned="[^"]*" title="([^"]*)"', page)
    assert len(shown) == 3
    assert "$600.00" in shown[0]
    assert all("/m/" not in text for text in shown), "no link to somebody's own page"
    assert "Saber cuánto debo" in page.partition("En resumen")[2].partition("</section>")[0]
    assert "1 sin respuesta" in page
    before = ana.ledger()
    desk.get(f"{desk.thread}/live")
    assert ana.ledger() == before
    assert "Qué día lo cubres" in page
    desk.act("acts/dispute", loan=str(ana.loan))
    held = desk.get(desk.thread).text
    assert ('id="suggested"' in held, "Qué día lo cubres" in held) == (False, False), "nothing is asked for"


def test_words_that_only_an_act_makes_true_are_not_suggested(ana: Talk, desk: Desk) -> None:
    given_back(ana, desk)
    ana.say("te pago 600 el viernes")
    desk.act("take")
    ana.say("sí")
    page = desk.get(desk.thread).text
    answer = page.partition('class="preview"')[2].partition("</blockquote>")[0].strip(">")
    suggested = page.partition('id="suggested"')[2].partition("</details>")[0]
    assert "viernes 27" in answer
    assert answer.splitlines()[0] not in suggested
    assert ana.kinds("promise") == []


def test_nothing_of_a_debt_is_suggested_for_a_stranger(sqlite_engine: Engine, now: datetime) -> None:
    ana = waiting_for_a_person(sqlite_engine, now)
    with write_tx(sqlite_engine) as connection:
        connection.execute(update(Conversation).values(borrower_id=None))
    desk = Desk(ana, "agent@b.mx")
    desk.act("take")
    ana.say("¿cuánto debo?")
    page = desk.get(desk.thread).text
    suggested = page.partition('class="suggested"')[2].partition("</ul>")[0]
    assert "$" not in suggested
    assert "asistente virtual" not in suggested, "a person does not introduce themselves as the bot"


def test_the_panel_holds_what_an_agent_needs_to_know(ana: Talk, desk: Desk) -> None:
    desk.act("note", text="Llamarle el viernes", follow_up="on")
    page = desk.get(desk.thread).text.partition('data-partial="borrower_panel"')[2]
    cases = page.partition("Casos abiertos")[2].partition("</section>")[0]
    assert "Llamarle el viernes" in cases
    points = page.partition("Por dónde se le llega")[2].partition("</section>")[0]
    assert ana.phone in points
    assert "confirmado" in points
    behind = desk.get(f"{desk.thread}/background").text
    for words in ("Lo que sigue", "Lo que ha pasado", "Pasó a una persona"):
        assert words in behind
    assert desk.get("/console/conversations/999999/background").status_code == 404


def test_a_picture_is_shown_as_a_picture_and_any_other_file_is_saved(ana: Talk, desk: Desk) -> None:
    base = f"{ana.services.settings.public_url}/console/files/"
    media = []
    with write_tx(ana.services.engine) as connection:
        for content_type in ("image/png", "application/pdf"):
            row = {"borrower_id": ana.borrower, "content": b"...", "content_type": content_type}
            row["created_at"] = ana.services.clock.now()
            (kept,) = connection.execute(insert(page_file_table).values(row)).inserted_primary_key
            media.append({"url": f"{base}{kept}", "content_type": content_type})
        connection.execute(update(message_table).where(message_table.c.direction == "in").values(media=media))
    page = desk.get(desk.thread).text
    assert page.count('<img src="/console/files/') == 1
    picture = desk.get("/console/files/1/shown")
    assert picture.headers["Content-Disposition"] == "inline"
    assert "sandbox" in picture.headers["Content-Security-Policy"]
    assert picture.headers["X-Content-Type-Options"] == "nosniff"
    assert desk.get("/console/files/2/shown").status_code == 404
    assert "attachment" in desk.get("/console/files/2").headers["Content-Disposition"]
