"""What the lender tunes: seen with its versions, changed with a check and a preview, decided by a second
person.
"""

import re
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from sqlalchemy import Connection, select
from werkzeug.wrappers import Response as AnyResponse

from bot import revisions
from bot.compliance import rules_text
from bot.console.access import guard
from bot.console.agents.board import counted
from bot.console.formatting import locale, text
from bot.console.managers.comments import PREFIX, translated
from bot.revisions import (
    KINDS,
    Faulty,
    Kind,
    NotOpen,
    NotTried,
    Outdated,
    SamePerson,
    Unexplained,
    Version,
)
from bot.web import services
from bot.wording import templates
from models import agent_table, read_tx, revision_table, template_table
from models.base import AnyRow

NAME = re.compile(r"[a-z0-9-]{1,30}")
MOST_PROPOSALS, MOST_TEXTS, MOST_FEW = 30, 60, 3
OWN_PAGES = ("console.", "reports.", "simulator.", "papers.", "faults.", PREFIX)
"""Keys of words that no borrower reads."""
BEGINNING = """name = "{name}"

[[steps]]
name = "due"
day = 0
until = 0
flow = "reminder"
tone = "kind"
"""
"""Of a new strategy: the least that may be put in force."""
Page = str | tuple[str, HTTPStatus] | AnyResponse


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/rules", view_func=rules)
    blueprint.add_url_rule("/rules/new", view_func=new_rule)
    blueprint.add_url_rule("/rules/<kind>/<name>", view_func=rule)
    blueprint.add_url_rule("/rules/<kind>/<name>/edit", view_func=edit_rule)
    blueprint.add_url_rule("/rules/<kind>/<name>/edit", "propose_rule", propose, methods=["POST"])
    blueprint.add_url_rule("/rules/proposals/<int:revision_id>", view_func=proposal)
    blueprint.add_url_rule(
        "/rules/proposals/<int:revision_id>/<any(approve, reject):act>",
        "decide_rule",
        decide,
        methods=["POST"],
    )


def rules() -> str:
    return _rules()


def _rules(wrong: str = "") -> str:
    """Their texts, what waits for a second person, and what is only seen: templates, the law."""
    with read_tx(services().engine) as connection:
        listed = {
            kind.name: [
                (name, kind.versions(connection, services(), name)[0]) for name in kind.names(connection)
            ]
            for kind in KINDS.values()
        }
        return render_template(
            "console/rules.html",
            board=counted(connection, g.agent),
            listed=listed,
            proposals=_proposals(connection),
            names=_names(connection),
            templates=_templates(connection),
            law=_read(rules_text(services().lender.lender.contact_country)),
            may_manage=guard.may_manage(g.agent),
            wrong=wrong,
        )


def rule(kind: str, name: str) -> str:
    known = _kind(kind)
    with read_tx(services().engine) as connection:
        versions = _versions(connection, known, name) or abort(HTTPStatus.NOT_FOUND)
        before = [*(each.body for each in versions[1:]), ""]
        return render_template(
            "console/rule.html",
            board=counted(connection, g.agent),
            kind=known,
            name=name,
            versions=[
                (each, list(revisions.differences(older, each.body)) if older else [])
                for each, older in zip(versions, before, strict=True)
            ],
            proposals=[each for each in _proposals(connection) if (each.kind, each.name) == (kind, name)],
            turned_down=_turned_down(connection, kind, name),
            names=_names(connection),
            texts=_texts() if kind == "wording" else [],
            may_manage=guard.may_manage(g.agent),
        )


