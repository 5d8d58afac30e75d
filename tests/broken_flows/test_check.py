"""One broken flow for each rule of `check`, and the proof that ours have none of these faults."""

import pytest

from bot.understanding import INTENTS
from bot.wording import Wording
from flows import CATALOGUE, routing
from flows.engine import Ask, Context, Done, Flow, Go, Move, line
from flows.engine.check import check
from flows.types.effects import Choice

WORDS = {"es_MX": {"menu.agent": ("Hablar con alguien",)}, "en": {"menu.agent": ("Talk to someone",)}}


def _faults(flow: Flow, words: dict[str, dict[str, tuple[str, ...]]] | None = None) -> list[str]:
    return [str(fault) for fault in check({flow.name: flow}, words or {})]


def test_our_own_flows_are_sound() -> None:
    assert [str(fault) for fault in check(CATALOGUE, Wording.load().inventory())] == []


def test_a_target_that_does_not_exist() -> None:
    flow = Flow("broken")
    flow.state("nowhere", ".")(lambda context: Go("nowhere"))
    assert any("goes to nowhere, which does not exist" in fault for fault in _faults(flow))


def test_another_flow_that_does_not_exist() -> None:
    flow = Flow("broken")
    flow.state("@ghost")(lambda context: Done())
    assert any("goes to @ghost" in fault for fault in _faults(flow))


def test_a_state_that_nothing_reaches() -> None:
    flow = Flow("broken")

    @flow.state(".")
    def start(context: Context) -> Ask | Move:
        return Done()

    @flow.state(".")
    def island(context: Context) -> Ask | Move:
        return Done()

    assert _faults(flow) == ["broken.island: no state goes here"]


def test_a_trap() -> None:
    flow = Flow("broken")

    @flow.state("round")
    def start(context: Context) -> Ask | Move:
        return Go("round")

    @flow.state("start")
    def round(context: Context) -> Ask | Move:  # noqa: A001
        return Go("start")

    assert sorted(_faults(flow)) == [
        "broken.round: there is no way out of here",
        "broken.start: there is no way out of here",
    ]


def test_a_version_without_a_mapping() -> None:
    flow = Flow("broken", version=2)
    flow.state(".")(lambda context: Done())
    assert any("version 1 may be in use and has no mapping to 2" in fault for fault in _faults(flow))


def test_a_mapping_to_a_state_that_does_not_exist() -> None:
    flow = Flow("broken", version=2, mappings={1: {"old": "gone"}})
    flow.state(".")(lambda context: Done())
    assert any("is mapped to gone" in fault for fault in _faults(flow))


def test_a_key_without_words_and_a_title_too_long() -> None:
    flow = Flow("broken")

    @flow.state(".")
    def start(context: Context) -> Ask | Move:
        return Ask((line("broken.unworded"),), "choice", lambda s, m: None, (Choice("x", "broken.title"),))

    words = {"es_MX": {"broken.title": ("Un título que no cabe en un botón",)}}
    faults = _faults(flow, words)
    assert any("broken.unworded has no words in es_MX" in fault for fault in faults)
    assert any("the button broken.title has 33 characters" in fault for fault in faults)


def test_a_message_too_long_for_its_buttons() -> None:
    flow = Flow("broken")
    flow.state(".")(lambda context: Done((line("broken.long"),)))
    faults = _faults(flow, {"es_MX": {"broken.long": ("x" * 1000 + "{name}",)}})
    assert any("broken.long may have over 1024 characters in es_MX" in fault for fault in faults)


@pytest.mark.parametrize("intent", INTENTS)
def test_every_intent_has_a_designed_answer_in_every_state(intent: str) -> None:
    heard = {**routing.SAFETY, **routing.DIGRESSIONS}
    assert intent in routing.UNHEARD or heard[intent] in CATALOGUE


def test_both_catalogues_hold_the_same_keys() -> None:
    wording = Wording.load()
    assert wording.keys("es_MX") == wording.keys("en")


def test_every_key_is_worded_in_every_tone_or_in_none() -> None:
    wording = Wording.load()
    toned = {key for tone, key in wording.keys("es_MX") if tone}
    assert all((tone, key) in wording.keys("es_MX") for key in toned for tone in ("kind", "neutral", "firm"))


def test_nothing_threatens() -> None:
    forbidden = (
        "cárcel",
        "embarg",
        "denuncia penal",
        "orden judicial",
        "juzgado",
        "actuario",
        "último aviso",
        "tu trabajo",
        "vecinos",
        "lista negra",
    )
    for texts in Wording.load().inventory().values():
        for key, said in texts.items():
            assert not [word for word in forbidden for text in said if word in text.casefold()], key
            assert not any(len(text) > 30 and text.isupper() for text in said), key
