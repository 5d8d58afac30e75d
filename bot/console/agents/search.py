"""Finds a conversation by the beginnings of any words of a name, a loan or a folio, by how a phone begins or
ends. The words travel in the form and stay in the session: a URL is kept by too many.
"""

import re
from http import HTTPStatus
from typing import Any

from flask import Blueprint, g, redirect, render_template, request, session, url_for
from sqlalchemy import ColumnElement, Connection, FromClause, Select, and_, func, literal_column, select
from werkzeug.wrappers import Response as AnyResponse

from bot.console.agents.board import counted
from bot.web import services
from models import (
    agent_name,
    agent_table,
    borrower_table,
    contact_point_table,
    conversation_table,
    loan_table,
    mandate_table,
    message_table,
    name_word_table,
    plan_table,
    read_tx,
    task_table,
)
from models.base import AnyRow
from models.contact_point import LAST_FOUR
from values import name_words

MOST, MOST_WORDS = 20, 4
MOST_ROWS = 3 * MOST
"""Somebody is found once for each word that begins so."""
SHORTEST, SHORTEST_WORDS = 2, 3
RECENT = 20_000
"""Messages that are looked through for words."""
HIGHEST = "\uffff"
"""Sorts behind every letter: the end of what begins alike, in a range that an index answers."""
_CASE = re.compile(r"[APQ]-[0-9A-F]{3}")
"""How the folio of a dispute, a complaint or a request about personal data begins."""
_FOUND = select(
    conversation_table.c.id,
    conversation_table.c.handler,
    conversation_table.c.agent_id,
    agent_name.label("agent"),
    borrower_table.c.id.label("person_id"),
    borrower_table.c.name,
    contact_point_table.c.key,
    contact_point_table.c.status.label("point"),
)
"""Not distinct: a common name is that of many thousands, of whom the first are enough."""


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/search", view_func=search, methods=["POST"])
    blueprint.add_url_rule("/search", view_func=search_results)


def search() -> AnyResponse:
    """Keeps the words in the session and shows them by another request: «back» works, no URL holds a name."""
    session["searched"] = " ".join(request.form.get("q", "").split())[:80]
    return redirect(url_for("console.search_results"), HTTPStatus.SEE_OTHER)


def search_results() -> str:
    wanted = session.get("searched", "")
    with read_tx(services().engine) as connection:
        found = find(connection, wanted)
        loans = _loans(connection, [row.person_id for row in found])
        return render_template(
            "console/search.html",
            found=found,
            most=MOST,
            loans=loans,
            wanted=wanted,
            board=counted(connection, g.agent),
        )


def find(connection: Connection, wanted: str) -> list[AnyRow]:
    """At most `MOST`, by loan and folio, then phone, then name, each question by an index of its own; where
    none answers, by words of the latest messages.
    """
    rows: dict[tuple[int, int], AnyRow] = {}
    for question in questions(wanted) if len(wanted) >= SHORTEST else ():
        rows |= {(row.id, row.person_id): row for row in connection.execute(question.limit(MOST_ROWS))}
    if not rows and len(wanted) >= SHORTEST_WORDS:
        newest = connection.scalar(select(func.max(message_table.c.id))) or 0
        worded = connection.execute(by_words(wanted, newest))
        rows = {(row.id, row.person_id): row for row in worded}
    return list(rows.values())[:MOST]


def questions(wanted: str) -> list[Select[*tuple[Any, ...]]]:
    joined, code = _found_among(borrower_table), wanted.upper()
    person, owner, point = borrower_table.c.id, loan_table.c.borrower_id, contact_point_table.c
    forms = dict.fromkeys((wanted, code))
    asked: list[Select[*tuple[Any, ...]]] = [
        joined.where(person.in_(_first(owner, loan_table.c.external_id, form))) for form in forms
    ]
    if re.fullmatch(r"[A-Z0-9-]{4,24}", code):
        for papers in (plan_table, mandate_table):
            loans = _first(papers.c.loan_id, papers.c.folio, code)
            asked.append(joined.where(person.in_(select(owner).where(loan_table.c.id.in_(loans)))))
    if _CASE.match(code):
        opened = task_table.c.conversation_id == conversation_table.c.id
        asked.append(joined.join(task_table, opened).where(_begins(task_table.c.key, code)))
    digits = re.sub(r"\D", "", wanted)
    if len(digits) >= 4 and not re.search(r"[^\d\s()+\-.]", wanted):
        national = re.sub(r"^(52)?1?(?=\d{10}$)", "", digits)
        asked.append(joined.where(point.id.in_(_first(point.id, point.key, f"+52{national}"))))
        ends = func.substr(point.key, func.length(point.key) - (len(digits) - 1)) == digits
        ending = select(point.id).where(literal_column(LAST_FOUR) == digits[-4:], ends).limit(MOST_ROWS)
        asked.append(joined.where(point.id.in_(ending)))
    elif words := name_words(wanted):
        named: FromClause = borrower_table
        for word in words[:MOST_WORDS]:
            part = name_word_table.alias()
            named = named.join(
                part, and_(part.c.borrower_id == borrower_table.c.id, _begins(part.c.word, word))
            )
        asked.append(_found_among(named))
    return asked


def by_words(wanted: str, newest: int) -> Select[Any]:
    """Among the latest messages: what somebody remembers having read. Bounded: no search walks all."""
    text = wanted.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
    worded = (
        select(message_table.c.conversation_id)
        .where(message_table.c.id > newest - RECENT, message_table.c.body.ilike(f"%{text}%", escape="\\"))
        .order_by(message_table.c.id.desc())
        .limit(MOST_ROWS)
        .subquery()
    )
    here = worded.c.conversation_id == conversation_table.c.id
    return _found_among(borrower_table).join(worded, here).limit(MOST_ROWS)


def _found_among(people: FromClause) -> Select[*tuple[Any, ...]]:
    return _FOUND.select_from(
        people.join(contact_point_table, contact_point_table.c.borrower_id == borrower_table.c.id)
        .join(conversation_table, conversation_table.c.id == contact_point_table.c.conversation_id)
        .outerjoin(agent_table, agent_table.c.id == conversation_table.c.agent_id)
    )


def _first(wanted: ColumnElement[Any], column: ColumnElement[str], text: str) -> Select[Any]:
    """`wanted` of the first rows that begin so: bounded before anything is joined, for an index that holds
    a hundred thousand of them.
    """
    return select(wanted).where(_begins(column, text)).order_by(column).limit(MOST_ROWS)


def _begins(column: ColumnElement[str], text: str) -> ColumnElement[bool]:
    return (column >= text) & (column < text + HIGHEST)


def _loans(connection: Connection, people: list[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    if people:
        for person, loan in connection.execute(
            select(loan_table.c.borrower_id, loan_table.c.external_id)
            .where(loan_table.c.borrower_id.in_(people))
            .order_by(loan_table.c.id)
        ):
            found.setdefault(person, []).append(loan)
    return found
