"""Several agents at one desk: who has what open, what is given to whom, saved views, and who did what."""

from datetime import datetime
from types import SimpleNamespace

import pytest
from sqlalchemy import Engine, update

from bot import audit, handoff
from bot.console.access import accounts, seen
from bot.console.agents.views import MOST
from bot.jobs.sweeps import LANES, SWEEPS
from bot.jobs.worker import LANE_IDLE_SECONDS
from models import Agent, AuditEntry, Borrower, SavedView, write_tx
from tests.desk import PASSWORD, Desk, owner, waiting_for_a_person
from tests.services import make_test_services
from tests.talk import Talk


@pytest.fixture
def ana(sqlite_engine: Engine, now: datetime) -> Talk:
    return waiting_for_a_person(sqlite_engine, now)


def agent_id(ana: Talk, email: str) -> int:
    (row,) = ana.rows(Agent, Agent.email == email)
    return int(row.id)


def test_colleagues_see_who_has_it_open_and_who_writes(ana: Talk) -> None:
    here, other = Desk(ana, "agent@b.mx"), Desk(ana, "otra@b.mx")
    tag = here.get(f"{here.thread}/live").headers["ETag"]
    assert other.post("/console/presence", conversation=str(ana.conversation)).status_code == 204
    news = here.get(f"{here.thread}/live", **{"If-None-Match": tag})
    assert "Otra Dos la tiene abierta" in news.text
    other.post("/console/presence", conversation=str(ana.conversation), typing="1")
    assert "Otra Dos está escribiendo" in here.get(f"{here.thread}/live").text
    assert "Otra Dos" not in other.get(f"{here.thread}/live").text.split("</h1>")[1].split("</p>")[0]
    other.post("/console/presence", conversation=str(ana.conversation), gone="1")
    assert "Otra Dos está" not in here.get(f"{here.thread}/live").text
    other.post("/console/presence", conversation=str(ana.conversation))
    ana.advance(minutes=2)
    assert "Otra Dos la" not in here.get(f"{here.thread}/live").text, "a page that went silent is gone"


def test_who_has_no_name_is_shown_by_address(ana: Talk) -> None:
    desk = Desk(ana, "agent@b.mx")
    with write_tx(ana.services.engine) as connection:
        connection.execute(update(Agent).values(name=""))
    desk.act("take")
    assert "Una persona tomó la conversación · agent@b.mx" in desk.get(desk.thread).text
    assert "agent@b.mx" in desk.get(f"/console/loans/{ana.loan}/ledger").text.partition("<main")[2]


def test_what_waits_is_given_to_who_is_there_and_has_room(ana: Talk) -> None:
    desk, chief = Desk(ana, "agent@b.mx"), Desk(ana, "supervisor@b.mx")
    me = agent_id(ana, "agent@b.mx")
    desk.post("/console/presence", conversation="")
    assert handoff.assign_waiting(ana.services) == 0, "nobody is given anything without a capacity"
    assert desk.post(f"/console/team/{me}", capacity="2").status_code == 403
    assert chief.post(f"/console/team/{me}", capacity="0").status_code == 422
    for hours, given in ((("08:00", "09:00"), 0), (("08:00", "18:00"), 1)):
        form = dict(zip(("works_from", "works_until"), hours, strict=True))
        saved = chief.post(f"/console/team/{me}", capacity="2", **form)
        assert saved.status_code == 303
        assert "Se guardaron el cupo" in chief.get(saved.headers["Location"]).text
        assert handoff.assign_waiting(ana.services) == given
    assert (owner(ana).handler, owner(ana).agent_id) == ("agent", me)
    assert "Agent Uno" in desk.get(desk.thread).text.split('class="mark"')[-1], "who has it, by name"
    assert handoff.assign_waiting(ana.services) == 0
    team = chief.get("/console/team").text
    assert "En el escritorio" in team
    assert 'value="18:00"' in team
    assert desk.get("/console/team").status_code == 403


def test_what_waits_is_given_within_five_seconds_of_the_clock() -> None:
    """The longest way: it came just after a tick, in a lane that had just been looked at."""
    given = SWEEPS["assign_waiting"]
    assert LANES[given.lane] == ["assign_waiting", "release_silent"], "nothing slow goes before it"
    assert given.every_seconds + LANE_IDLE_SECONDS <= 4, "a second is left for the work"


def test_a_view_is_kept_by_its_name_for_its_agent_alone(ana: Talk) -> None:
    desk = Desk(ana, "agent@b.mx")
    for urgency in ("2", "3"):
        kept = desk.post("/console/views", name=" Lo  urgente ", urgency=urgency, queue="all", after="x")
    assert kept.headers["Location"].endswith("?queue=all&urgency=3")
    (view,) = ana.rows(SavedView)
    assert (view.name, view.asked) == ("Lo urgente", {"queue": "all", "urgency": "3"})
    assert "Lo urgente" in desk.get("/console/").text
    other = Desk(ana, "otra@b.mx")
    assert "Lo urgente" not in other.get("/console/").text
    other.post(f"/console/views/{view.id}/delete")
    assert ana.rows(SavedView)
    desk.post(f"/console/views/{view.id}/delete")
    assert not ana.rows(SavedView)


