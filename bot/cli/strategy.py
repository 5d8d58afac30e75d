"""acuerdo strategy: check, diff, preview, activate, history, results"""

import getpass
import json
from collections.abc import Collection
from dataclasses import asdict
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from bot.clock import shift_of, system_now
from bot.outreach import (
    DAYS,
    HELD_OUT,
    InvalidStrategy,
    Preview,
    Result,
    Stopped,
    compared,
    differences,
    read_strategy,
    results,
    strategy_in_force,
    versions_of,
)
from bot.outreach import activate as put_in_force
from bot.outreach import preview as preview_of
from bot.services import start_services
from bot.settings import Settings
from models import read_tx
from values import city_day

FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))


@click.group()
def command() -> None:
    """When to reach out, to whom and with what: a file that is checked, compared, tried and put in force.

    Example: acuerdo strategy preview strategy.toml
    """


@command.command()
@FILE
def check(file: Path) -> None:
    """The faults of a strategy file, each by its line.

    Example: acuerdo strategy check strategy.toml
    """
    try:
        strategy, _ = read_strategy(file, _today())
    except InvalidStrategy as error:
        between = " " if len(error.faults) == 1 else "\n"
        raise click.ClickException(between.join([f"{file}:", *error.faults])) from None
    click.echo(f"{strategy.name}: {len(strategy.steps)} step{'s'[len(strategy.steps) == 1 :]}, no fault")


def _today() -> date:
    """Without the database: a file may be checked where there is none."""
    now, start = system_now(), Settings().now
    return city_day(now + shift_of(start, now) if start else now)


@command.command()
@FILE
def diff(file: Path) -> None:
    """What the file changes in the strategy of its name that is in force.

    Example: acuerdo strategy diff strategy.toml
    """
    strategy, _ = read_strategy(file)
    with read_tx(start_services().engine) as connection:
        current = strategy_in_force(connection, strategy.name)
    lines = differences(current, strategy)
    known = f"{current.name}@{current.version}" if current else "nothing of this name"
    click.echo(f"in force: {known}")
    for line in lines or ["no difference"]:
        click.echo(line)


@command.command()
@FILE
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="Another day than tomorrow.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def preview(file: Path, day: datetime | None, *, as_json: bool) -> None:
    """Who would get what tomorrow: counts by step and channel, their price, and ten examples in words.

    Example: acuerdo strategy preview strategy.toml --day 2026-12-01
    """
    strategy, _ = read_strategy(file)
    services = start_services()
    wanted = day.date() if day else services.day(services.clock.now()) + timedelta(days=1)
    found = preview_of(services, strategy, wanted)
    if as_json:
        click.echo(json.dumps(asdict(found), default=str, ensure_ascii=False))
    else:
        _print(found, strategy.budget_usd, {price.channel for price in services.lender.prices})


def _print(found: Preview, budget: str | None, priced: Collection[str]) -> None:
    click.echo(
        f"{found.day}: {sum(c.borrowers for c in found.counts if c.variant != HELD_OUT)} messages, "
        f"USD {found.usd:.2f}"
    )
    if budget and found.usd > Decimal(budget):
        click.echo(f"  more than its budget of a month, USD {budget}: nothing leaves beyond it")
    for count in found.counts:
        step = f"{count.step} {count.variant}".strip()
        way = f"{count.channel} {count.category}".strip()
        price = f"USD {count.usd:.2f}" if count.channel in priced else "no price is known"
        click.echo(f"  {step:<30} {way:<24} {count.borrowers:>8}  {price}")
    for line in dict.fromkeys(map(_stopped, found.stopped)):
        click.echo(line)
    for each in found.nobody:
        click.echo(f"  {f'{each.step} {each.variant}'.strip() or 'all':<30} {each.fault}")
    for example in found.examples:
        way = example.channel + (f", segments: {example.segments}" if example.segments else "")
        click.echo(f"\n{example.borrower}, loan {example.loan}, {example.step}, {way}:")
        click.echo("\n".join(f"    {line}" for line in example.text.splitlines()))


