"""What strategies try and what came of it, as a page and as CSV; behind each figure its loans."""

import csv
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from http import HTTPStatus
from io import StringIO
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, abort, g, render_template, request, url_for
from sqlalchemy import Connection

from bot.console.agents.board import counted
from bot.console.agents.conversation import bounded
from bot.console.formatting import named, text
from bot.outreach import CHAMPION, DAYS, HELD_OUT, Experiments, experiments, planned_for
from bot.web import services
from models import read_tx

DEFAULT_DAYS, MOST_DAYS, PAGE = 30, 92, 100
COLUMNS = (
    *("strategy", "step", "variant", "state", "since", "until", "stopped", "percent"),
    *("planned", "agreed", "paid", "harmed", "recovered_centavos", "usd", "usd_per_agreement"),
    *("against_champion_low", "against_champion_high", "against_held_out_low", "against_held_out_high"),
)
LOAN_COLUMNS = ("loan", "product", "day", "agreed", "paid", "harmed", "paid_centavos")


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/experiments", "experiments", view_func=page)
    blueprint.add_url_rule("/experiments.csv", "experiments_file", view_func=file)
    blueprint.add_url_rule("/experiments/<strategy>/<step>", "experiment_behind", view_func=behind)
    blueprint.add_url_rule("/experiments/<strategy>/<step>.csv", "experiment_file", view_func=behind_file)


def page() -> tuple[str, HTTPStatus]:
    first, last, wrong = _asked()
    with read_tx(services().engine) as connection:
        found = [
            (each, [(step, arms, list(_differences(each, step))) for step, arms in each.by_step()])
            for each in _read(connection, first, last)
        ]
        shown = render_template(
            "console/experiments.html",
            board=counted(connection, g.agent),
            found=found,
            first=first,
            last=last,
            today=_today(),
            wrong=wrong,
            most_days=MOST_DAYS,
            counted_days=DAYS,
            held_out_percent=services().lender.policy.held_out_percent,
            arm_name=_arm_name,
        )
    return shown, HTTPStatus.BAD_REQUEST if wrong else HTTPStatus.OK


def file() -> Response:
    first, last, wrong = _asked()
    if wrong:
        abort(HTTPStatus.BAD_REQUEST)
    with read_tx(services().engine) as connection:
        found = _read(connection, first, last)
    return _csv("experiments", COLUMNS, [row for each in found for row in _rows(each)])


def behind(strategy: str, step: str) -> str:
    first, last, variant = _behind_asked()
    after = request.args.get("after", default=0, type=bounded)
    with read_tx(services().engine) as connection:
        rows = planned_for(
            *(connection, strategy, step, variant, first, last), zone=_zone(), after=after, most=PAGE + 1
        )
        board = counted(connection, g.agent)
    address = {"variant": variant, "from": first.isoformat(), "to": last.isoformat()}
    return render_template(
        "console/experiment_behind.html",
        board=board,
        title=f"{strategy} · {step} · {_arm_name(variant)}",
        first=first,
        last=last,
        rows=rows[:PAGE],
        counted_days=DAYS,
        file=f"{url_for('console.experiment_file', strategy=strategy, step=step)}?{urlencode(address)}",
        back=f"{url_for('console.experiments')}?{urlencode({key: address[key] for key in ('from', 'to')})}",
        more=f"?{urlencode(address | {'after': rows[PAGE - 1].id})}" if len(rows) > PAGE else None,
    )


def behind_file(strategy: str, step: str) -> Response:
    first, last, variant = _behind_asked()
    with read_tx(services().engine) as connection:
        rows = planned_for(connection, strategy, step, variant, first, last, zone=_zone())
    return _csv("experiment", LOAN_COLUMNS, [row._asdict() for row in rows])


def _read(connection: Connection, first: date, last: date) -> list[Experiments]:
    policy, prices = services().lender.policy, services().lender.prices
    return list(
        experiments(
            *(connection, first, last), zone=_zone(), prices=prices, held_out_percent=policy.held_out_percent
        )
    )


def _differences(found: Experiments, step: str) -> Iterator[str]:
    """How many more of a hundred paid, in words."""
    for ours, theirs in found.compared:
        if ours.step != step:
            continue
        low, high = ours.against(theirs)
        which = "more" if low > 0 else "less" if high < 0 else "unsure"
        bounds = sorted((abs(low), abs(high))) if which != "unsure" else (-low, high)
        yield text(
            f"experiments_{which}",
            ours=_arm_name(ours.variant),
            theirs=_arm_name(theirs.variant),
            low=f"{bounds[0] * 100:.1f}",
            high=f"{bounds[1] * 100:.1f}",
            days=len(ours.days_with(theirs)),
        )


def _arm_name(variant: str) -> str:
    return named("experiments_arm", variant or "all")


def _rows(found: Experiments) -> Iterator[dict[str, Any]]:
    against = {(a.step, a.variant, b.variant): a.against(b) for a, b in found.compared}
    for step, arms in found.by_step():
        for arm in arms:
            result, trial = arm.result, arm.trial
            row: dict[str, Any] = {
                "strategy": found.strategy.name,
                "step": step,
                "variant": result.variant,
                "percent": arm.percent,
                "planned": result.paid.people,
                "agreed": result.agreed,
                "paid": result.paid.hits,
                "harmed": result.harmed.hits,
                "recovered_centavos": result.recovered_centavos,
                "usd": f"{result.usd:.4f}",
                "usd_per_agreement": _written(result.usd_per_agreement),
            }
            if trial:
                times = {name: _moment(getattr(trial, name)) for name in ("since", "until", "stopped")}
                row |= {"state": trial.state} | times
            for other, name in ((CHAMPION, "champion"), (HELD_OUT, "held_out")):
                if bounds := against.get((step, result.variant, other)):
                    low, high = (f"{bound:.4f}" for bound in bounds)
                    row |= {f"against_{name}_low": low, f"against_{name}_high": high}
            yield row


def _written(usd: Decimal | None) -> str:
    return "" if usd is None else f"{usd:.4f}"


def _moment(at: datetime | None) -> str:
    return at.isoformat(timespec="seconds") if at else ""


def _csv(name: str, columns: Sequence[str], rows: Sequence[dict[str, Any]]) -> Response:
    written = StringIO()
    writer = csv.DictWriter(written, columns, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Response(written.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)


def _behind_asked() -> tuple[date, date, str]:
    first, last, wrong = _asked()
    if wrong:
        abort(HTTPStatus.BAD_REQUEST)
    return first, last, request.args.get("variant", "")


def _asked() -> tuple[date, date, bool]:
    """The first and the last day, and whether what was asked is no such period."""
    today = _today()
    usual = today - timedelta(days=DEFAULT_DAYS)
    try:
        first, last = (
            date.fromisoformat(given) if (given := request.args.get(name)) else default
            for name, default in (("from", usual), ("to", today))
        )
    except ValueError:
        return usual, today, True
    right = 0 <= (last - first).days < MOST_DAYS and last <= today
    return (first, last, False) if right else (usual, today, True)


def _today() -> date:
    return services().day(services().clock.now())


def _zone() -> ZoneInfo:
    return ZoneInfo(services().settings.timezone)
