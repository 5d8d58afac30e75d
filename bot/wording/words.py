"""The catalogues, read once from their `.po` files, and the making of a message from its lines."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.messages.pofile import read_po
from babel.numbers import format_currency

import locales
from bot.wording.hours import in_english, line_in_english
from flows.types.effects import Say
from values import Money

FOLDER = Path(locales.__file__).parent
DEFAULT = "es_MX"
LONG_DAY = {"es": "EEEE d 'de' MMMM", "en": "EEEE, d MMMM"}
FULL_DAY = {"es": "d 'de' MMMM 'de' y", "en": "d MMMM y"}
_IN_ENGLISH = {"hours": in_english, "crisis_line": line_in_english}
"""Params that the lender's file words in Spanish."""
SHORT_DAY = "EEE d MMM"

Text = str | tuple[str, ...]
"""A message, or its plural forms."""


class MissingWords(KeyError):
    """A key has no words in a catalogue."""

    def __init__(self, key: str, locale: str, tone: str) -> None:
        super().__init__(
            f"{key} has no words in {locale} (tone {tone}): add it to a file of locales/{locale}/LC_MESSAGES"
        )


class DuplicateKey(ValueError):
    """Two domains of a locale define the same key."""

    def __init__(self, key: str, path: Path) -> None:
        super().__init__(f"{path}: {key} is defined in another file of this folder too: keep one of them")


@dataclass(frozen=True, slots=True)
class Rendered:
    text: str
    choices: tuple[dict[str, str], ...] = ()
    """`{payload, title}`"""


class _Day:
    """A day in a sentence: «viernes 27 de noviembre»; «vie 27 nov» as `{day:short}`, «27 de noviembre de
    2026» as `{day:full}`.
    """

    __slots__ = ("_day", "_locale")

    def __init__(self, day: date, locale: Locale) -> None:
        self._day, self._locale = day, locale

    def __format__(self, spec: str) -> str:
        pattern = (
            SHORT_DAY
            if spec == "short"
            else (FULL_DAY if spec == "full" else LONG_DAY)[self._locale.language]
        )
        return _day(self._day, str(self._locale), pattern)


@lru_cache(maxsize=4096)
def _day(day: date, locale: str, pattern: str) -> str:
    return format_date(day, pattern, locale=locale).replace(".", "")


@lru_cache(maxsize=4096)
def _money(money: Money, locale: str) -> str:
    return (
        format_currency(money.pesos, money.currency, locale=locale)
        if locale.startswith("es")
        else f"MXN {money.pesos:,.2f}"
    )


