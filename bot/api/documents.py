"""The papers of a loan, and each as its PDF."""

import re
from http import HTTPStatus

from flask import Blueprint, Response, jsonify

from bot.api.loans import find
from bot.api.problems import Problem
from bot.documents import document_of, documents_of
from bot.web import services
from models import read_tx

_SAFE = re.compile(r"[^A-Za-z0-9._-]")


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/loans/<id:external_id>/documents", view_func=get_documents)
    blueprint.add_url_rule("/documents/<document_id>", view_func=get_document)


def get_documents(external_id: str) -> Response:
    with read_tx(services().engine) as connection:
        loan = find(connection, external_id)
        return jsonify({"documents": documents_of(connection, loan.id)})


def get_document(document_id: str) -> Response:
    with read_tx(services().engine) as connection:
        found = document_of(connection, document_id)
    if found is None:
        raise Problem(HTTPStatus.NOT_FOUND, f"there is no document {document_id[:64]!r}")
    return pdf(found[1], found[2])


def pdf(name: str, content: bytes) -> Response:
    """For saving, under a name of plain letters."""
    disposition = f'attachment; filename="{_SAFE.sub("-", name)}"'
    return Response(content, mimetype="application/pdf", headers={"Content-Disposition": disposition})
