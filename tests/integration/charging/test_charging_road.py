"""From the due list to the receipt, on both databases."""

from datetime import date

from tests.charging import House, messages


def test_the_good_way(house: House) -> None:
    house.announce()
    assert [(row.status, row.charge_on, row.amount) for row in house.charges()] == [
        ("planned", date(2026, 11, 27), 60_000)
    ]
    assert house.events() == [], "it is announced on the last day before, not earlier"
    house.at("2026-11-26T09:00")
    house.announce()
    assert house.statuses() == ["notified"]
    (notice,) = messages(house, "notice")
    assert (notice.status, house.charge.notice_message_id) == ("sent", notice.id)
    assert (
        "viernes 27 de noviembre se cargará $600.00 a tu cuenta Santander terminación 7800"
        in house.texts()[-1]
    )
    assert house.submit() == 0, "not before its day"
    house.at("2026-11-27T09:00")
    assert (house.submit(), house.statuses()) == (1, ["submitted"])
    assert [(order.key, order.amount.centavos, order.refs["account"]) for order in house.provider.orders] == [
        (f"D{house.loan}-261101090000-1-1", 60_000, "A1")
    ]
    house.provider.turn_all("collected")
    assert house.look() == 0, "results are out on Monday at noon"
    house.at("2026-11-30T12:01")
    assert (house.look(), house.statuses(), house.owed()) == (1, ["collected"], 60_000)
    house.talk()
    assert house.texts()[-1].startswith("Tu banco ya hizo el cargo de $600.00")
    house.at("2026-12-01T12:00")
    house.look()
    assert house.statuses() == ["collected"]
    house.at("2026-12-02T09:00")
    house.look()
    house.talk()
    assert house.statuses() == ["settled"]
    assert house.texts()[-1].startswith("Recibimos los $600.00")
    assert house.ledger("^charge") == [
        "charge.notified",
        "charge.submitted",
        "charge.collected",
        "charge.settled",
    ]
    assert house.history(1) == ["planned", "notified", "submitting", "submitted", "collected", "settled"]
    assert house.tasks() == []
    house.sound()
