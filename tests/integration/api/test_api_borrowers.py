"""Borrowers by the API: who they are, what was written or is asked for, what waits for a person."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from sqlalchemy import Engine, insert, select, update

from bot.api.keys import make_key
from bot.app import create_app
from bot.conversation import take_events
from bot.outreach import plan
from bot.services import Services
from models import Borrower, Conversation, Event, Loan, Task, read_tx, write_tx
from tests.api_caller import LOAN, Caller
from tests.services import make_test_services
from tests.talk import talk


def test_the_conversation_and_an_outreach(call: Caller, services: Services) -> None:
    call("PUT", "/loans/L-1", LOAN)
    thread = call("GET", "/borrowers/B1/conversation").json
    assert (thread["handler"], thread["expecting"], thread["messages"]) == ("bot", None, [])
    answer = call("POST", "/borrowers/B1/outreach", {"flow": "reminder"})
    assert answer.status_code == 202
    assert answer.json["not_before"]
    take_events(services)
    thread = call("GET", "/borrowers/B1/conversation").json
    assert thread["expecting"] == "yes_no"
    assert thread["messages"][-1]["choices"] == [
        {"payload": "yes", "title": "Sí"},
        {"payload": "no", "title": "No"},
    ]


def test_an_answer_that_waits_for_the_next_message_is_shown_once_it_leaves(
    engine: Engine, now: datetime
) -> None:
    ana = talk(engine, now, services=make_test_services(engine, now, reply_wait_seconds=2))
    call = Caller(create_app(ana.services).test_client(), make_key(ana.services, "tests", "lender"))
    ana.say("el viernes pago 500")
    thread = call("GET", "/borrowers/B1/conversation").json
    assert (thread["expecting"], [row["direction"] for row in thread["messages"]]) == (None, ["in"])
    ana.advance(seconds=2)
    thread = call("GET", "/borrowers/B1/conversation").json
    assert (thread["expecting"], thread["messages"][-1]["direction"]) == ("yes_no", "out")
    ana.say("sí")
    assert "promise.made" in ana.kinds()


def test_messages_stand_in_the_order_of_their_times(engine: Engine, now: datetime) -> None:
    """Also where an answer leaves after the borrower has written again."""
    ana = talk(engine, now)
    call = Caller(create_app(ana.services).test_client(), make_key(ana.services, "tests", "lender"))
    ana.dispatching = False
    ana.say("hola")
    ana.advance(seconds=1)
    ana.say("cuánto debo")
    waiting = call("GET", "/borrowers/B1/conversation").json["messages"]
    assert [row["direction"] for row in waiting] == ["in", "out", "in", "out"]
    ana.advance(seconds=1)
    ana.dispatching = True
    ana.send()
    sent = call("GET", "/borrowers/B1/conversation").json["messages"]
    assert [row["direction"] for row in sent] == ["in", "in", "out", "out"]
    for rows in (waiting, sent):
        assert [row["at"] for row in rows] == sorted(row["at"] for row in rows)


def test_why_a_borrower_got_a_message_and_what_comes_next(call: Caller, services: Services) -> None:
    due = services.day(services.clock.now()) - timedelta(days=4)  # a Friday
    loan = json.loads(json.dumps(LOAN))
    loan["instalments"] = [{**LOAN["instalments"][0], "due_date": due.isoformat()}]
    call("PUT", "/loans/L-1", loan)
    found = call("GET", "/borrowers/B1/outreach").json
    assert (found["held_out"], found["written"], found["best_hour"]) == (False, [], None)
    assert (found["next"]["step"], found["next"]["strategy"]) == ("late-3", "default@1")
    plan(services)
    (waiting,) = call("GET", "/borrowers/B1/outreach").json["written"]
    assert (waiting["status"], waiting["because"]["step"], waiting["loan"]) == ("waiting", "late-3", "L-1")
    take_events(services)
    found = call("GET", "/borrowers/B1/outreach").json
    assert [(each["status"], each["because"]["strategy"]) for each in found["written"]] == [
        ("queued", "default@1")
    ]
    assert (found["next"]["step"], found["next"]["day"]) == ("late-7", (due + timedelta(days=7)).isoformat())
    assert call("GET", "/borrowers/nobody/outreach").status_code == 404


def test_an_outreach_that_a_rule_forbids(call: Caller, services: Services) -> None:
    call("PUT", "/loans/L-1", LOAN)
    with write_tx(services.engine) as connection:
        connection.execute(update(Borrower).values(opted_out_at=services.clock.now()))
    answer = call("POST", "/borrowers/B1/outreach", {"flow": "reminder"})
    assert (answer.status_code, answer.json["rule"]) == (409, "OPT-OUT")
    assert "opt_out" in call("GET", "/loans/L-1").json["flags"]
    with write_tx(services.engine) as connection:
        connection.execute(update(Borrower).values(opted_out_at=None))
        connection.execute(update(Conversation).values(handler="agent"))
    assert call("POST", "/borrowers/B1/outreach", {"flow": "reminder"}).json["rule"] == "OWNER"
    assert call("POST", "/borrowers/nobody/outreach", {"flow": "reminder"}).status_code == 404
    assert call("POST", "/borrowers/B1/outreach", {"flow": "nonsense"}).status_code == 422


def test_a_call_counts_like_a_message_and_is_recorded_once(call: Caller, services: Services) -> None:
    call("PUT", "/loans/L-1", LOAN)
    at = services.clock.now().isoformat()
    made = {"channel": "call", "outcome": "no_answer", "at": at, "reference": "D-1"}
    first, again = (call("POST", "/borrowers/B1/contacts", made) for _ in range(2))
    assert (first.status_code, first.json["status"]) == (201, "recorded")
    assert (again.status_code, again.json) == (200, first.json | {"status": "duplicate"})
    put_off = call("POST", "/borrowers/B1/outreach", {"flow": "reminder"}).json["not_before"]
    assert put_off > at[:10] + "T23"
    assert put_off.endswith("+00:00")
    entries = call("GET", "/loans/L-1/ledger").json["entries"]
    assert [e["data"]["outcome"] for e in entries if e["kind"] == "contact.recorded"] == ["no_answer"]
    wrong = made | {"outcome": "wrong_person", "reference": "D-2", "phone": "55 1234 5678"}
    assert call("POST", "/borrowers/B1/contacts", wrong).status_code == 201
    points = call("GET", "/borrowers/B1").json["contact_points"]
    assert {point["status"] for point in points if point["address"] == "+525512345678"} == {"closed"}
    for unfit in ({"at": "2031-01-01T00:00:00Z"}, {"phone": "12"}, {"outcome": "paid"}):
        assert call("POST", "/borrowers/B1/contacts", made | unfit).status_code == 422
    assert call("POST", "/borrowers/nobody/contacts", made).status_code == 404


def test_a_person_is_read_with_contact_points_flags_and_loans(call: Caller) -> None:
    call("PUT", "/loans/L-1", LOAN | {"holds": ["dispute"]})
    person = call("GET", "/borrowers/B1").json
    assert (person["name"], person["phone"], person["flags"]) == ("Ana López", "+525512345678", ["dispute"])
    assert {point["status"] for point in person["contact_points"]} == {"unverified"}
    (loan,) = person["loans"]
    (hold_,) = loan["holds"]
    assert (loan["external_id"], hold_["kind"], hold_["by"], hold_["until"]) == (
        "L-1",
        "dispute",
        "lender:tests",
        None,
    )
    assert call("GET", "/borrowers/B2").status_code == 404


def test_open_tasks_are_listed(call: Caller, services: Services) -> None:
    call("PUT", "/loans/L-1", LOAN)
    with write_tx(services.engine) as connection:
        loan = connection.scalar(select(Loan.id))
        at = services.clock.now()
        rows = [
            {"kind": kind, "loan_id": loan, "data": {}, "created_at": at, "done_at": done}
            for kind, done in (("charge_unknown", None), ("note", None), ("event", at), ("event", None))
        ]
        for row in rows:
            connection.execute(insert(Task).values(**row))
    page = call("GET", "/tasks?limit=1").json
    (task,) = page["tasks"]
    assert (task["kind"], task["loan"], task["conversation"]) == ("charge_unknown", "L-1", None)
    rest = call("GET", f"/tasks?cursor={page['next_cursor']}").json
    assert [task["kind"] for task in rest["tasks"]] == ["event"]


def test_outreach_that_is_asked_for_at_once_waits_once(services: Services) -> None:
    key = make_key(services, "tests", "lender")
    app = create_app(services)
    Caller(app.test_client(), key)("PUT", "/loans/L-1", LOAN)
    with ThreadPoolExecutor(4) as pool:
        answers = list(
            pool.map(
                lambda _: Caller(app.test_client(), key)(
                    "POST", "/borrowers/B1/outreach", {"flow": "reminder"}
                ),
                range(8),
            )
        )
    assert {answer.status_code for answer in answers} == {202}
    with read_tx(services.engine) as connection:
        assert len(connection.scalars(select(Event.id)).all()) == 1
