"""One broken flow for each rule of `check`, and the proof that ours have none of these faults."""

import pytest

from bot.cli.flows import require_sound
from bot.understanding import INTENTS
from bot.wording import TEMPLATES, Wording
from bot.wording.words import FOLDER, read_keys
from flows import CATALOGUE, ROUTING
from flows.context import Context
from flows.engine import (
    Ask,
    BaseContext,
    Conversation,
    Done,
    Flow,
    Go,
    HandOver,
    Move,
    Start,
    UndeclaredExit,
    step,
)
from flows.engine.check import check
from flows.routing import ANSWERS, Conflict, Routing
from flows.types.event import Outreach
from flows.types.wording import DECLARED, Key, LateKey, Title, key
from tests.facts import facts


def _faults(flow: Flow) -> list[str]:
    return [str(fault) for fault in check({flow.name: flow}, {})]


def test_our_own_flows_are_sound() -> None:
    require_sound()


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
    words = {"es_MX": {"broken.title": ("Un título que no cabe en un botón",)}, "en": {"broken.title": ("",)}}
    faults = [str(fault) for fault in check({}, words, (Key("broken.line"), Title("broken.title")))]
    assert "words.broken.line: has no words in es_MX" in faults
    assert "words.broken.title: has no words in en" in faults
    assert any("broken.title: the button has 33 characters in es_MX" in fault for fault in faults)


def test_a_message_too_long_for_its_buttons() -> None:
    words = {"es_MX": {"broken.long": ("x" * 1000 + "{name}",)}}
    faults = [str(fault) for fault in check({}, words, (Key("broken.long"),))]
    assert any("broken.long: may have over 1024 characters in es_MX" in fault for fault in faults)


def test_a_key_that_only_a_call_would_declare() -> None:
    with pytest.raises(LateKey):
        key("broken.late")


def test_a_key_that_a_catalogue_does_not_word_is_named_whichever_it_is() -> None:
    words: dict[str, dict[str, tuple[str, ...]]] = {"es_MX": {}, "en": {}}
    faults = {str(fault) for fault in check({}, words, DECLARED.values())}
    assert faults == {f"words.{text}: has no words in {locale}" for text in DECLARED for locale in words}


def test_every_worded_line_of_the_conversations_is_asked_for() -> None:
    worded = {name for _, name in read_keys(FOLDER / "es_MX" / "LC_MESSAGES" / "conversation.po")}
    assert worded - DECLARED.keys() == set()


def test_a_template_words_a_line_that_is_asked_for() -> None:
    assert TEMPLATES.keys() <= DECLARED.keys()


@pytest.mark.parametrize("intent", INTENTS)
def test_every_reading_leads_to_one_conversation_or_answers_a_question(intent: str) -> None:
    assert (intent in ANSWERS) != (intent in ROUTING.by_intent)


def test_a_reading_that_no_flow_takes() -> None:
    faults = [str(fault) for fault in check({}, {}, (), ("ask_weather",))]
    assert faults == ["*.*: no flow takes ask_weather: name it in the intents or the acts of one"]


def test_two_flows_that_claim_the_same() -> None:
    flows = {name: Flow(name, payloads=("pay_now",)) for name in ("one", "two")}
    for flow in flows.values():
        flow.state(".")(lambda context: Done())
    assert [str(fault) for fault in check(flows, {})] == ["two.*: claims pay_now, which one claims too"]
    with pytest.raises(Conflict, match="pay_now leads to the flow one and to two"):
        Routing(flows)


def test_protection_that_asks() -> None:
    flow = Flow("broken", protects=True)
    flow.state("sure")(lambda context: Go("sure"))
    flow.state(".")(lambda context: Done())
    flow.states["sure"] = flow.states.pop("<lambda>")
    flow.states = {"start": flow.states["sure"], **flow.states}
    flow.goes = {"start": ("sure",), "sure": (".",)}
    assert any("it may not ask" in fault for fault in _faults(flow))


@pytest.mark.parametrize("move", [Done(), Go("other"), Start("human"), HandOver("why")])
def test_an_exit_that_is_not_declared(move: Move) -> None:
    flow = Flow("broken", private=False)

    @flow.state("elsewhere")
    def start(context: BaseContext) -> Ask | Move:
        return move

    with pytest.raises(UndeclaredExit, match=r"broken\.start goes to"):
        step(Conversation(), Outreach("broken"), facts(), {"broken": flow, **CATALOGUE}, ROUTING)


def test_both_catalogues_hold_the_same_keys() -> None:
    wording = Wording.load()
    spanish = {
        (tone, name) for tone, name in wording.keys("es_MX") if tone != "usted"
    }  # English has one «you»
    assert spanish == wording.keys("en")


def test_every_key_is_worded_in_every_tone_or_in_none() -> None:
    wording = Wording.load()
    toned = {key for tone, key in wording.keys("es_MX") if tone and tone != "usted"}
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
        for name, forms in texts.items():
            if name.startswith("comment."):  # tells a manager what the law forbids
                continue
            assert not [word for word in forbidden for text in forms if word in text.casefold()], name
            assert not any(len(text) > 30 and text.isupper() for text in forms), name
