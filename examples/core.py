"""A lender's core system, as small as it can be: its loans go to Acuerdo every night, and what became of them
comes back within seconds.

    python examples/core.py sample                      # makes core.db with three loans
    python examples/core.py nightly                     # sends them all: PUT /api/v1/loans
    python examples/core.py listen --port 9000          # takes webhooks; ACUERDO_WEBHOOK_SECRET signs them
    python examples/core.py catch-up                    # reads what was missed: GET /api/v1/events

ACUERDO_URL (http://127.0.0.1:8000) and ACUERDO_KEY (`acuerdo keys add core`) say where Acuerdo is. It needs
`requests` and `standardwebhooks`, which Acuerdo installs too.
"""

import argparse
import json
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import requests
from standardwebhooks import Webhook, WebhookVerificationError

SCHEMA = """
CREATE TABLE IF NOT EXISTS loan (id TEXT PRIMARY KEY, row TEXT NOT NULL, paid INTEGER NOT NULL DEFAULT 0,
                                 promised TEXT, status TEXT NOT NULL DEFAULT 'current');
CREATE TABLE IF NOT EXISTS seen (id TEXT PRIMARY KEY, position INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS work (event TEXT PRIMARY KEY, loan TEXT, kind TEXT NOT NULL);
"""
Call = Callable[[str, str, Any], Any]
"""Method, path and body of a call to Acuerdo's API; its JSON."""


class Core:
    """The lender's own books. Every event is applied once, whichever way it comes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with self._open() as books:
            books.executescript(SCHEMA)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self.path, timeout=10)) as books, books:
            yield books

    def add(self, *rows: dict[str, Any]) -> None:
        with self._open() as books:
            books.executemany(
                "INSERT OR REPLACE INTO loan (id, row) VALUES (?, ?)",
                [(row["external_id"], json.dumps(row)) for row in rows],
            )

    def nightly(self, call: Call, as_of: date) -> dict[str, int]:
        """Sends every loan as it stands at the end of `as_of`; how many were applied how."""
        with self._open() as books:
            rows = [
                json.loads(row) | {"as_of": as_of.isoformat()}
                for (row,) in books.execute("SELECT row FROM loan")
            ]
        counts: dict[str, int] = {}
        for first in range(0, len(rows), 1_000):
            for answer in call("PUT", "/loans", {"loans": rows[first : first + 1_000]})["loans"]:
                counts[answer["applied"]] = counts.get(answer["applied"], 0) + 1
        return counts

    def take(self, event: dict[str, Any]) -> bool:
        """Applies an event and remembers it, in one transaction; whether it was new."""
        with self._open() as books:
            new = books.execute(
                "INSERT OR IGNORE INTO seen VALUES (?, ?)", (event["id"], event["position"])
            ).rowcount
            if new:
                self._apply(books, event["id"], event["type"], event["data"])
        return bool(new)

    @staticmethod
    def _apply(books: sqlite3.Connection, event: str, kind: str, data: dict[str, Any]) -> None:
        loan = data["loan"]
        received = -sum(
            leg["amount"]
            for leg in data.get("postings", [])
            if leg["account"].startswith(("receivable:", "unapplied"))
        )
        if kind in ("payment.posted", "payment.reversed", "charge.collected", "charge.reversed"):
            books.execute("UPDATE loan SET paid = paid + ? WHERE id = ?", (received, loan))
        elif kind == "promise.made":
            books.execute("UPDATE loan SET promised = ? WHERE id = ?", (data["data"].get("date"), loan))
        elif kind == "loan.settled":
            books.execute("UPDATE loan SET status = 'settled' WHERE id = ?", (loan,))
        elif kind == "task.opened":
            books.execute("INSERT OR IGNORE INTO work VALUES (?, ?, ?)", (event, loan, data["kind"]))

    def catch_up(self, call: Call) -> int:
        """Reads the whole feed from the first position that is lacking; how many were new."""
        with self._open() as books:
            positions = [row[0] for row in books.execute("SELECT position FROM seen ORDER BY position")]
        after = next((i for i, position in enumerate(positions) if position != i + 1), len(positions))
        new = 0
        while True:
            page = call("GET", f"/events?after={after}&limit=1000", None)
            new += sum(self.take(event) for event in page["events"])
            after = int(page["next"])
            if page["next_cursor"] is None:
                return new

    def loan(self, loan: str) -> dict[str, Any]:
        with self._open() as books:
            paid, promised, status = books.execute(
                "SELECT paid, promised, status FROM loan WHERE id = ?", (loan,)
            ).fetchone()
        return {"paid": paid, "promised": promised, "status": status}


def make_server(core: Core, secret: str, port: int) -> ThreadingHTTPServer:
    """Answers 204 once an event is kept, 401 on a wrong signature."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            try:
                core.take(Webhook(secret).verify(body, dict(self.headers)))
                self.send_response(204)
            except WebhookVerificationError:
                self.send_response(401)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    return ThreadingHTTPServer(("127.0.0.1", port), Handler)


def over_http(method: str, path: str, body: Any) -> Any:
    answer = requests.request(
        method,
        os.environ.get("ACUERDO_URL", "http://127.0.0.1:8000") + "/api/v1" + path,
        json=body,
        headers={"Authorization": f"Bearer {os.environ['ACUERDO_KEY']}"},
        timeout=60,
    )
    answer.raise_for_status()
    return answer.json()


def sample(today: date) -> list[dict[str, Any]]:
    """Three loans, each with an instalment that is due today and one in two weeks."""
    return [
        {
            "external_id": f"CORE-{number}",
            "borrower": {
                "external_id": f"P-{number}",
                "name": name,
                "phone": f"55{12_345_670 + number}",
                "birth_date": "1990-03-15",
            },
            "instalments": [
                {"number": 1, "due_date": today.isoformat(), "amount": 60_000},
                {"number": 2, "due_date": (today + timedelta(days=14)).isoformat(), "amount": 60_000},
            ],
        }
        for number, name in enumerate(("Ana López Ruiz", "Luis Pérez Soto", "Eva Gómez Díaz"), 1)
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description="A sample core system")
    parser.add_argument("act", choices=("sample", "nightly", "listen", "catch-up"))
    parser.add_argument("--books", type=Path, default=Path("core.db"))
    parser.add_argument("--port", type=int, default=9_000)
    asked = parser.parse_args()
    core, today = Core(asked.books), date.today()  # noqa: DTZ011 - the lender's own machine and day
    if asked.act == "sample":
        core.add(*sample(today))
    elif asked.act == "nightly":
        print(core.nightly(over_http, today - timedelta(days=1)))
    elif asked.act == "catch-up":
        print(core.catch_up(over_http))
    else:
        make_server(core, os.environ["ACUERDO_WEBHOOK_SECRET"], asked.port).serve_forever()


if __name__ == "__main__":
    main()
