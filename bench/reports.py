"""The page of KPIs for a large portfolio on PostgreSQL: what counting costs the sweep, and the page that is
read from what it keeps: `python -m bench.reports --loans 300000`.
"""

import argparse
import time
from datetime import UTC, datetime

from sqlalchemy import Engine, text

from bench.books import database
from bot.app import create_app
from bot.console.access import accounts
from bot.reports import keep_facts
from bot.services import Services
from tests.services import make_test_services

NOW = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
PASSWORD = "suficientemente largo"
BASE = "https://localhost"
PAGES = 20
FILL = """
INSERT INTO borrower (id, external_id, name, language, zone, created_at)
SELECT n, 'B' || n, 'n', 'es_MX', 'America/Mexico_City', :at FROM generate_series(1, :loans) n;

INSERT INTO loan (id, external_id, borrower_id, currency, status, product, opened_on, allocation_rule,
    ledger_seq, ledger_hash, outstanding_centavos, next_due_centavos, created_at)
SELECT n, 'L' || n, n, 'MXN', 'overdue', 'P' || n % 4, DATE '2026-06-01' - n % 90, 'oldest-first@1',
    0, '', 200000, 100000, :at FROM generate_series(1, :loans) n;

INSERT INTO instalment (loan_id, number, due_date, amount_centavos, unpaid_principal, unpaid_interest,
    unpaid_late_fees, unpaid_tax)
SELECT n, part, DATE '2026-07-01' + 30 * part + n % 28, 100000, 0, 0, 0, 0
FROM generate_series(1, :loans) n, generate_series(1, 4) part;

INSERT INTO ledger_entry (id, loan_id, seq, kind, at, actor, data, previous_hash, hash)
SELECT 5 * n + part, n, part,
    (ARRAY['loan.opened', 'payment.posted', 'contact.sent', 'contact.replied', 'promise.made'])[part],
    TIMESTAMPTZ '2026-10-01' + (n % 50) * INTERVAL '1 day', 'b', '{}', '', ''
FROM generate_series(1, :loans) n, generate_series(1, 5) part;

INSERT INTO inflow (id, loan_id, entry_id, amount, created_at)
SELECT 2 * n + part, n, 5 * n + part, 100000, :at
FROM generate_series(1, :loans) n, generate_series(1, 2) part;

INSERT INTO payment_report (loan_id, inflow_id, source, rail, reference, amount, paid_at, actor, status,
    candidates, created_at)
SELECT n, 2 * n + part, 'api', (ARRAY['spei', 'cash', 'debit'])[1 + n % 3], n || '-' || part, 100000,
    TIMESTAMPTZ '2026-08-05' + (30 * part + n % 75) * INTERVAL '1 day', 'b', 'posted', '[]', :at
FROM generate_series(1, :loans) n, generate_series(1, 2) part
"""


def fill(engine: Engine, loans: int) -> None:
    """Four instalments each, two of them paid; a contact, its answer and a promise."""
    with engine.connect() as connection, connection.begin():
        for statement in FILL.split(";"):
            given = {"loans": loans} | ({"at": NOW} if ":at" in statement else {})
            connection.execute(text(statement), given)
    with engine.connect() as connection:
        connection.execute(text("ANALYZE"))


def page_seconds(services: Services) -> list[float]:
    """Of the page as a manager gets it, log-in and template included in none but the first."""
    accounts.add_agent(services, "m@b.mx", "supervisor", PASSWORD, "M")
    client = create_app(services).test_client()
    form = client.get("/console/login", base_url=BASE).text
    token = form.split('name="csrf" value="')[1].split('"')[0]
    given = {"csrf": token, "email": "m@b.mx", "password": PASSWORD}
    client.post("/console/login", base_url=BASE, data=given)
    found = []
    for _ in range(PAGES):
        began = time.perf_counter()
        answer = client.get("/console/reports", base_url=BASE)
        found.append(time.perf_counter() - began)
        assert answer.status_code == 200, answer.status
    return sorted(found)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--loans", type=int, default=300_000)
    loans = parser.parse_args().loans
    with database("postgresql") as engine:
        began = time.perf_counter()
        fill(engine, loans)
        print(f"filled {loans:,} loans in {time.perf_counter() - began:.0f} s", flush=True)
        services = make_test_services(engine, NOW)
        began = time.perf_counter()
        kept = keep_facts(services)
        print(f"the sweep kept {kept} facts in {time.perf_counter() - began:.1f} s", flush=True)
        seconds = page_seconds(services)
        print(f"page: p50 {seconds[PAGES // 2] * 1e3:.0f} ms, p95 {seconds[-2] * 1e3:.0f} ms")


if __name__ == "__main__":
    main()
