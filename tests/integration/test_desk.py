"""The desk, on both databases: queues, acts, cases, the manager's day, the second factor, the trail."""

import html
import re
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, insert, select, update

from bot import handoff, reports
from bot.console.access import accounts
from bot.handoff.assignment import give
from bot.money import Reported
from bot.portfolio import receive_payment
from bot.reports import kept
from models import Conversation, DailyFact, Task, contact_point_table, conversation_table, read_tx, write_tx
from tests.desk import PASSWORD, Desk, owner, waiting_for_a_person
from tests.statements import listening
from tests.talk import Talk

AT = datetime(2026, 11, 24, 16, tzinfo=UTC)


@pytest.fixture
def ana(engine: Engine, now: datetime) -> Talk:
    """She waits for a person."""
    return waiting_for_a_person(engine, now)


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


def test_what_waits_is_given_together_each_to_whoever_has_room(ana: Talk) -> None:
    row, now = conversation_table.c, ana.services.clock.now()
    agents = {each.name.split()[0]: each.id for each in accounts.list_agents(ana.services)}
    for name, email, capacity in (("Agent", "agent@b.mx", 25), ("Otra", "otra@b.mx", 10)):
        Desk(ana, email).post("/console/presence", conversation="")
        accounts.set_workload(ana.services, agents[name], capacity, None, None, "cli:test")
    given = {"channel": "whatsapp", "address": "x", "state": {}, "handler": "queue", "created_at": now}
    flood = [{"key": f"+5299{n:08d}", "urgency": n % 4, "queued_at": now, **given} for n in range(60)]
    with write_tx(ana.services.engine) as connection:
        connection.execute(insert(conversation_table), flood)
        stale = connection.execute(select(row.id, row.version).where(row.urgency == 3)).first()
    assert stale is not None
    assert give(ana.services, [(stale.id, stale.version + 1, agents["Otra"])], now) == 0, "it has changed"
    with listening(ana.services.engine) as statements:
        assert handoff.assign_waiting(ana.services) == 35
    assert len(statements) < 15, "however many there are"
    found = ana.rows(Conversation, row.handler == "agent")
    assert Counter(each.agent_id for each in found) == {agents["Agent"]: 25, agents["Otra"]: 10}
    assert min(each.urgency for each in found) >= 1, "the most urgent first"
    (fact,) = ana.ledger("handoff.taken")
    assert fact.data == {"conversation": ana.conversation, "agent": owner(ana).agent_id}
    assert handoff.assign_waiting(ana.services) == 0


def set_urgency(ana: Talk, urgency: int) -> None:
    with write_tx(ana.services.engine) as connection:
        connection.execute(update(Conversation).values(urgency=urgency))


def test_what_can_wait_is_put_off_handed_over_and_found_when_given_back(ana: Talk) -> None:
    desk, other, chief = (Desk(ana, f"{name}@b.mx") for name in ("agent", "otra", "supervisor"))
    listed = f'id="c{ana.conversation}"'
    until = (ana.services.clock.now() + timedelta(hours=3)).isoformat()
    assert desk.act("snooze", until="ayer").status_code == 422
    set_urgency(ana, 2)
    assert "Lo urgente no se pospone" in desk.act("snooze", until=until).text
    assert 'type="datetime-local"' not in desk.get(desk.thread).text
    set_urgency(ana, 1)
    assert 'type="datetime-local"' in desk.get(desk.thread).text
    local = (ana.services.clock.now() - timedelta(hours=3)).replace(tzinfo=None).isoformat(timespec="minutes")
    assert desk.act("snooze", until=local).status_code == 303, "as a browser gives it: the lender's own hour"
    assert owner(ana).snoozed_until == ana.services.clock.now() + timedelta(hours=3)
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
    assert [desk.act("assign", agent="4").status_code for _ in range(2)] == [303, 303], "its answer was lost"
    assert re.search(r"[\w ]+ pasó la conversación a [\w ]+", other.get(desk.thread).text)
    assert owner(ana).agent_id == 4
    assert listed in other.get("/console/?queue=mine").text
    released = [other.act("release", text="Paga hoy", key="k").status_code for _ in range(2)]
    assert (released, len(ana.rows(Task, Task.kind == "note"))) == ([303, 303], 1)
    assert len(ana.kinds("handoff.released")) == 1
    assert desk.act("release").status_code == 409, "it was not theirs"
    page = desk.get(desk.thread).text
    assert all(f'id="{name}"' in page for name in ("snooze", "assign")), "for who takes it from the bot here"
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


