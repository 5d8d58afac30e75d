"""acuerdo compliance"""

import json
from datetime import datetime

import click

from bot.auditor import Report, public_key, sign
from bot.jobs.daily_audit import audit_days
from bot.services import start_services

SHOWN = 50


@click.group()
def command() -> None:
    """What was sent, held against the law by code that shares nothing with the guard.

    Example: acuerdo compliance audit --from 2026-11-01 --to 2026-11-30
    """


@command.command()
@click.option("--from", "first", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The first day.")
@click.option(
    "--to", "last", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The last day, included."
)
@click.option("--json", "as_json", is_flag=True, help="The whole report, signed, as JSON.")
@click.pass_context
def audit(context: click.Context, first: datetime, last: datetime, *, as_json: bool) -> None:
    """Violations of a span of days; exit 1 where there is one.

    Example: acuerdo compliance audit --from 2026-11-01 --to 2026-11-30 --json
    """
    if last < first:
        message = "--to lies before --from"
        raise click.UsageError(message)
    services = start_services()
    report = audit_days(services, first.date(), last.date())
    if as_json:
        body, secret = report.as_dict(), services.settings.signing_key
        signed = {"report": body, "signature": sign(body, secret), "public_key": public_key(secret)}
        click.echo(json.dumps(signed, ensure_ascii=False))
    else:
        _print(report)
    context.exit(1 if report.violations else 0)


def _print(report: Report) -> None:
    click.echo(
        f"{len(report.violations)} violations in {report.messages} messages and {report.calls} calls, "
        f"{report.first} to {report.last}"
    )
    for each in report.violations[:SHOWN]:
        what = f"call {each.contact}" if each.message is None else f"message {each.message}"
        click.echo(f"  {each.at} {what} loan {each.loan}: {each.check}: {each.detail}")
    if len(report.violations) > SHOWN:
        click.echo(f"  and {len(report.violations) - SHOWN} more: see --json")
    click.echo(f"{report.near_misses} left within a quarter of an hour of the end of the lawful hours")
    for rule, count in report.held_back.items():
        click.echo(f"held back by {rule}: {count}")
    for rail, quiet in report.quiet.items():
        click.echo(
            f"paid by {rail}, then quiet after {quiet.p50} s (p99 {quiet.p99} s), {quiet.payments} loans"
        )
