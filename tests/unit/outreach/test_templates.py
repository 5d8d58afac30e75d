"""What WhatsApp would refuse, found before it is asked."""

from dataclasses import replace

import pytest

from bot.channels.twilio.approval import faults
from bot.channels.twilio.templates import template_hash
from bot.wording import Template, Wording, templates

GOOD = Template(
    "acuerdo_test",
    "es_MX",
    "test",
    "Hola, {{1}}: tu pago de {{2}} vence hoy.",
    ("name", "amount"),
    ("Ana", "$1"),
    (("yes", "Sí"),),
)


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"name": "Acuerdo"}, "lower-case"),
        ({"body": "{{1}}, tu pago de {{2}} vence hoy."}, "begins or ends"),
        ({"body": "Hola: hoy vence tu pago de {{1}} {{2}}, por favor."}, "without words between"),
        ({"body": "Hola, vence hoy tu {{1}} de {{2}}"}, "begins or ends"),
        ({"body": "Hola {{1}} y {{2}}."}, "too few"),
        ({"body": "x" * 1_025, "params": (), "samples": ()}, "longer"),
        ({"samples": ("Ana",)}, "sample"),
        ({"buttons": (("a", "x" * 26),)}, "buttons"),
        ({"buttons": (("a", "x"),) * 11}, "buttons"),
    ],
)
def test_what_would_be_refused(changed: dict[str, object], fault: str) -> None:
    assert fault in "; ".join(faults(replace(GOOD, **changed)))  # type: ignore[arg-type]


def test_every_template_of_ours_passes_in_every_language_and_tone() -> None:
    found = list(templates(Wording.load()))
    assert [
        (template.name, template.language, wrong) for template in found if (wrong := faults(template))
    ] == []
    assert faults(GOOD) == []
    assert len({(template.name, template.language) for template in found}) == len(found)


def test_other_words_are_another_template() -> None:
    assert template_hash(GOOD) != template_hash(replace(GOOD, body=GOOD.body + " Gracias."))
    assert template_hash(GOOD) == template_hash(replace(GOOD, samples=("Eva", "$2")))


def test_one_day_has_a_template_of_its_own() -> None:
    names = {
        template.name: template.body for template in templates(Wording.load()) if template.language == "es_MX"
    }
    assert "día de atraso" in names["acuerdo_reminder_late_kind_one"]
    assert "días de atraso" in names["acuerdo_reminder_late_kind"]
    assert Wording.load().singular("reminder.late", {"days": 1}, "es_MX")
    assert not Wording.load().singular("reminder.late", {"days": 2}, "es_MX")
