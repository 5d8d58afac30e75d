"""A random portfolio as lenders' systems may write it: right, badly, or cut."""

import csv
import io
import random
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from bot.portfolio import COLUMNS, REQUIRED, suggest

NAMES = {
    "loan_id": "Crédito",
    "borrower_id": "Cliente",
    "borrower_name": "Nombre",
    "phone": "Teléfono",
    "birth_date": "Fecha de nacimiento",
    "product": "Producto",
    "as_of": "Fecha corte",
}
SCHEDULE = {
    "instalment_no": "No. Pago",
    "due_date": "Vencimiento",
    "amount_due": "Monto",
    "amount_paid": "Pagado",
}
BALANCE = {
    "balance": "Saldo total",
    "overdue_amount": "Saldo vencido",
    "days_past_due": "Días mora",
    "due_date": "Fecha próximo pago",
    "amount_due": "Monto próximo pago",
}
MONEY = ("amount_due", "amount_paid", "balance", "overdue_amount")
DAYS = ("due_date", "birth_date", "as_of")
MONTHS = "ene feb mar abr may jun jul ago sep oct nov dic".split()
TODAY = date(2026, 11, 20)
FORMS: dict[str, Callable[[date], str]] = {
    "yyyy-mm-dd": lambda day: day.isoformat(),
    "dd/mm/yyyy": lambda day: f"{day:%d/%m/%Y}",
    "mm/dd/yyyy": lambda day: f"{day:%m/%d/%Y}",
    "dd-mmm-yy": lambda day: f"{day.day:02}-{MONTHS[day.month - 1]}-{day:%y}",
    "yyyymmdd": lambda day: f"{day:%Y%m%d}",
}
Sums = dict[tuple[str, int], int]
"""Centavos owed by loan and instalment."""


def portfolio(chance: random.Random, shape: str) -> tuple[list[dict[str, Any]], Sums]:
    """Its rows by our column names, and what they come to."""
    rows, owed = [], Sums()
    for loan in range(1, chance.randint(2, 5)):
        person = chance.choice(("José Ñúñez Peña", "Ana Pérez Gómez", "Zoë Ruiz Cruz"))
        own: dict[str, Any] = {
            "loan_id": f"CR-{loan:06}",
            "borrower_id": f"C{loan}",
            "borrower_name": person,
            "phone": f"55123{loan:05}",
            "birth_date": date(1960, 1, 1) + timedelta(days=chance.randint(0, 15_000)),
            "product": chance.choice(("Nómina", "Microcrédito", "")),
            "as_of": TODAY,
        }
        due = TODAY + timedelta(days=chance.randint(1, 300))
        if shape == "loans":
            overdue, following, rest = (chance.choice((0, chance.randint(1, 999_999))) for _ in range(3))
            late = chance.randint(1, 90) if overdue else 0
            amounts = {
                "balance": overdue + following + rest,
                "overdue_amount": overdue,
                "amount_due": following,
            }
            rows.append(own | amounts | {"days_past_due": late, "due_date": due})
            parts = ((1, overdue), (2, following), (3, rest))
            owed |= {(own["loan_id"], number): amount for number, amount in parts if amount}
            continue
        for number in range(1, chance.randint(2, 5)):
            amount = chance.choice((chance.randint(1, 999_999_99), chance.randint(1, 9_999) * 100))
            paid = chance.choice((0, 0, amount, chance.randint(0, amount)))
            schedule = {"instalment_no": number, "due_date": due + timedelta(days=15 * number)}
            rows.append(own | schedule | {"amount_due": amount, "amount_paid": paid})
            owed[own["loan_id"], number] = amount - paid
    return rows, owed


def money(centavos: int, how: dict[str, Any]) -> str:
    text = f"{centavos / 100:,.2f}" if how["grouped"] else f"{centavos / 100:.2f}"
    if how["whole"] and centavos % 100 == 0:
        text = text[:-3]
    text = text.translate({44: 46, 46: 44}) if how["decimal"] == "," else text
    return str(how["sign"]) + text


def written(
    rows: list[dict[str, Any]], names: dict[str, str], how: dict[str, Any], chance: random.Random
) -> str:
    """The file's text."""
    order = list(names)
    if how["reordered"]:
        chance.shuffle(order)
        rows = chance.sample(rows, len(rows))
    out = io.StringIO()
    writer = csv.writer(
        out,
        delimiter=how["delimiter"],
        quoting=csv.QUOTE_NONE if how["unquoted"] else csv.QUOTE_MINIMAL,
        escapechar="\\" if how["unquoted"] else None,
        lineterminator="\r\n",
    )
    header = [names[name] for name in order]
    if how["junk"]:
        writer.writerows([["Reporte de cartera", "", ""], []])
    writer.writerow(header)
    for place, row in enumerate(rows):
        cells = row | {name: money(row[name], how) for name in MONEY if name in row}
        cells |= {name: FORMS[how["days"]](row[name]) for name in DAYS}
        writer.writerow([cells[name] for name in order])
        if how["junk"] and place == 1:
            writer.writerows([[""] * len(order), header])
    if how["junk"] and how["total"]:
        total = sum(row["amount_due"] for row in rows) + how["off"]
        last = [money(total, how) if name == "amount_due" else "" for name in order]
        writer.writerow(["TOTAL", *last[1:]] if order[0] != "amount_due" else [last[0], "Total", *last[2:]])
    text = out.getvalue()
    return text.replace("\\", "") if how["unquoted"] else text  # a writer that neither quotes nor escapes


DIALECTS = st.fixed_dictionaries(
    {
        "shape": st.sampled_from(["instalments", "loans"]),
        "encoding": st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]),
        "delimiter": st.sampled_from([",", ";", "\t", "|"]),
        "days": st.sampled_from(sorted(FORMS)),
        "decimal": st.sampled_from([".", ","]),
        "grouped": st.booleans(),
        "whole": st.booleans(),
        "sign": st.sampled_from(["", "$"]),
        "reordered": st.booleans(),
        "junk": st.booleans(),
        "total": st.booleans(),
        "off": st.sampled_from([0, 0, 100]),
        "unquoted": st.booleans(),
        "cut": st.one_of(st.none(), st.floats(0.3, 0.999)),
    }
)


def make_tape(folder: Path, how: dict[str, Any], seed: int) -> tuple[Path, Path, Sums, bool]:
    """The file, the mapping that `suggest` writes, what it comes to, and whether something is asked."""
    chance = random.Random(seed)
    rows, owed = portfolio(chance, how["shape"])
    content = written(rows, NAMES | (SCHEDULE if how["shape"] == "instalments" else BALANCE), how, chance)
    data = content.encode(how["encoding"])
    if how["cut"] is not None:
        data = data[: int(len(data) * how["cut"])]
    path, mapping = folder / "cartera.csv", folder / "columnas.toml"
    path.write_bytes(data)
    found = suggest(path, REQUIRED, COLUMNS)
    mapping.write_text(found.toml(), encoding="utf-8")
    return path, mapping, owed, bool(found.questions)
