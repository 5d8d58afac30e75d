"""Words that a lender puts in place of those that are shipped, with the same values in them."""

from collections.abc import Iterable, Iterator, Mapping
from string import Formatter

from bot.faults import Fault
from bot.wording.words import Text, Wording

Changed = Mapping[str, Mapping[str, Text]]
"""Locale → key, or `key@tone` → words."""


def changed_faults(changed: Changed) -> Iterator[Fault]:
    """What is wrong with them, each with its key."""
    if not changed:
        return
    shipped = Wording.load()
    for locale, texts in changed.items():
        if locale not in shipped.locales:
            one_of = ", ".join(shipped.locales)
            what = f"there is no such language: one of {one_of}"
            yield Fault("wording_language", what, where=f"wording.{locale}", one_of=one_of)
            continue
        for name, words in texts.items():
            found = _faults(shipped, locale, name, words)
            yield from (fault.at(f"wording.{locale}.{name}") for fault in found)


def _faults(shipped: Wording, locale: str, name: str, words: Text) -> Iterator[Fault]:
    before = shipped.exact(name, locale)
    if before is None:
        yield Fault("wording_no_such", "there is no such text: check its spelling")
    elif len(_forms(before)) != len(_forms(words)):
        count = len(_forms(before))
        yield Fault(
            "wording_forms", f"has {count} forms, the singular and the plural: give each", count=count
        )
    else:
        for old, new in zip(_forms(before), _forms(words), strict=True):
            yield from _differences(old, new)


def _differences(old: str, new: str) -> Iterator[Fault]:
    if not new.strip():
        yield Fault("wording_empty", "is empty")
    try:
        had, has = _variables(old), _variables(new)
    except ValueError as error:
        yield Fault("wording_brace", f"has a stray brace ({error}); write {{{{ for a brace")
        return
    if gone := sorted(had - has):
        names = _named(gone)
        yield Fault("wording_lacks", f"lacks {names}", names=names)
    if more := sorted(has - had):
        names = _named(more)
        yield Fault("wording_unknown", f"has {names}, which is not known here", names=names)


def _named(variables: Iterable[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in variables)


def _forms(words: Text) -> tuple[str, ...]:
    return (words,) if isinstance(words, str) else words


def _variables(words: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(words) if name is not None}
