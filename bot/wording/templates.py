"""What may open a conversation: messages of one line that are submitted for approval as WhatsApp
templates.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from bot.wording.words import Wording
from flows.types.wording import title

_PLAN = (("pay_now", "menu.pay_now"), ("paid", "menu.paid"), ("agent", "menu.agent"))
TEMPLATES: dict[str, tuple[tuple[str, str], ...]] = {
    "identity.opening": (("yes", "answer.yes"), ("no", "answer.no")),
    "identity.opening_page": (("yes", "answer.yes"), ("no", "answer.no")),
    "identity.opening_case": (("yes", "answer.yes"), ("no", "answer.no")),
    "identity.shared": (),
    "identity.still_here": (("yes", "answer.yes"), ("no", "answer.no")),
    "reminder.before": (
        ("pay_now", "menu.pay_now"),
        ("paid", "menu.paid"),
        ("later", "menu.later"),
        ("agent", "menu.agent"),
    ),
    "reminder.due": (
        ("pay_now", "menu.pay_now"),
        ("paid", "menu.paid"),
        ("later", "menu.later"),
        ("agent", "menu.agent"),
    ),
    "reminder.late": (
        ("pay_now", "menu.pay_now"),
        ("paid", "menu.paid"),
        ("later", "menu.later"),
        ("agent", "menu.agent"),
    ),
    "invitation.offer": (("yes", "answer.yes"), ("no", "answer.no")),
    "invitation.offer_debit": (("yes", "answer.yes"), ("no", "answer.no")),
    "statement.ready": (),
    "agent.resume": (),
    "agent.answer": (),
    "agent.called": (),
    "news.paid": (),
    "news.paid_off": (),
    "news.paid_kept": (),
    "news.paid_reported": (),
    "news.paid_not_found": (("agent", "menu.agent"),),
    "news.promise_partial": (("pay_now", "menu.pay_now"), ("later", "menu.later"), ("agent", "menu.agent")),
    "news.promise_broken": (("pay_now", "menu.pay_now"), ("later", "menu.later"), ("agent", "menu.agent")),
    "news.mandate_active": (),
    "news.mandate_rejected": (),
    "news.mandate_rejected_keeps": (),
    "news.mandate_cancelled": (),
    "news.charge_notified": (),
    "news.charge_moved": (),
    "news.charge_held": (),
    "news.charge_collected": (),
    "news.charge_less": (),
    "news.charge_settled": (),
    "news.charge_returned": (),
    "news.charge_new_account": (
        ("debit", "menu.debit"),
        ("pay_now", "menu.pay_now"),
        ("agent", "menu.agent"),
    ),
    "news.charge_stopped": (("pay_now", "menu.pay_now"), ("later", "menu.later"), ("agent", "menu.agent")),
    "news.charge_retried": (),
    "news.charge_reversed": (),
    "news.case_upheld": (),
    "news.case_partly": (),
    "news.case_dismissed": (("agent", "menu.agent"),),
    "news.privacy_upheld": (),
    "news.privacy_partly": (),
    "news.privacy_dismissed": (("agent", "menu.agent"),),
    "offers.news_reminder": _PLAN,
    "offers.news_missed": _PLAN,
    "offers.news_moved": _PLAN,
    "offers.news_broken": _PLAN,
    "offers.news_kept": (),
    "offers.news_settled": (),
    "offers.news_late": (),
    "pages.given": (),
    "offers.news_agreement": (),
    "offers.news_letter": (),
}
"""Key → its buttons `(payload, key of the title)`."""

FORMS = ("promise.ask_day", "promise.ask_day_of")
"""Questions that a form may put as well, where WhatsApp has one: its answer is a day and a sum."""
_OPEN = title("form.open")

WITH_DEBIT = ("debit", "menu.debit")
"""The further button of a reminder, where the automatic charge is offered: a template of its own."""

_TONED = ("reminder.before", "reminder.due", "reminder.late")
_PARAM = re.compile(r"\{(\w+)(?::\w+)?\}")
_SAMPLES = {
    "name": "Ana",
    "hours": "lunes a viernes de 9 a 18 h",
    "lender": "Crédito Jacaranda",
    "amount": "$850.00",
    "due_date": "viernes 27 de noviembre",
    "days": "5",
    "rest": "$1,700.00",
    "paid": "$400.00",
    "promised": "$850.00",
    "folio": "D1-261124",
    "une_phone": "55 5555 0100",
    "une_email": "une@jacaranda.example",
    "charge_on": "viernes 27 de noviembre",
    "bank": "BBVA",
    "last4": "7899",
    "loan": "JAC-1001",
    "was": "viernes 27 de noviembre",
    "noticed": "$1,000.00",
    "date": "viernes 15 de enero",
    "latest": "viernes 11 de diciembre",
    "retry_on": "lunes 30 de noviembre",
    "agent": "Laura",
    "url": "https://cobranza.example/m/abc",
}


@dataclass(frozen=True, slots=True)
class Template:
    """As submitted: `{{1}}`, `{{2}}` … for the params in the order of their first appearance, one sample for
    each.
    """

    name: str
    language: str
    key: str
    body: str
    params: tuple[str, ...]
    samples: tuple[str, ...]
    buttons: tuple[tuple[str, str], ...]
    """`(payload, title)`"""
    form: str = ""
    """WhatsApp's id of the form that its one button opens."""
    tone: str = "kind"

    @property
    def words(self) -> str:
        """The key, or `key@tone`, under which a lender gives words of its own."""
        return self.key if self.tone == "kind" else f"{self.key}@{self.tone}"


