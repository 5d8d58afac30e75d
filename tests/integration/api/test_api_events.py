"""The feed through the API: paged by position, the same bodies as the webhooks."""

from bot.api.openapi import document
from bot.services import Services
from bot.webhooks import number_events
from models import LEDGER_KINDS
from tests.api_caller import LOAN, PAYMENT, Caller


def test_the_feed_is_read_from_any_position(call: Caller, services: Services) -> None:
    assert call("GET", "/events").json == {"events": [], "next": "0", "next_cursor": None}
    call("PUT", "/loans/L-1", LOAN)
    call("POST", "/payments", PAYMENT)
    number_events(services.engine)
    everything = call("GET", "/events").json
    assert [event["type"] for event in everything["events"]] == ["loan.opened", "payment.posted"]
    ledger = call("GET", "/loans/L-1/ledger").json["entries"]
    assert [
        {name: value for name, value in event["data"].items() if name not in ("loan", "borrower")}
        for event in everything["events"]
    ] == ledger
    page = call("GET", "/events?limit=1").json
    assert (page["next"], page["next_cursor"]) == ("1", "1")
    page = call("GET", f"/events?after={page['next']}&limit=1").json
    assert (page["events"][0]["type"], page["next"], page["next_cursor"]) == ("payment.posted", "2", None)
    assert call("GET", f"/events?after={page['next']}").json["next"] == "2", "nothing yet: ask again"
    for wrong in ("x", "-1", "9" * 20, "%D9%A3"):
        assert call("GET", f"/events?after={wrong}").status_code == 400


def test_every_kind_is_a_webhook_of_the_description() -> None:
    assert set(document()["webhooks"]) == {*LEDGER_KINDS, "task.opened", "task.done"}
