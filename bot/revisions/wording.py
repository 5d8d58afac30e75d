"""Words in place of those that are shipped: `[wording.es_MX]`, `[wording.en]` of the lender's file."""

from collections.abc import Iterator, Sequence

from bot.revisions.kind import Line
from bot.revisions.sections import section
from bot.services import Services
from bot.soundness import flow_faults
from bot.wording import Wording


def words(services: Services, amended: Services) -> Sequence[Line]:
    return list(_changed(services.wording, amended.wording, services, amended))


def _changed(now: Wording, then: Wording, services: Services, amended: Services) -> Iterator[Line]:
    for locale in now.locales:
        names = {*services.lender.wording.get(locale, {}), *amended.lender.wording.get(locale, {})}
        for name in sorted(names):
            yield Line(f"{name} ({locale})", _shown(now, name, locale), _shown(then, name, locale))


def _shown(wording: Wording, name: str, locale: str) -> str:
    text = wording.exact(name, locale) or ""
    return text if isinstance(text, str) else " / ".join(text)


def too_long(amended: Services) -> Sequence[str]:
    """What no longer fits its channel."""
    return flow_faults(amended.wording)


KIND = section("wording", words, too_long)
