"""Before any page: the token, then the factor; and the headers after it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial, wraps
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from flask import Response, make_response, redirect, render_template, request

from bot.files import MOST_IN_ALL
from bot.page_links import Access, open_token
from bot.pages import session
from bot.pages.turn import facts_of
from bot.pages.words import chosen_language, language, teller
from bot.services import Services
from bot.web import services, typed
from flows.types.effects import Say
from flows.types.facts import BorrowerFacts, Facts, LoanFacts
from flows.types.wording import Line
from models import read_tx

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex",
}


@dataclass(frozen=True, slots=True)
class Visit:
    """A borrower who proved to be who they are, on their own page."""

    services: Services
    token: str
    access: Access
    facts: Facts

    @property
    def person(self) -> BorrowerFacts:
        assert self.facts.borrower is not None
        return self.facts.borrower

    @property
    def language(self) -> str:
        return language(self.person.language)

    def words(self, key: str, **params: str) -> str:
        """What the borrower did on the page, as it stands in the conversation."""
        return self.services.wording.text(f"pages.did_{key}", params, self.language)

    def text(self, lines: tuple[Line, ...]) -> str:
        """As a message would say it, in the page's language."""
        return self.services.wording.render(Say(lines), self.language).text

    def page(self, name: str, status: int = HTTPStatus.OK, **values: Any) -> Response:
        """Under the brand of the `loan` that it is about, if of one."""
        loan: LoanFacts | None = values.get("loan")
        values |= {"facts": self.facts, "lender": self.facts.lender_to(loan.id if loan else None)}
        return shown(name, self.token, self.person.language, status, **values)

    def back(self, done: str) -> Response:
        """To the first page, with a word of what was done."""
        address = f"/m/{self.token}?done={done}{chosen_language('&')}"
        return make_response(redirect(address, HTTPStatus.SEE_OTHER))

    def to(self, page: str, loan: LoanFacts) -> Response:
        """To another page about the same loan."""
        asked = urlencode({"loan": loan.external_id}) + chosen_language("&")
        return make_response(redirect(f"/m/{self.token}/{page}?{asked}", HTTPStatus.SEE_OTHER))


def protect(response: Response) -> Response:
    response.headers.update(HEADERS)
    return response


_READ_AT = {"home": "", "agree": "/choose", "terms": "/account", "locked": "/who", "closed": ""}
"""Where a page is read that a form was answered by; others by their own name."""


def _in_language(name: str, token: str, code: str) -> str:
    """The address of this page in another language."""
    path = request.path if request.method == "GET" else f"/m/{token}{_READ_AT.get(name, f'/{name}')}"
    asked = {part: request.values[part] for part in ("loan", "offer", "by_hand") if request.values.get(part)}
    return f"{path}?{urlencode(asked | {'lang': code})}"


def shown(name: str, token: str, preferred: str, status: int = HTTPStatus.OK, **values: Any) -> Response:
    """A page in the visitor's language."""
    locale = language(preferred)
    found = render_template(
        f"pages/{name}.html",
        token=token,
        locale=locale,
        form_token=session.form_token(services()),
        query=chosen_language("?"),
        in_language=partial(_in_language, name, token),
        typed=typed,
        **teller(services(), locale),
        **{"lender": services().lender.facts, **values},
    )
    return make_response(found, status)


def unproved(name: str, token: str, access: Access, status: int = HTTPStatus.OK, **values: Any) -> Response:
    """A page for whoever holds the link: it shows nothing but whom the link is of."""
    return shown(name, token, "es_MX", status, lender=services().lender.facts.named(access.brand), **values)


def closed(token: str) -> Response:
    """No such page, or no longer: the same for all reasons."""
    return shown("closed", token, "es_MX", HTTPStatus.NOT_FOUND)


def access_of(token: str) -> Access | None:
    with read_tx(services().engine) as connection:
        return open_token(connection, services(), token, services().clock.now())


def own(view: Callable[[Visit], Response], most_bytes: int = MOST_IN_ALL) -> Callable[[str], Response]:
    """A page for the borrower alone: others are asked for the factor first."""

    @wraps(view)
    def guarded(token: str) -> Response:
        access = access_of(token)
        if access is None:
            return closed(token)
        if access.locked:
            return unproved("locked", token, access, HTTPStatus.FORBIDDEN)
        if not session.is_open(services(), access):
            return make_response(redirect(f"/m/{token}/who{chosen_language('?')}", HTTPStatus.SEE_OTHER))
        request.max_content_length = most_bytes
        if request.method == "POST" and not session.came_from_us(services()):
            return unproved("closed", token, access, HTTPStatus.FORBIDDEN)
        with read_tx(services().engine) as connection:
            _, facts = facts_of(connection, services(), access.borrower_id, services().clock.now())
        try:
            return view(Visit(services(), token, access, facts))
        finally:
            for file in request.files.values() if request.method == "POST" else ():
                file.close()

    return guarded
