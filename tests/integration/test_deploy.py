"""What operators are given names what is there: each metric, each command."""

import json
import re
import tomllib
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from bot.app import create_app
from bot.cli import cli
from bot.webhooks import add_endpoint
from tests.services import make_test_services

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
METRIC = re.compile(r"\bacuerdo_[a-z_]+")


def test_every_metric_of_the_dashboard_and_the_alerts_exists(sqlite_engine: Engine, now: datetime) -> None:
    services = make_test_services(sqlite_engine, now)
    add_endpoint(services, "https://core.example/", "test")
    text = create_app(services).test_client().get("/metrics").text
    there = set(re.findall(r"^# TYPE (acuerdo_\w+)", text, re.MULTILINE))
    board = json.loads((DEPLOY / "grafana.json").read_text())
    watched = {name for panel in board["panels"] for name in METRIC.findall(panel["targets"][0]["expr"])}
    rules = "\n".join(
        line for line in (DEPLOY / "alerts.yml").read_text().splitlines() if line.strip().startswith("expr:")
    )
    alerted = set(METRIC.findall(rules))
    assert watched | alerted <= there
    assert there <= watched, "the dashboard shows each"
    places = [(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in board["panels"]]
    assert len(set(places)) == len(places)


def test_every_process_of_the_units_is_a_command() -> None:
    commands = [
        re.search(r"bin/acuerdo (\w+)", unit.read_text())[1]  # type: ignore[index]
        for unit in DEPLOY.glob("*.service")
    ]
    commands += re.findall(r"acuerdo (\w+)", (DEPLOY / "Procfile").read_text())
    assert set(commands) == {"serve", "scheduler", "worker"} <= set(cli.list_commands(None))  # type: ignore[arg-type]
    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]["acuerdo"]