def test_a_large_portfolios_day_is_kept_and_true_within_a_minute(
    ana: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pay(reference: str) -> None:
        now = ana.services.clock.now()
        receive_payment(ana.services, "L1", Reported("api", "spei", reference, 30_000, now, "lender:test"))

    assert reports.keep_today(ana.services) == 0, "a small one is counted as it is asked for"
    monkeypatch.setattr(kept, "LARGE_LOANS", 1)
    ana.advance(minutes=1)
    pay("R1")
    at = ana.services.clock.now()
    with read_tx(ana.services.engine) as connection:
        counted = reports.today(connection, at)
    assert [reports.keep_today(ana.services) for _ in range(2)] == [1, 1]
    reports.keep_facts(ana.services)
    desk = Desk(ana, "supervisor@b.mx")
    first = desk.get("/console/today/live")
    assert "Cifras al corte" not in first.text, "of this very moment"
    pay("R2")
    ana.advance(seconds=40)
    with read_tx(ana.services.engine) as connection:
        assert reports.kept_today(connection, ana.services.clock.now()) == counted
    page = desk.get("/console/today").text
    assert (page.count("$300.00") >= 3, "Cifras al corte de las" in page) == (True, True)
    same = desk.get("/console/today/live", **{"If-None-Match": first.headers["ETag"]})
    assert same.status_code == 304
    ana.advance(seconds=30)
    late = desk.get("/console/today").text
    assert (late.count("$600.00") >= 3, "Cifras al corte" in late) == (True, False), "no sweep came by"
    ana.advance(days=1)
    reports.keep_today(ana.services)
    assert len(ana.rows(DailyFact, DailyFact.kpi == "today")) == 1


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
    too_much = desk.act("acts/promise", **(promise | {"amount": "99999999"}))
    assert re.search(r"de \$[\d.]+ a \$[\d,.]+, lo que se debe", too_much.text)
    for act in ("acts/promise", "acts/payment", "plan"):
        unread = desk.act(act, **(promise | {"amount": "500,50", "parts": "2"}))
        assert (unread.status_code, "1,200.50" in unread.text) == (422, True), act
    assert desk.act("acts/ghost").status_code == 404
    for _ in range(2):
        assert desk.act("acts/promise", **promise).status_code == 303
    assert [entry.actor for entry in ana.ledger("promise.made")] == ["agent:1"], "once"
    paid = promise | {"date": day.isoformat(), "key": "k1"}
    for _ in range(2):
        assert desk.act("acts/payment", **paid).status_code == 303
    assert desk.act("acts/preference", start="18:00", end="20:00").status_code == 303
    assert desk.act("acts/preference", start="20:00", end="18:00").status_code == 422
    for name in ("dispute", "hardship"):
        for _ in range(2):  # the answer to the first was lost
            assert desk.act(f"acts/{name}", loan=str(ana.loan), key="k2").status_code == 303
    held = desk.act("acts/promise", **(promise | {"amount": "100", "key": "k3"}))
    assert (held.status_code, "detenido" in held.text) == (422, True), "a debt that is disputed"
    for _ in range(2):
        assert desk.act("call", borrower="1", outcome="no_answer", key="k").status_code == 303
    assert desk.act("call", borrower="99", outcome="no_answer").status_code == 422
    assert re.search(r"Llamada · [\w ]+ · No contestó", desk.get(desk.thread).text)
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
    refused = other.post(f"{act}/take")
    assert (refused.status_code, "Ya lo tiene Agent Uno" in refused.text) == (409, True)
    assert ana.rows(Task, Task.id == case.id)[0].agent_id == 1
    chief.post(f"{act}/take")
    assert ana.rows(Task, Task.id == case.id)[0].agent_id == 2
    assert desk.post(f"{act}/done", outcome="ghost").status_code == 400
    assert desk.post(f"{act}/done", outcome="not_found", notified="on").status_code == 302
    (done,) = ana.rows(Task, Task.id == case.id)
    assert (done.outcome, done.done_by, done.notified_at is not None) == ("not_found", "agent:1", True)
    late = other.post(f"{act}/done", outcome="found")
    assert (late.status_code, "Ya lo cerró Agent Uno: No se encontró" in late.text) == (409, True)
    assert desk.post(f"{act}/done", outcome="not_found").status_code == 302, "its answer was lost"
    assert desk.post("/console/tasks/999/done", outcome="solved").status_code == 404
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
    assert ("$200.00" in page, f"/tasks/{case.id}/done" in page) == (True, False)
    assert desk.post(f"/console/tasks/{case.id}/done", outcome="solved").status_code == 400, "it is decided"
    before = ana.rows(Task, Task.id == case.id)[0].done_at
    assert desk.post(f"/console/tasks/{case.id}/decide", same_as="").status_code == 302
    (done,) = ana.rows(Task, Task.id == case.id)
    assert (before, done.done_by, done.outcome) == (None, "agent:1", "solved")
    assert len(ana.ledger("payment.posted")) == 2
    assert desk.post(f"/console/tasks/{case.id}/decide", same_as="").status_code == 302, "once"
    assert len(ana.ledger("payment.posted")) == 2


def test_complaints_are_exported_without_names(ana: Talk) -> None:
    desk = Desk(ana, "agent@b.mx")
    desk.act("take")
    desk.act("acts/dispute", loan=str(ana.loan))
    found = Desk(ana, "auditor@b.mx").get("/console/audit/redeco.csv")
    assert ("dispute.opened" in found.text, "L1" in found.text, "Ana" in found.text) == (True, True, False)
    for wrong in ("from=ayer", "from=0001-01-01&to=9999-12-31", "to=0001-01-01"):
        auditor = Desk(ana, "auditor@b.mx")
        assert auditor.get(f"/console/audit/redeco.csv?{wrong}").status_code == 422
        assert "no se puede leer" in auditor.get(f"/console/audit?{wrong}").text


def test_ready_replies_speak_of_the_debt_only_to_the_borrower(ana: Talk) -> None:
    desk = Desk(ana, "agent@b.mx")
    desk.act("take")

    def ready() -> str:
        return html.unescape(" ".join(re.findall(r'data-canned="([^"]*)"><b>', desk.get(desk.thread).text)))

    proved = ready()
    assert "soy Agent, de" in proved
    assert re.search(r"Ana.*\$[\d,]+\.\d\d", proved)
    assert "¿Qué día lo cubres?" in proved, "firm words are another choice"
    with write_tx(ana.services.engine) as connection:
        connection.execute(update(contact_point_table).values(status="unverified", confirmed_at=None))
        connection.execute(update(conversation_table).values(borrower_id=None))
    assert "soy Agent, de" in (unproved := ready())
    assert not re.search(r"\$|Ana", unproved)