def edit_rule(kind: str, name: str) -> str:
    """From the text in force, or from the version that is asked for: so a change is rolled back."""
    _managers_alone()
    known = _kind(kind)
    with read_tx(services().engine) as connection:
        versions = _versions(connection, known, name)
        board = counted(connection, g.agent)
    number = request.args.get("version", type=int)
    chosen = next((each for each in versions if each.number == number), versions[0] if versions else None)
    if chosen is None and not (kind == "strategy" and NAME.fullmatch(name)):
        abort(HTTPStatus.NOT_FOUND)
    body = chosen.body if chosen else BEGINNING.format(name=name)
    if kind == "wording" and number is None:
        body = _with_key(body)
    return render_template(
        "console/rule_edit.html",
        board=board,
        kind=known,
        name=name,
        is_new=chosen is None,
        body=body,
        why="",
        faults=[],
        found=None,
    )


def _with_key(body: str) -> str:
    """The words of a template, or of any other text, that is asked for are there to be changed."""
    locale, key = request.args.get("language", ""), request.args.get("key", "")
    if not key or locale not in services().wording.locales:
        return body
    words = services().wording.exact(key, locale)
    return body if words is None else revisions.begun(body, locale, key, words)


def new_rule() -> Page:
    """A strategy of another name."""
    name = request.args.get("name", "")
    if not NAME.fullmatch(name):
        return _rules("rules_new_how"), HTTPStatus.UNPROCESSABLE_ENTITY
    return redirect(url_for("console.edit_rule", kind="strategy", name=name))


