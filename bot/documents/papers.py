"""The four papers about a loan, each from the records as they stand at this minute."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from bot.documents.facts import Subject
from bot.documents.paper import Paper, amount_in_words
from models import (
    instalment_table,
    ledger_entry_table,
    plan_instalment_table,
    plan_table,
    posting_table,
)
from models.instalment import COMPONENTS, UNPAID_SUM
from models.ledger.books import MONEY_IN
from models.ledger.standing import not_reversed
from values import Money

MOST_ROWS = 60
"""Of a table in a paper."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a paper says, before it has its code."""

    title: str
    folio: str
    data: dict[str, Any]
    content: dict[str, Any]

    def with_code(self, kind: str, subject: Subject, code: str, url: str) -> Paper:
        return Paper(
            kind=kind,
            language=subject.language,
            title=self.title,
            folio=self.folio,
            issued_at=subject.now,
            code=code,
            check_url=url,
            **self.content,
        )


def _breakdown(subject: Subject, amounts: dict[str, int]) -> tuple[str, tuple[tuple[str, str], ...]]:
    rows = [(subject.say(f"paper.{name}"), subject.money(amounts[name])) for name in COMPONENTS]
    total = Money(sum(amounts.values()))
    rows.append((subject.say("paper.total"), subject.money(total.centavos)))
    rows.append((subject.say("paper.in_words"), amount_in_words(total, subject.language)))
    return subject.say("paper.breakdown"), tuple(rows)


def _unpaid(connection: Connection, loan_id: int) -> list[Any]:
    return list(
        connection.execute(
            select(instalment_table)
            .where(instalment_table.c.loan_id == loan_id, UNPAID_SUM > 0)
            .order_by(instalment_table.c.due_date, instalment_table.c.number)
            .limit(600)
        )
    )


def _owed(rows: list[Any]) -> dict[str, int]:
    return {name: sum(getattr(row, f"unpaid_{name}") for row in rows) for name in COMPONENTS}


def statement(connection: Connection, subject: Subject, of: int) -> Draft:
    """Estado de cuenta: what is owed as of this minute, and what was received."""
    rows = _unpaid(connection, of)
    owed = _owed(rows)
    received = connection.execute(
        select(ledger_entry_table.c.data)
        .where(ledger_entry_table.c.loan_id == of, ledger_entry_table.c.kind.in_(MONEY_IN), not_reversed())
        .order_by(ledger_entry_table.c.seq)
    ).scalars()
    payments = [
        (
            subject.day(datetime.fromisoformat(data["paid_at"]).astimezone(subject.zone).date()),
            subject.say("paper.received"),
            subject.money(data["amount"]),
        )
        for data in received
    ]
    due = [
        (
            subject.day(row.due_date),
            subject.say("paper.instalment", number=row.number),
            subject.money(sum(getattr(row, f"unpaid_{name}") for name in COMPONENTS)),
        )
        for row in rows
    ]
    return Draft(
        subject.say("paper.statement"),
        subject.say("paper.as_of", at=subject.moment(subject.now)),
        {"total": sum(owed.values())},
        {
            "sections": (subject.parties(), _breakdown(subject, owed), subject.pay_into()),
            "table_title": subject.say("paper.movements"),
            "table_head": (subject.say("paper.date"), subject.say("paper.what"), subject.say("paper.amount")),
            "table": (*payments[-MOST_ROWS:], *due[:MOST_ROWS]),
        },
    )


