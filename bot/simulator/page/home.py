"""The page itself, with its words."""

from functools import lru_cache
from typing import Any

from flask import render_template, request

from bot.sample_logins import LOGINS, PASSWORD
from bot.simulator.page.service import blueprint
from bot.web import services
from bot.wording import Wording

LOCALES = {"es": "es_MX", "en": "en"}
PREFIXES = ("simulator.", "ledger.")


@blueprint.get("/")
@blueprint.get("")
def page() -> str:
    """In Spanish, or with `?lang=en` in English; borrowers are written to in their own language all the
    same.
    """
    lang = request.args.get("lang", "es")
    lang = lang if lang in LOCALES else "es"
    lender, words = services().lender.facts, words_of(services().wording, LOCALES[lang])
    initials = "".join(part[0] for part in lender.trade_name.split()[:2])
    return render_template(
        "simulator/page.html",
        lang=lang,
        words=words,
        t=lambda key: words[f"simulator.{key}"],
        lender=lender.trade_name,
        initials=initials,
        login=(LOGINS[0][0], PASSWORD),
    )


@lru_cache(maxsize=4)
def words_of(wording: Wording, locale: str) -> dict[str, Any]:
    """The page's own, as they are in the catalogue; plural forms as lists."""
    return {
        key: wording.raw(key, locale, "kind")
        for _, key in sorted(wording.keys(locale), key=str)
        if key.startswith(PREFIXES)
    }
