"""Proves the flows sound before anybody meets them. Each rule has a broken flow of its own in
`tests/broken_flows/`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from flows.engine.state import Catalogue, Flow
from flows.types.wording import Key, Title

BUTTON_TITLE, MESSAGE = 20, 1024
PARAM = 40
"""Characters that a name, a sum or a day may take."""

Words = Mapping[str, Mapping[str, tuple[str, ...]]]
"""Locale → key → its texts, in every tone and plural."""


@dataclass(frozen=True, slots=True)
class Fault:
    flow: str
    state: str
    what: str
    code: str = ""
    """Of one that a lender's own words may cause."""
    params: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.flow}.{self.state}: {self.what}"


def check(
    catalogue: Catalogue, words: Words, keys: Iterable[Key] = (), readings: Iterable[str] = ()
) -> list[Fault]:
    """Every fault of the flows, of the wording keys that are asked for, and of the readings and acts that
    must lead somewhere; empty when all is sound.
    """
    return [
        *(fault for flow in catalogue.values() for rule in _RULES for fault in rule(flow, catalogue)),
        *_claimed_twice(catalogue),
        *_unclaimed(catalogue, readings),
        *_unworded(keys, words),
        *_too_long(keys, words),
    ]


def _dangling(flow: Flow, catalogue: Catalogue) -> Iterator[Fault]:
    for state, goes in flow.goes.items():
        for target in goes:
            known = catalogue if target.startswith("@") else flow.states
            if target not in (".", "!") and target.removeprefix("@") not in known:
                yield Fault(flow.name, state, f"goes to {target}, which does not exist")


def _unreachable(flow: Flow, _catalogue: Catalogue) -> Iterator[Fault]:
    found = {next(iter(flow.states))}
    for _ in flow.states:
        found |= {target for state in found for target in flow.goes[state] if target in flow.states}
    for state in flow.states.keys() - found:
        yield Fault(flow.name, state, "no state goes here")


def _trap(flow: Flow, _catalogue: Catalogue) -> Iterator[Fault]:
    """From every state there is a way out: to the end, to a person, or to another flow."""
    leaving = {
        state for state, goes in flow.goes.items() if any(t in (".", "!") or t.startswith("@") for t in goes)
    }
    for _ in flow.states:
        leaving |= {state for state, goes in flow.goes.items() if leaving & set(goes)}
    for state in flow.states.keys() - leaving:
        yield Fault(flow.name, state, "there is no way out of here")


def _versions(flow: Flow, _catalogue: Catalogue) -> Iterator[Fault]:
    """A released version stays listed until a mapping to a newer one is given."""
    for version in range(1, flow.version):
        if version not in flow.mappings:
            yield Fault(
                flow.name, "*", f"version {version} may be in use and has no mapping to {flow.version}"
            )
    for version, mapping in flow.mappings.items():
        for old, new in mapping.items():
            if new not in flow.states:
                yield Fault(flow.name, old, f"version {version} is mapped to {new}, which does not exist")


def _protects_by_asking(flow: Flow, _catalogue: Catalogue) -> Iterator[Fault]:
    """What protects somebody is done at once, whoever has the conversation: it has no second state."""
    if flow.protects and len(flow.states) > 1:
        yield Fault(flow.name, "*", "protects somebody and has more than one state: it may not ask")


def _claimed_twice(catalogue: Catalogue) -> Iterator[Fault]:
    owners: dict[str, str] = {}
    for flow in catalogue.values():
        for what in (*flow.intents, *flow.acts, *flow.payloads, *flow.news):
            if (owner := owners.setdefault(what, flow.name)) != flow.name:
                yield Fault(flow.name, "*", f"claims {what}, which {owner} claims too")


def _unclaimed(catalogue: Catalogue, readings: Iterable[str]) -> Iterator[Fault]:
    claimed = {what for flow in catalogue.values() for what in (*flow.intents, *flow.acts)}
    for reading in readings:
        if reading not in claimed:
            yield Fault("*", "*", f"no flow takes {reading}: name it in the intents or the acts of one")


def _unworded(keys: Iterable[Key], words: Words) -> Iterator[Fault]:
    for key in keys:
        for locale, texts in words.items():
            if not any(texts.get(key, ())):
                yield Fault("words", key, f"has no words in {locale}")


def _too_long(keys: Iterable[Key], words: Words) -> Iterator[Fault]:
    """Titles fit a button; a message, its params filled in, leaves room for buttons."""
    for key in keys:
        for locale, text in (
            (locale, text) for locale, texts in words.items() for text in texts.get(key, ())
        ):
            if isinstance(key, Title) and "{" not in text and len(text) > BUTTON_TITLE:
                what = f"the button has {len(text)} characters in {locale}, {BUTTON_TITLE} fit"
                params = {"count": len(text), "locale": locale, "most": BUTTON_TITLE}
                yield Fault("words", key, what, "button_long", params)
            if len(text) + PARAM * text.count("{") > MESSAGE:
                what = f"may have over {MESSAGE} characters in {locale}: WhatsApp refuses it with buttons"
                yield Fault("words", key, what, "message_long", {"locale": locale, "most": MESSAGE})


_RULES = (_dangling, _unreachable, _trap, _versions, _protects_by_asking)