class Wording:
    """`text(key, params, locale, tone)` for one line, `render(say, locale)` for a message."""

    def __init__(self, catalogues: Mapping[str, Mapping[tuple[str | None, str], Text]]) -> None:
        self._catalogues = catalogues
        self._locales = {name: Locale.parse(name) for name in catalogues}
        self._plurals = {name: locale.plural_form for name, locale in self._locales.items()}

    @classmethod
    def load(cls) -> "Wording":
        """All domains of each locale, one `.po` file each. Raises DuplicateKey."""
        return cls(
            {folder.parent.name: _read_domains(folder) for folder in sorted(FOLDER.glob("*/LC_MESSAGES"))}
        )

    def changing(self, texts: Mapping[str, Mapping[str, Text]]) -> "Wording":
        """The same with other words, or further ones: locale → key, or `key@tone` → words."""
        return Wording(
            {
                locale: {
                    **catalogue,
                    **{_split(name): words for name, words in texts.get(locale, {}).items()},
                }
                for locale, catalogue in self._catalogues.items()
            }
        )

    def exact(self, name: str, locale: str) -> Text | None:
        """The words of a key, or a `key@tone`, themselves."""
        return self._catalogues[locale].get(_split(name))

    @property
    def locales(self) -> tuple[str, ...]:
        return tuple(self._catalogues)

    def keys(self, locale: str) -> set[tuple[str | None, str]]:
        """`(tone or null, key)`"""
        return set(self._catalogues[locale])

    def inventory(self) -> dict[str, dict[str, tuple[str, ...]]]:
        """Locale → key → its texts in every tone and plural, for `flows.engine.check`."""
        found: dict[str, dict[str, tuple[str, ...]]] = {}
        for locale, catalogue in self._catalogues.items():
            texts = found.setdefault(locale, {})
            for (_, key), words in catalogue.items():
                texts[key] = texts.get(key, ()) + ((words,) if isinstance(words, str) else words)
        return found

    def raw(self, key: str, locale: str, tone: str = "kind", register: str = "") -> Text:
        """The words as the catalogue has them, of the register if it has its own. Raises MissingWords."""
        catalogue = self._catalogues.get(locale) or self._catalogues[DEFAULT]
        words = (catalogue.get((register, key)) if register else None) or catalogue.get((tone, key))
        words = words or catalogue.get((None, key))
        if not words:
            raise MissingWords(key, locale, tone)
        return words

    def text(
        self, key: str, params: Mapping[str, Any], locale: str, tone: str = "kind", register: str = ""
    ) -> str:
        locale = locale if locale in self._catalogues else DEFAULT
        words = self.raw(key, locale, tone, register)
        if not isinstance(words, str):
            words = words[0] if self.singular(key, params, locale, tone) else words[-1]
        return words.format_map(self._shown(params, locale)) if "{" in words else words

    def singular(self, key: str, params: Mapping[str, Any], locale: str, tone: str = "kind") -> bool:
        """Whether the words have a singular, and the count among the params calls for it."""
        count = next(
            (value for value in params.values() if isinstance(value, int) and not isinstance(value, bool)), 0
        )
        return (
            not isinstance(self.raw(key, locale, tone), str)
            and self._plurals.get(locale, self._plurals[DEFAULT])(count) == "one"
        )

    def render(self, say: Say, locale: str) -> Rendered:
        """Lines are paragraphs; those whose key ends in `_item` stand in a list."""
        text = ""
        for key, params in say.lines:
            gap = "" if not text else "\n" if key.endswith("_item") else "\n\n"
            text += gap + self.text(key, params, locale, say.tone, say.register)
        choices = tuple(
            {"payload": c.payload, "title": self.text(c.key, c.params, locale)} for c in say.choices
        )
        return Rendered(text, choices)

    def variables(self, names: tuple[str, ...], params: Mapping[str, Any], locale: str) -> tuple[str, ...]:
        """The params of a template, each as it reads in the text."""
        shown = self._shown(params, locale if locale in self._catalogues else DEFAULT)
        return tuple(f"{shown[name]}" for name in names)

    def _shown(self, params: Mapping[str, Any], name: str) -> dict[str, Any]:
        locale = self._locales[name]
        shown: dict[str, Any] = {}
        for key, value in params.items():
            if isinstance(value, Money):
                shown[key] = _money(value, name)
            elif isinstance(value, datetime):
                shown[key] = format_datetime(value, "short", locale=locale)
            elif isinstance(value, date):
                shown[key] = _Day(value, locale)
            elif key in _IN_ENGLISH and locale.language == "en":
                shown[key] = _IN_ENGLISH[key](str(value))
            else:
                shown[key] = value
        return shown


def _split(name: str) -> tuple[str | None, str]:
    key, _, tone = name.partition("@")
    return tone or None, key


@cache  # the files are shipped: a process reads them once
def _read_domains(folder: Path) -> dict[tuple[str | None, str], Text]:
    words: dict[tuple[str | None, str], Text] = {}
    for path in sorted(folder.glob("*.po")):
        domain = _read(path)
        for tone, key in words.keys() & domain.keys():
            raise DuplicateKey(key if tone is None else f"{key} ({tone})", path)
        words |= domain
    return words


def read_keys(path: Path) -> set[tuple[str | None, str]]:
    """`(tone or null, key)` of one `.po` file."""
    return set(_read(path))


def _read(path: Path) -> dict[tuple[str | None, str], Text]:
    with path.open("rb") as file:
        catalogue = read_po(file)
    words: dict[tuple[str | None, str], Text] = {}
    for message in catalogue:
        if message.id:
            key = message.id if isinstance(message.id, str) else message.id[0]
            words[message.context, key] = (
                message.string if isinstance(message.string, str) else tuple(message.string or ())
            )
    return words
