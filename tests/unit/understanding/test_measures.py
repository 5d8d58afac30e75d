"""How well messages are read: the figures that the documentation states, on lines that were never
trained on.
"""

import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest

from bot.understanding.evaluation import Report, evaluate
from bot.understanding.labels import INTENTS, PRECEDENCE, SAFETY
from bot.understanding.model import ARTEFACT
from bot.understanding.reader import load
from bot.understanding.report import comparison, text
from tests.unit.understanding.fuzz import FLOODS, strangers

DEV = Path(__file__).parents[2] / "data/dev.jsonl"
LOAD = """
import resource, sys, time
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
start = time.process_time()
from datetime import date
from bot.understanding import load
load().read("hola", date(2026, 11, 20))
grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
print(time.process_time() - start, grown / 1024, "sklearn" in sys.modules)
"""


@pytest.fixture(scope="module")
def report() -> Report:
    return evaluate(load(), DEV)


@pytest.fixture(scope="module")
def voices() -> Report:
    return evaluate(load(), DEV.with_name("voices.jsonl"))


def test_intents(report: Report) -> None:
    assert report.accuracy >= 0.93
    assert report.macro_f1 >= 0.92


def test_safety(report: Report) -> None:
    missed = {label: report.recall(label) for label in SAFETY if report.recall(label) < 0.9}
    assert missed == {}
    assert report.safety_recall >= 0.97


def test_other_voices(voices: Report) -> None:
    """Lines by another hand than the training lines, of the kinds that are missed most easily."""
    assert voices.accuracy >= 0.9
    assert voices.safety_recall >= 0.9
    found, missed, invented = voices.also() or (0, 0, 0)
    assert found / (found + missed) >= 0.85
    assert invented <= 0.01 * len(voices.lines)


def test_the_bot_acts_on_what_it_is_sure_of(report: Report) -> None:
    assert report.precision >= 0.96
    assert report.acted >= 0.75


def test_confidence_is_what_it_says(report: Report) -> None:
    assert report.calibration_error <= 0.05


def test_entities_are_exact_or_absent(report: Report) -> None:
    _, wrong, invented = report.entities()
    assert all(wrong[name] <= 1 for name in ("amount", "date", "phone"))
    assert wrong["clabe"] == invented["clabe"] == 0
    assert sum(invented.values()) <= 0.01 * len(report.lines)


def test_time_per_message(report: Report) -> None:
    """Bounds for a machine that is busy with other tests; the figures of the documentation are those of an
    idle one.
    """
    assert report.micros(0.5) <= 4_000
    assert report.micros(0.99) <= 30_000


def test_it_loads_quickly_and_small_and_without_the_trainer() -> None:
    done = subprocess.run([sys.executable, "-c", LOAD], capture_output=True, text=True, check=True)
    seconds, megabytes, trainer = done.stdout.split()
    assert float(seconds) <= 2.0
    assert float(megabytes) <= 150
    assert trainer == "False"
    assert ARTEFACT.stat().st_size <= 6_000_000


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("cobran por cancelar la domiciliacion", False),
        ("es forzoso seguir con la domiciliacion", False),
        ("que necesito para dar de baja la domiciliacion algun dia", False),
        ("tiene algun costo quitar la domiciliacion", False),
        ("como cancelo el cargo automatico despues", False),
        ("how much does it cost to cancel autopay", False),
        ("como quito la domiciliacion", True),
        ("ya no quiero la domiciliacion", True),
        ("cancelen el cargo automatico, luego les pago yo", True),
    ],
)
def test_a_question_about_ending_a_debit_does_not_end_it(text: str, ends: bool) -> None:
    reading = load().read(text, date(2026, 11, 20))
    assert (reading.intent == "cancel_debit" and reading.certain) == ends


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("me harían un gran favor si dejan de mandar recordatorios", "opt_out"),
        ("les agradecería que dejaran de enviarme avisos", "opt_out"),
        ("y qué pasaría si de plano no les pago", "other"),
        ("no les pago y ya", "refuse_to_pay"),
    ],
)
def test_a_polite_end_of_messages_is_one_and_a_question_is_no_refusal(text: str, intent: str) -> None:
    reading = load().read(text, date(2026, 11, 20))
    assert reading.intent == intent


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("soy el del préstamo, no tengo para pagar", False),
        ("buenas soy la señora que les debe, padezco de los riñones y ya no ando bien", False),
        ("no soy el titular, soy su compadre", True),
        ("soy la esposa del señor que debe", True),
    ],
)
def test_who_owes_is_nobody_else(text: str, other: bool) -> None:
    reading = load().read(text, date(2026, 11, 20))
    assert (reading.intent == "third_party") == other


def test_no_message_takes_long() -> None:
    """Of 64 KiB of anything; `bench/fuzz.py` tries a hundred thousand."""
    for flood in FLOODS:
        start = time.process_time()
        load().read(flood, date(2026, 11, 20))
        assert time.process_time() - start <= 0.25, flood[:20]


def test_a_report_says_all_of_it(report: Report) -> None:
    printed = text(report)
    for word in (
        "accuracy",
        "macro F1",
        "recall by label",
        "confusions",
        "entities: exact",
        "calibration error",
        "µs per message",
        "reliability",
    ):
        assert word in printed
    assert "fixed 0, broken 0 of 510 lines" in comparison(report, report)


@pytest.mark.no_cover
def test_nothing_that_is_written_raises() -> None:
    for number, message in enumerate(strangers(seed=20261120, count=2_000)):
        reading = load().read(
            message, date(2026, 11, 20), (None, "amount", "date", "clabe", "yes_no")[number % 5]
        )
        assert reading.intent in INTENTS
        assert 0 <= reading.confidence <= 1
        after = [PRECEDENCE.index(act) > PRECEDENCE.index(reading.intent) for act in reading.also]
        assert all(after) or (reading.intent, *reading.also[:1]) == ("talk_to_human", "complain"), message