def test_a_view_beyond_those_that_are_kept_is_refused_with_its_name(ana: Talk) -> None:
    desk = Desk(ana, "agent@b.mx")
    for number in range(MOST):
        assert desk.post("/console/views", name=f"Vista {number}").status_code == 303
    refused = desk.post("/console/views", name="Una más", queue="all", urgency="2")
    assert (refused.status_code, len(ana.rows(SavedView))) == (422, MOST)
    assert f"{MOST} vistas" in refused.text
    for kept in ('value="Una más"', 'name="queue" value="all"', '<option value="2" selected'):
        assert kept in refused.text, kept
    assert desk.post("/console/views", name="Vista 3", urgency="1").status_code == 303, "replaces one"
    assert desk.post("/console/views", name="  ").status_code == 422


def test_a_refused_form_keeps_what_was_typed(ana: Talk) -> None:
    chief, agent = Desk(ana, "supervisor@b.mx"), Desk(ana, "agent@b.mx")
    wrong = {"capacity": "7", "works_from": "18:00", "works_until": "09:00"}
    refused = chief.post(f"/console/team/{agent_id(ana, 'agent@b.mx')}", **wrong)
    assert refused.status_code == 422
    for value in wrong.values():
        assert refused.text.count(f'value="{value}"') == 1, "in its own row alone"
    agent.act("take")
    wrong = {"loan": str(ana.loan), "amount": "quinientos", "date": "2026-12-01"}
    refused = agent.act("acts/promise", **wrong)
    assert refused.status_code == 422
    assert '<details id="act-promise" open>' in refused.text
    for value in ("quinientos", "2026-12-01"):
        assert refused.text.count(f'value="{value}"') == 1, value
    refused = agent.act("plan", loan=str(ana.loan), parts="3", amount="mil")
    assert (refused.status_code, refused.text.count('value="mil"')) == (422, 1)
    for path in ("reports?from=2026-11-09&to=2026-11-01", "reports/before-after?day=2026-11-09&days=900"):
        assert 'value="2026-11-09"' in agent.get(f"/console/{path}").text, path


def test_a_lender_without_loans_is_told_where_to_begin(sqlite_engine: Engine, now: datetime) -> None:
    services = make_test_services(sqlite_engine, now)
    accounts.add_agent(services, "jefa@b.mx", "manager", PASSWORD, "Jefa Uno")
    desk = Desk(SimpleNamespace(services=services, conversation=0), "jefa@b.mx")
    for path in (
        "",
        "tasks",
        "review",
        "tapes",
        "reports",
        "reports/before-after",
        "team",
        "rules",
        "audit",
        "search",
    ):
        assert desk.get(f"/console/{path}").status_code == 200, path
    today = desk.get("/console/today").text
    for words in ("Todavía no hay créditos", "avisa a quien opera el sistema", 'href="/console/tapes"'):
        assert words in today, words


@pytest.mark.parametrize("locale", ["es_MX", "en"])
def test_the_audit_trail_reads_in_words(ana: Talk, locale: str) -> None:
    chief = Desk(ana, "supervisor@b.mx")
    accounts.end_sessions(ana.services, "otra@b.mx", "cli:unknown")
    accounts.set_workload(ana.services, 1, 5, None, "18:00", f"agent:{agent_id(ana, 'supervisor@b.mx')}")
    chief.post("/console/language", locale=locale)
    page = chief.get("/console/audit").text.split("<tbody>")[1]
    for row in ana.rows(AuditEntry):
        assert row.action not in page
    assert "cli:" not in page
    assert "works_until" not in page
    assert "Supervisor Uno" in page
    for action in audit.ACTIONS:
        words = ana.services.wording.text(f"console.audit_{action.replace('.', '_')}", {}, locale)
        assert "." not in words
    for shown in seen.PAGES.values():
        assert ana.services.wording.text(f"console.audit_about_{shown.subject}", {"number": "1"}, locale)
    found = chief.get("/console/audit?q=" + ("cupo" if locale == "es_MX" else "capacity"))
    assert found.text.count("<tr>") == 2, "its head and one row: by the words that the page shows"
    chief.get("/console/conversations/1")
    chief.get(f"/console/loans/{ana.loan}/ledger")
    (person,) = ana.rows(Borrower)
    for asked in ("L1", person.name.split()[-1]):
        viewed = chief.get(f"/console/audit?q={asked}").text.split("<tbody>")[1]
        assert viewed.count("<tr>") == 2, "who saw what is known of a borrower"
        assert (person.name in viewed, "L1" in viewed) == (True, True)
