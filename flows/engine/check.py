"""Proves the flows sound before anybody meets them. Each rule has a broken flow of its own in
`tests/broken_flows/`.
"""

import inspect
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import FunctionType

from flows.engine.state import Catalogue, Flow

_KEY = re.compile(
    r"\bline\(\s*\"([a-z_]+\.[a-z0-9_]+)\"|\bChoice\([^,]+,\s*\"([a-z_]+\.[a-z0-9_]+)\"|: "
    r"\"([a-z_]+\.[a-z0-9_]+)\""
)
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

    def __str__(self) -> str:
        return f"{self.flow}.{self.state}: {self.what}"


def check(catalogue: Catalogue, words: Words) -> list[Fault]:
    """Every fault of every flow; empty when they are sound."""
    return [fault for flow in catalogue.values() for rule in _RULES for fault in rule(flow, catalogue, words)]


def _dangling(flow: Flow, catalogue: Catalogue, _words: Words) -> Iterator[Fault]:
    for state, goes in flow.goes.items():
        for target in goes:
            known = catalogue if target.startswith("@") else flow.states
            if target not in (".", "!") and target.removeprefix("@") not in known:
                yield Fault(flow.name, state, f"goes to {target}, which does not exist")


def _unreachable(flow: Flow, _catalogue: Catalogue, _words: Words) -> Iterator[Fault]:
    found = {next(iter(flow.states))}
    for _ in flow.states:
        found |= {target for state in found for target in flow.goes[state] if target in flow.states}
    for state in flow.states.keys() - found:
        yield Fault(flow.name, state, "no state goes here")


def _trap(flow: Flow, _catalogue: Catalogue, _words: Words) -> Iterator[Fault]:
    """From every state there is a way out: to the end, to a person, or to another flow."""
    leaving = {
        state for state, goes in flow.goes.items() if any(t in (".", "!") or t.startswith("@") for t in goes)
    }
    for _ in flow.states:
        leaving |= {state for state, goes in flow.goes.items() if leaving & set(goes)}
    for state in flow.states.keys() - leaving:
        yield Fault(flow.name, state, "there is no way out of here")


def _versions(flow: Flow, _catalogue: Catalogue, _words: Words) -> Iterator[Fault]:
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


def keys_of(flow: Flow) -> set[str]:
    """The wording keys that the flow's module says."""
    return {key for source in _sources(flow) for found in _KEY.findall(source) for key in found if key}


def _sources(flow: Flow) -> set[str]:
    return {
        inspect.getsource(inspect.getmodule(state) or state)
        for state in flow.states.values()
        if isinstance(state, FunctionType)
    }


def _unworded(flow: Flow, _catalogue: Catalogue, words: Words) -> Iterator[Fault]:
    for key in sorted(keys_of(flow)):
        for locale, texts in words.items():
            if key not in texts:
                yield Fault(flow.name, "*", f"{key} has no words in {locale}")


def _too_long(flow: Flow, _catalogue: Catalogue, words: Words) -> Iterator[Fault]:
    """Titles fit a button; a message, its params filled in, leaves room for buttons."""
    titles = {
        found
        for source in _sources(flow)
        for found in re.findall(r"Choice\([^,]+,\s*\"([a-z_.0-9]+)\"", source)
    }
    for key in sorted(keys_of(flow)):
        for locale, texts in words.items():
            for text in texts.get(key, ()):
                if key in titles and "{" not in text and len(text) > BUTTON_TITLE:
                    yield Fault(
                        flow.name,
                        "*",
                        f"the button {key} has {len(text)} characters in {locale}, {BUTTON_TITLE} fit",
                    )
                if len(text) + PARAM * text.count("{") > MESSAGE:
                    yield Fault(
                        flow.name,
                        "*",
                        f"{key} may have over {MESSAGE} characters in {locale}: WhatsApp refuses it "
                        "with buttons",
                    )


_RULES = (_dangling, _unreachable, _trap, _versions, _unworded, _too_long)
