"""A wish for silence that is for a time, and not for good: the day before which nobody writes."""

from datetime import date

import pytest

from flows.acts.readings.pause import PAUSE, QUIET_UNTIL, paused
from flows.types.event import Message

TODAY = date(2026, 11, 24)
"""A Tuesday."""
FRIDAY = date(2026, 11, 27)


@pytest.mark.parametrize(
    ("text", "named", "until"),
    [
        ("no me manden nada hasta el viernes", "2026-11-27", "2026-11-27"),
        ("ya no me escriban hasta el lunes porfa", "2026-11-30", "2026-11-30"),
        ("suspendan los recordatorios un mes", None, "2026-12-24"),
        ("hasta el lunes no me escriban por favor", "2026-11-30", "2026-11-30"),
        ("¿podrían no escribirme antes del lunes?", "2026-11-30", "2026-11-30"),
        ("no quiero que me escriban hasta diciembre", "2026-12-01", "2026-12-01"),
        ("ya párenle hasta el viernes", "2026-11-27", "2026-11-27"),
        ("ya les pagué, no me busquen hasta el jueves", "2026-11-26", "2026-11-26"),
        ("escríbanme el lunes", "2026-11-30", "2026-11-30"),
        ("búsquenme la próxima semana", None, "2026-11-30"),
        ("no me molesten esta semana", None, "2026-11-30"),
        ("no me busquen este fin de semana", None, "2026-11-30"),
        ("no me hablen hasta el mes que entra", None, "2026-12-01"),
        ("déjenme en paz unos días", None, "2026-12-01"),
        ("no me contacten por 15 días", None, "2026-12-09"),
        ("dejen de molestar 3 días", None, "2026-11-27"),
        ("hoy no me escriban", "2026-11-24", "2026-11-25"),
        ("mañana no me molesten porfa", "2026-11-25", "2026-11-26"),
        ("please don't text me until friday", "2026-11-27", "2026-11-27"),
        ("leave me alone until monday", "2026-11-30", "2026-11-30"),
        ("do not contact me for a few days", None, "2026-12-01"),
        ("can you text me next week?", None, "2026-11-30"),
    ],
)
def test_a_pause_has_its_day(text: str, named: str | None, until: str) -> None:
    day = date.fromisoformat(named) if named else None
    message = paused(Message(text, "opt_out", date=day), TODAY)
    assert (message.act, message.entities[QUIET_UNTIL]) == (PAUSE, until)


@pytest.mark.parametrize(
    "text",
    [
        "ya no me escriban",
        "no me vuelvan a escribir nunca",
        "no me vuelvan a molestar, ya pagué hoy",
        "no me escriban hasta nuevo aviso",
        "hasta el lunes me pagan, dejen de escribirme",
        "no me pagan hasta el viernes, ya no me molesten",
        "I don't get paid until Monday, stop texting me",
        "no me molesten por ahora",
        "no me escriban en la noche",
        "no me manden nada por correo hasta el viernes",
        "no me cobren hasta el viernes",
        "no me hagan el cargo hasta el lunes",
        "no puedo pagar hasta el viernes",
        "les pago el viernes, no me escriban hasta entonces",
        "no me manden el recibo hasta el viernes",
        "¿por qué me escriben hasta el viernes?",
    ],
)
def test_what_is_for_good_or_of_something_else_is_no_pause(text: str) -> None:
    assert paused(Message(text, "opt_out", date=None if "nuevo" in text else FRIDAY), TODAY).act is None


def test_what_protects_more_goes_first() -> None:
    grave = Message("no me escriban hasta el lunes, se murió mi mamá", "report_vulnerability")
    assert paused(grave, TODAY) == grave
