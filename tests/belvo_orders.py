"""Mandates and charges to order of Belvo or of its stand-in, in a test."""

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from bot.debit.port import (
    ChargeOrder,
    ChargeReport,
    DebitProvider,
    MandateOrder,
)
from bot.simulator.database import simulator_engine
from models import read_tx
from tests.integration.served import World
from values import Clabe, Money, control_digit

MX = ZoneInfo("America/Mexico_City")
PAID = "014180000000000000"


def clabe(ending: str) -> str:
    first = "014180" + "0" * 9 + ending
    return first + str(control_digit(first))


def at(text: str) -> datetime:
    """Mexico City's time."""
    return datetime.fromisoformat(text).replace(tzinfo=MX).astimezone(UTC)


def order(digits: str = PAID, folio: str = "D-0001", **changed: object) -> MandateOrder:
    given = MandateOrder(
        folio,
        Clabe.parse(digits),
        "Ana María Pérez Gómez",
        "rfc",
        "PEGA900315AB1",
        "ana@correo.example",
        "+525500000001",
        b"%PDF-1.3",
    )
    return replace(given, **changed)  # type: ignore[arg-type]


def mandate(world: World, belvo: DebitProvider, digits: str = PAID, folio: str = "D-0001") -> dict[str, str]:
    """Registered and active: the clock stands at nine of the next banking day."""
    world.clock.at = at("2026-11-23T10:00")
    report = belvo.submit_mandate(order(digits, folio), lambda _: None)
    world.clock.at = at("2026-11-24T09:00")
    return dict(report.refs)


def charge(
    belvo: DebitProvider, refs: dict[str, str], key: str = "K-1", amount: Money = Money(150_000)
) -> ChargeReport:
    return belvo.create_charge(ChargeOrder(key, amount, refs, "L-1", 1, date(2026, 11, 24)))


def rows(world: World, table: object) -> int:
    with read_tx(simulator_engine(world.services.settings)) as connection:
        return connection.scalar(select(func.count()).select_from(table)) or 0  # type: ignore[arg-type]


def found(belvo: DebitProvider, key: str = "K-1") -> ChargeReport:
    report = belvo.find_charge(key)
    assert report is not None
    return report
