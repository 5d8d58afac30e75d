"""What the lender tunes: proposed, checked, previewed, approved by a second person, rolled back; over the
console, on both databases.
"""

import re
from collections.abc import Callable
from datetime import datetime
from html import unescape
from threading import Barrier, Event
from typing import cast

import pytest
from sqlalchemy import Engine, insert, update

from bot.channels.twilio import ask_undecided, check_templates
from bot.channels.twilio.client import TwilioTransport
from bot.console.access import accounts
from bot.revisions import rereading
from models import AuditEntry, Revision, StrategyVersion, template_table, write_tx
from tests.desk import PASSWORD, Desk, waiting_for_a_person
from tests.talk import Talk

POLICY = (
    "[policy]\npromise_max_days = 9\n\n[policy.plan]\nmax_parts = 3\nmax_days = 60\nfirst_within_days = 10\n"
)
POLICY += 'min_part_pesos = "200.00"\nfrequencies = ["weekly"]\n'
WORDING = '[wording.es_MX]\n"answer.yes" = "Sí, soy yo"\n'
TOPICS = '[[topics]]\nname = "office"\nexamples = ["donde esta su oficina", "a que hora abren la sucursal"]\n'
TOPICS += 'answer = "Estamos en Reforma 1."\n'


@pytest.fixture
def ana(engine: Engine, now: datetime) -> Talk:
    ana = waiting_for_a_person(engine, now)
    for name in ("uno", "dos"):
        accounts.add_agent(ana.services, f"{name}@b.mx", "manager", PASSWORD, f"Gerencia {name.title()}")
    return ana


def text_of(desk: Desk, path: str) -> str:
    found = re.search(r"<textarea[^>]*>(.*?)</textarea>", desk.get(path).text, re.DOTALL)
    assert found is not None
    return unescape(found[1])


def propose(desk: Desk, path: str, body: str) -> str:
    answer = desk.post(f"{path}/edit", body=body, why="para probar", propose="yes")
    assert answer.status_code == 303, answer.text
    return answer.location


def test_a_change_is_in_force_once_a_second_person_approved_it_and_is_rolled_back(ana: Talk) -> None:
    one, two = Desk(ana, "uno@b.mx"), Desk(ana, "dos@b.mx")
    path, before = "/console/rules/policy/policy", ana.services.lender.policy
    assert "promise_max_days = 15" in text_of(one, f"{path}/edit")
    checked = one.post(f"{path}/edit", body=POLICY, check="yes")
    assert checked.status_code == 200
    assert "<ins>promise_max_days = 9</ins>" in checked.text
    assert "<del>promise_max_days = 15</del>" in checked.text
    assert "hasta 3 pagos" in checked.text  # what Ana's loan could get
    unexplained = one.post(f"{path}/edit", body=POLICY, propose="yes", why=" ")
    assert (unexplained.status_code, "Escribe por qué" in unexplained.text) == (422, True)
    made = propose(one, path, POLICY)
    assert "para probar" in two.get("/console/rules").text
    own = one.post(f"{made}/approve")
    assert own.status_code == 409
    assert "no lo puede aprobar" in own.text
    assert ana.services.lender.policy == before
    assert two.post(f"{made}/approve").status_code == 303
    assert ana.services.lender.terms.promise_max_days == 9
    assert ana.services.policy.promise_max_days == 9
    assert "Versión 1" in one.get(path).text
    # Back to the file's own text, which needs a second person too.
    back = text_of(two, f"{path}/edit?version=0")
    assert one.post(propose(two, path, back) + "/approve").status_code == 303
    assert ana.services.lender.policy == before
    acts = [(row.action, row.data.get("version")) for row in ana.rows(AuditEntry) if "revision" in row.action]
    assert acts == [
        ("revision.proposed", None),
        ("revision.approved", 1),
        ("revision.proposed", None),
        ("revision.approved", 2),
    ]


def test_words_and_topics_are_what_borrowers_read_next(ana: Talk) -> None:
    one, two = Desk(ana, "uno@b.mx"), Desk(ana, "dos@b.mx")
    for path, body in (("wording/wording", WORDING), ("topics/topics", TOPICS)):
        assert two.post(propose(one, f"/console/rules/{path}", body) + "/approve").status_code == 303
    assert ana.services.wording.text("answer.yes", {}, "es_MX") == "Sí, soy yo"
    assert ana.services.wording.text("topic.office", {}, "es_MX") == "Estamos en Reforma 1."
    assert list(ana.services.lender.facts.topics) == ["office"]
    assert "answer.yes" in one.get("/console/rules/wording/wording?q=soy yo").text