def propose(kind: str, name: str) -> Page:
    """Checked, with what it would change; with `propose`, handed to a second person."""
    _managers_alone()
    known = _kind(kind)
    body, why = request.form.get("body", ""), request.form.get("why", "").strip()[:500]
    if "propose" in request.form and why:
        try:
            by = f"agent:{g.agent.id}"
            made = revisions.propose(services(), known, name, body, by=by, why=why)
            return redirect(url_for("console.proposal", revision_id=made), HTTPStatus.SEE_OTHER)
        except Faulty:
            pass  # shown below, like those of a check
    faults = list(known.faults(services(), name, body))
    unexplained = "propose" in request.form and not (why or faults)
    with read_tx(services().engine) as connection:
        board = counted(connection, g.agent)
        versions = _versions(connection, known, name)
    current = versions[0] if versions else Version(0, "")
    page = render_template(
        "console/rule_edit.html",
        board=board,
        kind=known,
        name=name,
        is_new=not versions,
        body=body,
        why=why,
        faults=faults,
        unexplained=unexplained,
        found=None if faults else _changes(known, name, current.body, body, slowly="slowly" in request.form),
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if faults or unexplained else HTTPStatus.OK


def proposal(revision_id: int) -> str:
    return _proposal(revision_id)


def decide(revision_id: int, act: str) -> Page:
    _managers_alone()
    by = f"agent:{g.agent.id}"
    try:
        if act == "approve":
            revisions.approve(services(), revision_id, by=by)
        else:
            why = request.form.get("why", "").strip()[:500]
            revisions.reject(services(), revision_id, by=by, why=why)
    except (NotOpen, SamePerson, Outdated, Unexplained) as error:
        return _proposal(revision_id, f"rules_{type(error).__name__.lower()}"), HTTPStatus.CONFLICT
    return redirect(url_for("console.proposal", revision_id=revision_id), HTTPStatus.SEE_OTHER)


def _proposal(revision_id: int, wrong: str = "") -> str:
    with read_tx(services().engine) as connection:
        query = select(revision_table).where(revision_table.c.id == revision_id)
        row = connection.execute(query).first() or abort(HTTPStatus.NOT_FOUND)
        known = _kind(row.kind)
        versions = _versions(connection, known, row.name)
        base = next((each for each in versions if each.number == row.base), Version(0, ""))
        board, names = counted(connection, g.agent), _names(connection)
    is_open = row.status == "proposed"
    faults = list(known.faults(services(), row.name, row.body)) if is_open else []
    return render_template(
        "console/rule_proposal.html",
        board=board,
        row=row,
        kind=known,
        is_new=not versions,
        names=names,
        wrong=wrong,
        faults=faults,
        found=_changes(
            known,
            row.name,
            base.body,
            _read(row.body),
            preview=is_open and not faults,
            slowly="slowly" in request.args,
        ),
        may_decide=is_open and guard.may_manage(g.agent),
        own=row.proposed_by == f"agent:{g.agent.id}",
    )


def _changes(
    known: Kind, name: str, before: str, after: str, *, preview: bool = True, slowly: bool = False
) -> dict[str, Any]:
    return {
        "differences": list(revisions.differences(before, after)),
        "lines": known.preview(services(), name, after) if preview else [],
        "slow": _slow(known, name, after, slowly=slowly) if preview else None,
    }


def _slow(known: Kind, name: str, body: str, *, slowly: bool) -> dict[str, Any] | None:
    """The lines that take seconds, null until they are asked for, or where they are not found out: why."""
    if known.slow_preview is None:
        return None
    try:
        lines = list(known.slow_preview(services(), name, body)) if slowly else None
    except NotTried as error:
        untried = text(f"rules_untried_{error.why}", seconds=revisions.LIMIT_SECONDS)
        return {"lines": None, "untried": untried, "goes_on": error.why != "late"}
    return {"lines": lines, "untried": "", "goes_on": False}


def _versions(connection: Connection, known: Kind, name: str) -> list[Version]:
    """With the comments of what is shipped in the reader's language."""
    return [replace(each, body=_read(each.body)) for each in known.versions(connection, services(), name)]


def _read(body: str) -> str:
    return translated(body, services().wording, locale())


def _texts() -> list[tuple[str, str, str]]:
    """Those that are shipped and contain what is asked for: key, language, words."""
    asked = request.args.get("q", "").strip().casefold()
    if len(asked) < MOST_FEW:
        return []
    wording = services().wording
    found = [
        (
            key if tone is None else f"{key}@{tone}",
            locale,
            words if isinstance(words, str) else " / ".join(words),
        )
        for locale in wording.locales
        for tone, key in sorted(wording.keys(locale), key=lambda each: (each[1], each[0] or ""))
        if not key.startswith(OWN_PAGES) and (words := wording.raw(key, locale, tone or "kind"))
    ]
    return [each for each in found if any(asked in part.casefold() for part in each)][:MOST_TEXTS]


def _proposals(connection: Connection) -> list[AnyRow]:
    """Those that wait, the newest first."""
    row = revision_table.c
    query = select(revision_table).where(row.status == "proposed").order_by(row.id.desc())
    return list(connection.execute(query.limit(MOST_PROPOSALS)).all())


def _turned_down(connection: Connection, kind: str, name: str) -> list[AnyRow]:
    """The latest that never came into force."""
    row = revision_table.c
    ended = (row.kind == kind) & (row.name == name) & row.status.in_(("rejected", "withdrawn"))
    query = select(revision_table).where(ended).order_by(row.decided_at.desc(), row.id.desc())
    return list(connection.execute(query.limit(MOST_PROPOSALS)).all())


def _templates(connection: Connection) -> list[tuple[str, str, str, str, str]]:
    """WhatsApp templates as they are worded now: name, language, words, whether they may be sent, and the
    key of the words.
    """
    known = select(template_table).where(template_table.c.name.is_not(None))
    status = {(row.name, row.language): row.status for row in connection.execute(known)}
    return [
        (
            each.name,
            each.language,
            each.body,
            status.get((each.name, each.language), "unsubmitted"),
            each.words,
        )
        for each in templates(services().wording)
    ]


def _names(connection: Connection) -> dict[str, str]:
    """Actor → the name of the agent behind it."""
    agents = connection.execute(select(agent_table.c.id, agent_table.c.name, agent_table.c.email))
    return {f"agent:{row.id}": row.name or row.email for row in agents}


def _managers_alone() -> None:
    if not guard.may_manage(g.agent):
        abort(HTTPStatus.FORBIDDEN)


def _kind(name: str) -> Kind:
    return KINDS.get(name) or abort(HTTPStatus.NOT_FOUND)
