"""What a browser loads for the desk: little, and once."""

import gzip
import re
from datetime import datetime

from sqlalchemy import Engine

from tests.desk import Desk, waiting_for_a_person

MOST_BYTES = 200_000
"""Of the first page with all that it loads, compressed."""


def test_the_first_page_is_small_and_its_assets_are_kept(sqlite_engine: Engine, now: datetime) -> None:
    desk = Desk(waiting_for_a_person(sqlite_engine, now), "agent@b.mx")
    desk.act("take")
    page = desk.get(desk.thread)
    paths = set(re.findall(r'(?:href|src)="(/console/static/[^"]+)"', page.text))
    assert {path.rsplit("/")[-1] for path in paths} >= {"base.css", "console.css", "console.js", "morph.js"}
    total = len(gzip.compress(page.data))
    for path in paths:
        asset = desk.get(path, **{"Accept-Encoding": "gzip"})
        assert asset.status_code == 200
        assert asset.headers["Content-Encoding"] == "gzip"
        assert "immutable" in asset.headers["Cache-Control"]
        assert gzip.decompress(asset.data) == desk.get(path).data
        total += len(asset.data)
    assert total < MOST_BYTES
    assert total < 60_000, "it is a third of that, and should stay so"

    for name in ("nothing.js", "..%2Froutes.py"):
        assert desk.get(f"/console/static/abc/{name}").status_code == 404
    old = desk.get("/console/static/abc/console.js")
    assert (old.status_code, old.headers["Cache-Control"]) == (200, "no-cache")