def template_name(key: str, tone: str, *, debit: bool = False, one: bool = False) -> str:
    """Lower case, digits and underscores, as the provider wants it. `one`: the singular, a template of its
    own. `debit`: with the button for the automatic charge, which only reminders have with and without.
    """
    return (
        f"acuerdo_{key.replace('.', '_')}"
        + (f"_{tone}" if key in _TONED else "")
        + ("_debit" if debit and key in _TONED else "")
        + ("_one" if one else "")
    )


def templates(wording: Wording, forms: Mapping[str, str] | None = None) -> Iterator[Template]:
    """Every template in every language and tone, as the catalogues word them. `forms`: ids by language."""
    for locale, form in (forms or {}).items():
        yield from (form_template(wording, key, locale, form) for key in FORMS)
    for locale in wording.locales:
        for key, buttons in TEMPLATES.items():
            for tone in ("kind", "neutral", "firm") if key in _TONED else ("kind",):
                words = wording.raw(key, locale, tone)
                for one, body in (
                    ((False, words),) if isinstance(words, str) else ((True, words[0]), (False, words[-1]))
                ):
                    name = template_name(key, tone, one=one)
                    yield replace(_template(wording, locale, key, body, name, buttons), tone=tone)
                    if key in _TONED:
                        with_debit = (*buttons[:-1], WITH_DEBIT, buttons[-1])
                        name = template_name(key, tone, debit=True, one=one)
                        yield replace(_template(wording, locale, key, body, name, with_debit), tone=tone)


def form_template(wording: Wording, key: str, locale: str, form: str) -> Template:
    words = wording.raw(key, locale, "kind")
    assert isinstance(words, str)
    name = f"{template_name(key, 'kind')}_form"
    return replace(_template(wording, locale, key, words, name, (("form", _OPEN),)), form=form)


def _template(
    wording: Wording, locale: str, key: str, body: str, name: str, buttons: tuple[tuple[str, str], ...]
) -> Template:
    params = tuple(dict.fromkeys(_PARAM.findall(body)))
    numbered = body
    for number, param in enumerate(params, 1):
        numbered = re.sub(rf"\{{{param}(?::\w+)?\}}", f"{{{{{number}}}}}", numbered)
    titles = tuple((payload, wording.text(title, {}, locale)) for payload, title in buttons)
    samples = tuple(_SAMPLES[name] for name in params)
    return Template(name, locale, key, numbered, params, samples, titles)