def agreement(connection: Connection, subject: Subject, of: int) -> Draft:
    """Carta convenio: the agreement in writing, with all that the rules on written agreements ask for."""
    plan = connection.execute(select(plan_table).where(plan_table.c.id == of)).one()
    parts = connection.execute(
        select(plan_instalment_table)
        .where(plan_instalment_table.c.plan_id == of)
        .order_by(plan_instalment_table.c.due_date, plan_instalment_table.c.number)
    ).all()
    total = Money(plan.total)
    closes = subject.say(f"paper.closes_{plan.kind}")
    terms = [
        (subject.say("paper.total"), subject.money(plan.total)),
        (subject.say("paper.in_words"), amount_in_words(total, subject.language)),
        (subject.say("paper.discount"), subject.money(plan.discount)),
        (subject.say("paper.deadline"), subject.day(parts[-1].due_date)),
        (subject.say("paper.closes"), closes),
    ]
    evidence = (
        (subject.say("paper.agreed_at"), subject.moment(plan.agreed_at)),
        (subject.say("paper.messages"), f"#{plan.asked_message_id} · #{plan.answered_message_id}"),
        (subject.say("paper.terms_hash"), plan.terms_hash),
    )
    table = [
        (str(place), subject.day(part.due_date), subject.money(part.amount))
        for place, part in enumerate(parts, 1)
    ]
    owed = _owed([row for row in _unpaid(connection, plan.loan_id) if _covered(plan, row)])
    return Draft(
        subject.say("paper.agreement"),
        subject.say("paper.folio", folio=plan.folio),
        {"folio": plan.folio, "plan": plan.id, "total": plan.total, "discount": plan.discount},
        {
            "letter": tuple(plan.terms_text.split("\n")),
            "sections": (
                subject.parties(),
                _breakdown(subject, owed),
                (subject.say("paper.terms"), tuple(terms)),
                subject.pay_into(),
                (subject.say("paper.evidence"), evidence),
            ),
            "table_title": subject.say("paper.schedule"),
            "table_head": (
                subject.say("paper.number"),
                subject.say("paper.date"),
                subject.say("paper.amount"),
            ),
            "table": tuple(table),
            "closing": (subject.say("paper.only_ours"),),
        },
    )


def _covered(plan: Any, instalment: Any) -> bool:
    return bool(plan.kind != "plan" or instalment.due_date <= plan.covers_until)


def settlement_letter(connection: Connection, subject: Subject, of: int) -> Draft:
    """Carta finiquito: nothing is owed any more."""
    at = connection.scalar(
        select(ledger_entry_table.c.at)
        .where(ledger_entry_table.c.loan_id == of, ledger_entry_table.c.kind == "loan.settled")
        .order_by(ledger_entry_table.c.seq.desc())
        .limit(1)
    )
    day = (at or subject.now).astimezone(subject.zone).date()
    words = {"name": subject.loan.name, "loan": subject.loan.external_id, "day": subject.day(day)}
    lender = subject.services.lender.facts.legal_name
    return Draft(
        subject.say("paper.settlement_letter"),
        subject.say("paper.issued", day=subject.day(subject.now.astimezone(subject.zone).date())),
        {"settled_on": day.isoformat()},
        {
            "letter": (
                subject.say("paper.finiquito", lender=lender, **words),
                subject.say("paper.finiquito_more"),
            ),
            "sections": (subject.parties(),),
        },
    )


def receipt(connection: Connection, subject: Subject, of: int) -> Draft:
    """Comprobante de pago: one payment, what it paid, and what is owed after it."""
    entry = connection.execute(select(ledger_entry_table).where(ledger_entry_table.c.id == of)).one()
    legs = connection.execute(
        select(posting_table.c.account, posting_table.c.amount).where(
            posting_table.c.entry_id == of, posting_table.c.account.like("receivable:%")
        )
    ).all()
    paid = dict.fromkeys(COMPONENTS, 0)
    for account, amount in legs:
        paid[account.rsplit(":", 1)[1]] -= amount
    facts = (
        (subject.say("paper.amount"), subject.money(entry.data["amount"])),
        (subject.say("paper.in_words"), amount_in_words(Money(entry.data["amount"]), subject.language)),
        (subject.say("paper.paid_at"), subject.moment(datetime.fromisoformat(entry.data["paid_at"]))),
        (subject.say("paper.payment_reference"), str(entry.data["reference"])[:40]),
        (subject.say("paper.balance"), subject.money(subject.loan.outstanding_centavos)),
    )
    rows = tuple((subject.say(f"paper.{name}"), subject.money(paid[name])) for name in COMPONENTS)
    return Draft(
        subject.say("paper.receipt"),
        subject.say("paper.issued", day=subject.day(subject.now.astimezone(subject.zone).date())),
        {"entry": entry.id, "amount": entry.data["amount"]},
        {
            "sections": (
                subject.parties(),
                (subject.say("paper.payment"), facts),
                (subject.say("paper.applied"), rows),
            )
        },
    )


PAPERS: dict[str, Callable[[Connection, Subject, int], Draft]] = {
    "agreement": agreement,
    "statement": statement,
    "settlement_letter": settlement_letter,
    "receipt": receipt,
}
"""By kind: from the id of what the paper is about (a plan, a loan, a loan, a ledger entry)."""
