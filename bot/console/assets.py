"""The pages' styles and modules. Their address holds a digest of all of them, so that a browser keeps them
for good, and a module finds the others of its own version by a relative import.
"""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, abort, request

FOLDER = Path(__file__).parent / "static"
FOREVER, ASK = "public, max-age=31536000, immutable", "no-cache"


@dataclass(frozen=True, slots=True)
class Asset:
    content: bytes
    compressed: bytes
    content_type: str


ASSETS = {
    path.name: Asset(
        path.read_bytes(),
        gzip.compress(path.read_bytes(), mtime=0),
        mimetypes.guess_type(path.name)[0] or "application/octet-stream",
    )
    for path in sorted(FOLDER.iterdir())
}
MODULES = tuple(name for name in ASSETS if name.endswith(".js") and name != "console.js")
DIGEST = hashlib.blake2s(
    b"".join(name.encode() + asset.content for name, asset in ASSETS.items()), digest_size=8
).hexdigest()


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/static/<digest>/<filename>", "static", asset)
    blueprint.url_defaults(_of_this_version)


def asset(digest: str, filename: str) -> Response:
    """At another version's address the present one, not to be kept: a page may be older than the program."""
    if (found := ASSETS.get(filename)) is None:
        abort(HTTPStatus.NOT_FOUND)
    zipped = request.accept_encodings.quality("gzip") > 0
    response = Response(found.compressed if zipped else found.content, mimetype=found.content_type)
    response.headers["Cache-Control"] = FOREVER if digest == DIGEST else ASK
    response.headers["Vary"] = "Accept-Encoding"
    if zipped:
        response.headers["Content-Encoding"] = "gzip"
    return response


def _of_this_version(endpoint: str, values: dict[str, Any]) -> None:
    if endpoint == "console.static":
        values.setdefault("digest", DIGEST)