def _stopped(each: Stopped) -> str:
    step = f"{each.step} {each.variant}".strip()
    whom = "who has not proved who they are" if each.is_proof else step
    return f"  {whom}: not by WhatsApp in {each.language}: {each.template} is {each.status}"


@command.command()
@FILE
@click.option("--why", default="", help="Kept with the version.")
@click.option("--by", default=getpass.getuser, help="Who; else the operating system's user.")
def activate(file: Path, why: str, by: str) -> None:
    """Puts the file in force from now on, as the next version of its name.

    Example: acuerdo strategy activate strategy.toml --why "a gentler first week"
    """
    services = start_services()
    strategy, text = read_strategy(file, services.day(services.clock.now()))
    version = put_in_force(services, strategy, text, by=by, why=why)
    click.echo(f"{strategy.name}@{version} is in force")


@command.command()
@click.argument("name")
@click.option("--version", type=int, help="Its text instead, which `activate` puts in force again.")
def history(name: str, version: int | None) -> None:
    """The versions of a strategy, the newest first: when it was put in force, by whom and why.

    Example: acuerdo strategy history default --version 2 > default.toml
    """
    with read_tx(start_services().engine) as connection:
        found = {row.version: row for row in versions_of(connection, name)}
    if version is not None and version not in found:
        message = f"{name}@{version} was never put in force here: see `acuerdo strategy history {name}`"
        raise click.ClickException(message)
    if version is not None:
        click.echo(found[version].body, nl=False)
        return
    for row in found.values():
        at = f"{row.activated_at:%Y-%m-%d %H:%M} UTC"
        click.echo(f"{row.name}@{row.version}, {at}, {row.activated_by}: {row.why or 'no reason given'}")
    if not found:
        click.echo(f"nothing was put in force under {name!r}")


@command.command("results")
@click.argument("name")
@click.option("--from", "first", type=click.DateTime(["%Y-%m-%d"]), help="The first day; else 30 days ago.")
@click.option("--to", "last", type=click.DateTime(["%Y-%m-%d"]), help="The last day; else today.")
def results_(name: str, first: datetime | None, last: datetime | None) -> None:
    """What came of a strategy: who paid within fourteen days, who asked for silence, what it cost; of each
    variant, how many more paid than without it, as an interval that holds in 95 of 100 cases however often
    you look. Whom nothing was planned for in the fourteen days before is compared with who is held out.

    Example: acuerdo strategy results default --from 2026-11-01
    """
    services = start_services()
    today = services.day(services.clock.now())
    begin = first.date() if first else today - timedelta(days=30)
    end = last.date() if last else today
    zone, prices = ZoneInfo(services.settings.timezone), services.lender.prices
    with read_tx(services.engine) as connection:
        found, newly = (
            results(connection, name, begin, end, zone=zone, prices=prices, newly=newly)
            for newly in (False, True)
        )
    for each in found:
        what = f"{each.step} {each.variant}".strip()
        click.echo(
            f"{what:<30} {each.paid.people:>8} people, {each.paid.value:6.1%} paid in {DAYS} days, "
            f"{each.harmed.value:6.2%} asked for silence or complained, USD {each.usd:.2f}{_prices(each)}"
        )
    for ours, theirs in compared(found, newly):
        low, high = ours.against(theirs)
        shown = "more" if low > 0 else "less" if high < 0 else "no effect shown"
        what = f"{ours.step}: {ours.variant or 'all'} against {theirs.variant}"
        click.echo(f"{what}: {low:+.1%} to {high:+.1%}: {shown}")
    if not found:
        click.echo(f"nothing was planned by {name!r} in these days")


def _prices(found: Result) -> str:
    """Of an agreement and of what came in; nothing where there is none."""
    agreement, pesos = found.usd_per_agreement, found.usd_per_thousand_pesos
    return (f", {agreement:.4f} for an agreement ({found.agreed})" if agreement is not None else "") + (
        f", {pesos:.4f} for 1,000 pesos paid" if pesos is not None else ""
    )