def test_many_examples_are_read_by_another_process_while_the_page_is_answered(
    ana: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, many = Desk(ana, "uno@b.mx"), "/console/rules/topics/topics/edit"
    begun, may_end = Barrier(2, timeout=60), Event()

    def tried() -> tuple[list[tuple[str, ...]], str]:
        page = desk.post(many, body=TOPICS, slowly="yes").text
        rows = re.findall(r"<th scope=\"row\">(.*?)</th><td>(.*?)</td><td>(.*?)</td>", page)
        words = ("Se están leyendo", "se están probando otros", "se detuvo")
        return rows, next((each for each in words if each in page), "")

    def by_process(both: str) -> list[rereading.Read]:
        begun.wait()
        may_end.wait(60)
        return run(both)

    here, run = tried(), rereading._by_process
    assert "office" in str(here[0])
    assert "data-asks" in desk.post(many, body=TOPICS).text  # the page asks for them by itself
    monkeypatch.setattr(rereading, "MANY", 0)
    monkeypatch.setattr(rereading, "LIMIT_SECONDS", 600)
    monkeypatch.setattr(rereading, "apart", rereading.Apart())
    monkeypatch.setattr(rereading, "_by_process", by_process)
    assert tried()[1] == "Se están leyendo"
    begun.wait()
    assert tried()[1] == "Se están leyendo"
    with pytest.raises(rereading.NotTried, match="busy"):
        rereading.apart.read("[{}, {}]")
    may_end.set()
    assert waited(tried) == here
    assert tried() == here  # known by now
    monkeypatch.setattr(rereading, "apart", rereading.Apart())
    monkeypatch.setattr(rereading, "_by_process", run)
    monkeypatch.setattr(rereading, "LIMIT_SECONDS", 0.01)
    assert waited(tried)[1] == "se detuvo"


def waited(tried: Callable[[], tuple[list[tuple[str, ...]], str]]) -> tuple[list[tuple[str, ...]], str]:
    """What is answered once it is read no more."""
    return next(found for found in iter(tried, None) if found[1] != "Se están leyendo")


class Submitting:
    """What WhatsApp is given, and approves."""

    def __init__(self) -> None:
        self.made: list[tuple[str, str]] = []

    def create_content(self, name: str, language: str, *_: object) -> str:
        self.made.append((name, language))
        return f"HX{len(self.made)}"

    def submit(self, *_: object) -> str:
        return "pending"

    def approval(self, _: str) -> dict[str, str]:
        return {"status": "approved", "category": "UTILITY"}


def test_a_template_is_worded_anew_and_submitted_by_itself(ana: Talk) -> None:
    one, two, whatsapp = Desk(ana, "uno@b.mx"), Desk(ana, "dos@b.mx"), Submitting()
    assert "key=reminder.due@firm" in one.get("/console/rules").text
    path = "/console/rules/wording/wording"
    body = text_of(one, f"{path}/edit?key=reminder.due@firm&language=es_MX")
    assert body.startswith('[wording.es_MX]\n"reminder.due@firm" = "')
    for words, fault in (("{amount} {lender}", "empieza o termina"), ("Te vamos a embargar", "amenaza")):
        wrong = one.post(f"{path}/edit", body=body.replace(' = "', f' = "{words} ', 1), check="yes")
        assert fault in unescape(wrong.text), words
    made = propose(one, path, body.replace(' = "', ' = "Buen día. ', 1))
    assert two.post(f"{made}/approve").status_code == 303
    transport = cast("TwilioTransport", whatsapp)
    assert check_templates(ana.services, transport) == 0, "a lender without templates asks nobody"
    with write_tx(ana.services.engine) as connection:
        known = {"hash": "h", "name": "acuerdo_other", "language": "es_MX", "content_sid": "HX0"}
        row = known | {"status": "pending", "created_at": ana.services.clock.now()}
        connection.execute(insert(template_table).values(row))
    assert check_templates(ana.services, transport) == 3
    with write_tx(ana.services.engine) as connection:
        connection.execute(
            update(template_table).where(template_table.c.hash == "h").values(status="pending")
        )
    assert [ask_undecided(ana.services, transport) for _ in range(2)] == [1, 0]
    firm = "acuerdo_reminder_due_firm"
    assert whatsapp.made == [(firm, "es_MX"), (f"{firm}_debit", "es_MX")], "with its own words alone"
    assert check_templates(ana.services, transport) == 3
    assert len(whatsapp.made) == 2


def test_a_strategy_is_counted_before_it_is_in_force_as_the_command_has_it(ana: Talk) -> None:
    one, two = Desk(ana, "uno@b.mx"), Desk(ana, "dos@b.mx")
    path = "/console/rules/strategy/default"
    body = text_of(one, f"{path}/edit") + "# more\n"
    shown = one.post(f"{path}/edit", body=body, check="yes").text
    assert "Costo estimado de los mensajes</small>USD" in shown
    assert two.post(propose(one, path, body) + "/approve").status_code == 303
    (version,) = ana.rows(StrategyVersion)
    assert (version.name, version.version, version.body, version.why) == ("default", 2, body, "para probar")


FAULTY = (
    (
        "policy/policy",
        "[policy]\npromise_max_days = 900\n",
        "línea 2: policy.promise_max_days: tiene que ser",
    ),
    ("policy/policy", "[lender]\ntrade_name = 'X'\n", "aquí solo va [policy]"),
    ("policy/policy", "[policy]\npromise_max_days 9\n", "no se puede leer en la línea 2"),
    ("policy/policy", POLICY.replace("= 10", "= 90"), "first_within_days es más que max_days"),
    ("topics/topics", TOPICS.replace("Reforma 1", "{weather}"), "no se conoce la variable weather"),
    ("wording/wording", '[wording.es_MX]\n"no.such" = "x"\n', "no hay un texto con ese nombre"),
    ("wording/wording", '[wording.en]\n"reminder.due@firm" = "Pay"\n', "le falta {"),
    ("wording/wording", '[wording.es_MX]\n"answer.yes" = "{x.__class__}"\n', "que aquí no se conoce"),
    ("wording/wording", f'[wording.es_MX]\n"answer.yes" = "{"sí " * 20}"\n', "el botón tiene"),
    ("strategy/default", 'name = "other"\n', "steps: falta"),
    ("strategy/nueva", "name = 1", "name: tiene que ser un texto"),
)


def test_what_has_faults_is_shown_with_them_and_not_kept(ana: Talk) -> None:
    desk = Desk(ana, "uno@b.mx")
    for path, body, fault in FAULTY:
        answer = desk.post(f"/console/rules/{path}/edit", body=body, why="x", propose="yes")
        assert answer.status_code == 422, body
        assert fault in unescape(answer.text)
    assert ana.rows(Revision) == []
    desk.post("/console/language", locale="en")
    path, body, _ = FAULTY[0]
    assert (
        "line 2: policy.promise_max_days: must be" in desk.post(f"/console/rules/{path}/edit", body=body).text
    )


def test_a_new_strategy_begins_with_what_may_be_in_force_and_leads_back(ana: Talk) -> None:
    one = Desk(ana, "uno@b.mx")
    path = "/console/rules/strategy/verano"
    assert one.get(path).status_code == 404
    unnamed = one.get("/console/rules/new?name=Mi plan")
    assert (unnamed.status_code, 'value="Mi plan"' in unnamed.text) == (422, True)
    begun = text_of(one, f"{path}/edit")
    for page in (
        one.get(f"{path}/edit"),
        one.post(f"{path}/edit", body=begun, check="yes"),
        one.get(propose(one, path, begun)),
    ):
        assert (page.status_code, "verano" in page.text) == (200, True)
        assert f'href="{path}" data-back' not in page.text


def test_what_was_proposed_against_another_version_is_not_approved(ana: Talk) -> None:
    one, two = Desk(ana, "uno@b.mx"), Desk(ana, "dos@b.mx")
    path = "/console/rules/policy/policy"
    first, second = (propose(one, path, POLICY.replace("9", str(days))) for days in (8, 7))
    assert two.post(f"{first}/approve").status_code == 303
    assert two.post(f"{second}/approve").status_code == 409
    assert one.post(f"{second}/reject").status_code == 303
    assert two.post(f"{second}/reject", why="ya no").status_code == 409
    third = propose(one, path, POLICY.replace("9", "6"))
    assert two.post(f"{third}/reject", why=" ").status_code == 409, "its author reads why"
    assert two.post(f"{third}/reject", why="son muy pocos días").status_code == 303
    assert [row.status for row in ana.rows(Revision)] == ["approved", "withdrawn", "rejected"]
    for page in (one.get(third), one.get(path), trail := one.get("/console/audit")):
        assert "son muy pocos días" in page.text
    assert f'href="{third}"' in trail.text


def test_who_leads_sees_the_rules_and_managers_change_them(ana: Talk) -> None:
    path = "/console/rules/policy/policy"
    agent, auditor, supervisor = (Desk(ana, f"{role}@b.mx") for role in ("agent", "auditor", "supervisor"))
    assert agent.get("/console/rules").status_code == 403
    assert agent.get(path).status_code == 403
    for desk in (auditor, supervisor):
        assert desk.get("/console/rules").status_code == desk.get(path).status_code == 200
        assert desk.get(f"{path}/edit").status_code == 403
        assert desk.post(f"{path}/edit", body=POLICY, why="x", propose="yes").status_code == 403
    assert ana.rows(Revision) == []
