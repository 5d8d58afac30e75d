"""A strategy file: its faults by their line, and what it changes."""

from datetime import date
from pathlib import Path

import pytest

from bot.outreach.planning.differences import differences
from bot.outreach.planning.strategy import (
    DEFAULT,
    Alarm,
    InvalidStrategy,
    Segment,
    Strategy,
    read_strategy,
)

SOUND = """name = "house"
owner = "collections"

[[steps]]
name = "due"
day = 0
until = 2
flow = "reminder"
tone = "kind"

[[steps]]
name = "late"
day = 3
until = 6
flow = "reminder"
tone = "neutral"
"""


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('owner = "collections"', 'ownr = "x"', "line 2: ownr: is not known: did you mean owner?"),
        ("until = 2", "until = 2\nuntill = 3", "line 8: steps.due.untill: is not known: did you mean until?"),
        ("day = 3", "day = 7", "line 14: steps.late.until: until (6) lies before day (7)"),
        ('"neutral"', '"rude"', "line 16: steps.late.tone: must be one of these: 'kind', 'neutral', 'firm'"),
        ('name = "late"', 'name = "due"', "line 12: steps.due.name: two steps are called 'due'"),
        ('name = "late"', 'name = "Très tard"', "line 12: steps.Très tard.name: use lower-case letters"),
        ('flow = "reminder"', 'flow = "ghost"', "line 8: steps.due.flow: there is no conversation 'ghost'"),
        ('flow = "reminder"', 'flow = "balance"', "line 8: steps.due.flow: no words of ours open 'balance'"),
        ("day = 0", 'day = 0\ncounts_from = "last_contact"', "day is 1 or more"),
        ("until = 2", 'until = 2\nhours = "22:00"', "line 8: steps.due.hours: is not known"),
        (
            'owner = "collections"',
            'owner = "c"\n[segment]\nincome_from = 1',
            "line 4: segment.income_from: is not known",
        ),
        ("until = 2", 'until = 2\nchannels = ["fax"]', "line 8: steps.due.channels.1: 'fax' is no channel"),
        ("until = 2", 'until = "soon"', "line 7: steps.due.until: must be a whole number"),
        (
            'owner = "collections"',
            'owner = "c"\n[segment]\ndpd_from = 30',
            "line 6: steps.due.segment: nobody is in it: dpd_from (30) lies above dpd_to (2)",
        ),
        (
            'tone = "neutral"',
            'tone = "neutral"\nsegment = {dpd_to = 2}',
            "line 17: steps.late.segment: nobody is in it: dpd_from (3) lies above dpd_to (2)",
        ),
        (
            '"neutral"',
            '"neutral"\nsegment = {owed_from_pesos = "300"}\n[segment]\nowed_to_pesos = "200"',
            "line 17: steps.late.segment: nobody is in it: owed_from (300.00) lies above owed_to (200.00)",
        ),
        (
            'owner = "collections"',
            'owner = "c"\n[segment]\nowed_from_pesos = "mil"',
            "line 4: segment.owed_from_pesos",
        ),
        (
            'owner = "collections"',
            "starts = 2026-12-01\nends = 2026-11-01",
            "line 3: ends: ends (2026-11-01) lies before starts (2026-12-01)",
        ),
        ('owner = "collections"', "owner =", "line 2"),
        ('owner = "collections"', "owner = “collections”", "line 2: write straight quotes"),
        ('owner = "collections"', 'owner = "collections', "line 2: a quote is missing"),
        ('owner = "collections"', "owner = collections", "line 2: a text stands in quotes"),
        ('owner = "collections"', 'owner "collections"', "line 2: an = is missing"),
        ('owner = "collections"', "starts = 31/12/2026", "line 2: write a day as 2027-01-31"),
        ('owner = "collections"', "[segment]\nhas_mandate = False", "line 3: write true or false"),
        ("until = 2", "until = 2\nuntil = 3", "line 8: stands there already"),
        ('owner = "collections"', 'budget_usd = "-3"', "line 2: budget_usd: must be an amount of dollars"),
        ('tone = "neutral"\n', "tone =", "at line 16, column 7"),
        ('tone = "neutral"\n', 'tone = "neutral"\nchannels = ["sms",\n\n', "at line 17, column 19"),
        ('tone = "neutral"\n', "tone = 'neutral'\nsegment = 3", "line 17: steps.late.segment"),
        (
            "until = 2",
            "until = 2\nsegment = {dpd_from = 9, dpd_to = 3}",
            "line 8: steps.due.segment: nobody",
        ),
        (
            'owner = "collections"',
            'owner = "c"\n[segment]\ntags = ["a"]\nwithout_tags = ["a", "b"]',
            "nobody",
        ),
        (
            'owner = "collections"',
            '[segment]\nowed_from_pesos = "900"\nowed_to_pesos = "100"',
            "nobody is in it",
        ),
        ('owner = "collections"', '[segment]\nstates = ["Jalisco", "99"]', "line 3: segment.states"),
        ('owner = "collections"', '[segment]\nlanguages = ["fr"]', "line 3: segment.languages.1"),
    ],
)
def test_a_fault_is_named_by_its_line(old: str, new: str, fault: str) -> None:
    with pytest.raises(InvalidStrategy) as caught:
        Strategy.parse(SOUND.replace(old, new, 1))
    assert fault in str(caught.value)


