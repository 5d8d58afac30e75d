"""Words that a lender puts in place of those that are shipped, with the same values in them."""

from collections.abc import Iterator, Mapping
from string import Formatter

from bot.wording.words import Text, Wording

Changed = Mapping[str, Mapping[str, Text]]
"""Locale → key, or `key@tone` → words."""


def changed_faults(changed: Changed) -> Iterator[str]:
    """What is wrong with them, each with its key."""
    if not changed:
        return
    shipped = Wording.load()
    for locale, texts in changed.items():
        if locale not in shipped.locales:
            yield f"wording.{locale}: there is no such language: one of {', '.join(shipped.locales)}"
            continue
        for name, words in texts.items():
            yield from (
                f"wording.{locale}.{name}: {fault}" for fault in _faults(shipped, locale, name, words)
            )


def _faults(shipped: Wording, locale: str, name: str, words: Text) -> Iterator[str]:
    before = shipped.exact(name, locale)
    if before is None:
        yield "there is no such text: check its spelling"
    elif len(_forms(before)) != len(_forms(words)):
        yield f"has {len(_forms(before))} forms, the singular and the plural: give each"
    else:
        for old, new in zip(_forms(before), _forms(words), strict=True):
            yield from _differences(old, new)


def _differences(old: str, new: str) -> Iterator[str]:
    if not new.strip():
        yield "is empty"
    try:
        had, has = _variables(old), _variables(new)
    except ValueError as error:
        yield f"has a stray brace ({error}); write {{{{ for a brace"
        return
    if gone := sorted(had - has):
        yield f"lacks {', '.join(f'{{{name}}}' for name in gone)}"
    if more := sorted(has - had):
        yield f"has {', '.join(f'{{{name}}}' for name in more)}, which is not known here"


def _forms(words: Text) -> tuple[str, ...]:
    return (words,) if isinstance(words, str) else words


def _variables(words: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(words) if name is not None}
