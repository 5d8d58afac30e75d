"""One person: contact points, flags and loans."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, jsonify
from sqlalchemy import Connection, select

from bot.api import loan_view
from bot.api.problems import Problem
from bot.reach import health
from bot.web import services
from models import borrower_table, contact_point_table, loan_table, read_tx


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/borrowers/<id:external_id>", view_func=get_borrower)


def unknown_borrower(external_id: str) -> Problem:
    return Problem(HTTPStatus.NOT_FOUND, f"there is no borrower {external_id[:64]!r}")


def borrower_id(connection: Connection, external_id: str) -> int:
    """Raises Problem 404."""
    found = connection.scalar(select(borrower_table.c.id).where(borrower_table.c.external_id == external_id))
    if found is None:
        raise unknown_borrower(external_id)
    return int(found)


def get_borrower(external_id: str) -> Response:
    with read_tx(services().engine) as connection:
        return jsonify(described(connection, external_id))


def described(connection: Connection, external_id: str) -> dict[str, Any]:
    """Raises Problem 404."""
    person = connection.execute(
        select(borrower_table, borrower_table.c.external_id.label("borrower_external_id")).where(
            borrower_table.c.external_id == external_id
        )
    ).first()
    if person is None:
        raise unknown_borrower(external_id)
    points = connection.execute(
        select(contact_point_table)
        .where(contact_point_table.c.borrower_id == person.id)
        .order_by(contact_point_table.c.id)
    ).all()
    rows = connection.execute(
        loan_view.LOANS.where(loan_table.c.borrower_id == person.id).order_by(loan_table.c.id)
    ).all()
    loans = loan_view.describe(connection, services(), rows)
    phone = next((point.key for point in reversed(points) if point.key.startswith("+")), None)
    return loan_view.borrower(person, phone) | {
        "contact_points": [
            {
                "channel": point.channel,
                "address": point.key,
                "status": point.status,
                "health": health(point),
                "worked_at": point.worked_at.isoformat() if point.worked_at else None,
                "confirmed_at": point.confirmed_at.isoformat() if point.confirmed_at else None,
            }
            for point in points
        ],
        "flags": sorted({flag for loan in loans for flag in loan["flags"]}),
        "loans": loans,
    }