def test_what_ended_does_not_come_into_force() -> None:
    text, today = SOUND.replace('owner = "collections"', "ends = 2026-11-24"), date(2026, 11, 25)
    with pytest.raises(InvalidStrategy, match=r"line 2: ends: it is over: ends \(2026-11-24\)"):
        Strategy.parse(text, today=today)
    assert Strategy.parse(text, today=date(2026, 11, 24)).ends == date(2026, 11, 24)
    assert Strategy.parse(text, today=today, in_force=True).runs_on(today) is False


def test_a_strategy_without_steps_is_none() -> None:
    with pytest.raises(InvalidStrategy, match="steps"):
        Strategy.parse('name = "house"')


def test_a_step_that_reaches_nobody_holds_up_no_other_once_it_is_in_force() -> None:
    text = SOUND.replace('tone = "neutral"', 'tone = "neutral"\nsegment = {dpd_to = 2}')
    assert [step.name for step in Strategy.parse(text, in_force=True).steps] == ["due", "late"]


def test_a_table_that_may_stand_several_times_says_so() -> None:
    with pytest.raises(InvalidStrategy, match=r"line 2: steps: of these .* write \[\[steps\]\]"):
        Strategy.parse('name = "house"\n[steps]\nname = "due"')


def test_what_a_file_changes() -> None:
    old = Strategy.parse(SOUND)
    new = Strategy.parse(SOUND.replace('"late"', '"later"').replace("until = 2", "until = 1"))
    assert differences(old, new) == ["- step late", "+ step later", "~ step due: until: 2 → 1"]
    assert differences(old, old) == []
    narrower = old.model_copy(update={"segment": Segment(products=("nomina",)), "starts": date(2027, 1, 2)})
    assert differences(old, narrower) == [
        '~ starts: nothing → "2027-01-02"',
        '~ segment.products: nothing → ["nomina"]',
    ]
    watched = old.model_copy(update={"alarm": Alarm(people_from=30)})
    assert "~ alarm.people_from: nothing → 30" in differences(old, watched)
    assert differences(None, new) == ["+ strategy house", "+ step due", "+ step later"]


def test_a_file_is_read_as_editors_save_it(tmp_path: Path) -> None:
    path = tmp_path / "strategy.toml"
    path.write_bytes(SOUND.replace("\n", "\r\n").encode("utf-8-sig"))
    assert read_strategy(path)[0] == Strategy.parse(SOUND)
    path.write_bytes("about = 'teléfono'".encode("cp1252"))
    with pytest.raises(InvalidStrategy, match="save it as UTF-8"):
        read_strategy(path)


def test_the_shipped_strategies_are_sound() -> None:
    for path in DEFAULT.parent.glob("*.toml"):
        assert read_strategy(path)[0].steps
