"""A manager's first page: what came in, what is promised, who waits, what was sent and held back, whether the
system is well.
"""

from flask import Blueprint, Response, g, render_template
from sqlalchemy import Connection, select

from bot.clock import system_now
from bot.console import polling
from bot.console.agents.board import counted
from bot.jobs import ticks
from bot.reports import Today, kept_today
from bot.reports import today as count_today
from bot.web import services
from models import loan_table, read_tx

LATE_SECONDS = 15 * 60
"""A job that was not taken up for so long is shown as late; the daily ones have a day more."""


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/today", view_func=today)
    blueprint.add_url_rule("/today/live", view_func=today_live)


def today() -> str:
    now = services().clock.now()
    with read_tx(services().engine) as connection:
        found = kept_today(connection, now) or count_today(connection, now)
        return render_template("console/today.html", **_shown(connection, found))


def today_live() -> Response:
    """The same within a minute; the counts of the bar at once."""
    now = services().clock.now()
    with read_tx(services().engine) as connection:
        kept = kept_today(connection, now)
        counted_at = kept.counted_at if kept else int(now.timestamp()) // 60
        return polling.respond(
            (counted(connection, g.agent).version, counted_at),
            lambda: render_template(
                "console/today_live.html", **_shown(connection, kept or count_today(connection, now))
            ),
        )


def _shown(connection: Connection, found: Today) -> dict[str, object]:
    total = {
        name: sum(row[name] for row in found.recovered)
        for name in ("today", "month", "last_so_far", "last_month", "payments")
    }
    debit = next((row["month"] for row in found.recovered if row["rail"] == "debit"), 0)
    ages = {
        job: (system_now() - at).total_seconds() for job, at in ticks.last_claims(services().engine).items()
    }
    newest = min(ages.values(), default=None)
    return {
        "board": counted(connection, g.agent),
        "found": found,
        "has_loans": connection.scalar(select(loan_table.c.id).limit(1)) is not None,
        "total": total,
        "debit_share": debit / total["month"] if total["month"] else None,
        "target": services().lender.policy.debit_share_target_percent / 100,
        "sent": sum(row["number"] for row in found.messages),
        "statuses": {row["status"]: row["number"] for row in found.messages},
        "scheduler_age": newest,
        "scheduler_late": newest is None or newest > LATE_SECONDS,
    }
