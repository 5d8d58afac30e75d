"""A tape written for a test, and what became of it."""

import csv
from pathlib import Path

from sqlalchemy import func, select

from bot.services import Services
from models import read_tx

GOOD = {
    "loan_id": "L1",
    "borrower_id": "B1",
    "borrower_name": "Ana López",
    "phone": "5512345678",
    "instalment_no": "1",
    "due_date": "2026-11-30",
    "amount_due": "500.00",
}


def tape(folder: Path, rows: list[dict[str, str]], name: str = "tape.csv") -> Path:
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(dict.fromkeys(key for row in rows for key in row)))
        writer.writeheader()
        writer.writerows(rows)
    return path


def count(services: Services, record: type) -> int:
    with read_tx(services.engine) as connection:
        return connection.scalar(select(func.count()).select_from(record)) or 0


def rows_of(loans: int, instalments: int = 3, **more: str) -> list[dict[str, str]]:
    return [
        GOOD
        | {
            "loan_id": f"L{loan}",
            "borrower_id": f"B{loan}",
            "phone": f"55123400{loan:02d}",
            "instalment_no": str(number),
            "due_date": f"2026-{9 + number:02d}-15",
            "as_of": "2026-11-20",
        }
        | more
        for loan in range(1, loans + 1)
        for number in range(1, instalments + 1)
    ]
