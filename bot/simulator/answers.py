"""What the stand-ins of both providers answer with."""

from http import HTTPStatus

from flask import Response, jsonify


def created(**fields: object) -> Response:
    return answer(HTTPStatus.CREATED, **fields)


def answer(status: int, /, **fields: object) -> Response:
    made = jsonify(**fields)
    made.status_code = status
    return made
