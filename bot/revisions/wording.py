"""Words in place of those that are shipped: `[wording.es_MX]`, `[wording.en]` of the lender's file."""

import json
import tomllib
from collections.abc import Iterator, Sequence

from bot.channels.twilio import faults
from bot.compliance import faults as content_faults
from bot.compliance import load_rules
from bot.faults import Fault
from bot.revisions.kind import Line
from bot.revisions.sections import section
from bot.services import Services
from bot.soundness import flow_faults
from bot.wording import Wording, templates


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


def begun(body: str, locale: str, name: str, words: str | tuple[str, ...]) -> str:
    """The text with the words of one key to be changed: where it has none of its own, those in force."""
    if name in tomllib.loads(body).get("wording", {}).get(locale, {}):
        return body
    header, line = f"[wording.{locale}]", f"{json.dumps(name)} = {json.dumps(words, ensure_ascii=False)}"
    if header in body.splitlines():
        return body.replace(f"{header}\n", f"{header}\n{line}\n", 1)
    return f"{body.rstrip()}\n\n{header}\n{line}\n".lstrip()


def unfit(services: Services, amended: Services) -> Iterator[Fault]:
    """What no longer fits its channel, what WhatsApp would refuse, and what the law bars."""
    yield from flow_faults(amended.wording)
    for template in templates(amended.wording):
        if template.words in amended.lender.wording.get(template.language, {}):
            yield from (each.at(f"{template.words} ({template.language})") for each in faults(template))
    yield from _barred(services, amended)


def _barred(services: Services, amended: Services) -> Iterator[Fault]:
    """Of words that are the lender's own; what the shipped words of the same key hold is no fault."""
    rules = load_rules(services.lender.lender.contact_country)
    shipped = Wording.load()
    for locale, texts in amended.lender.wording.items():
        for name in texts:
            before, after = (
                {(each.code, each.found): each for each in content_faults(text, rules, known=True)}
                for text in (_shown(shipped, name, locale), _shown(amended.wording, name, locale))
            )
            for code, found in after.keys() - before.keys():
                what = f"{code}: {found}" if found else code
                yield Fault(f"wording_{code}", what, where=f"wording.{locale}.{name}", found=found)


KIND = section("wording", words, unfit)
