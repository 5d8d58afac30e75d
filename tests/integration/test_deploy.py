"""What operators are given names what is there: each metric, each command."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from bot.app import create_app
from bot.cli import cli
from bot.webhooks import add_endpoint
from tests.services import make_test_services

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
PACKAGES = ("bot", "flows", "models", "values", "locales")
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


def test_the_wheel_of_the_source_package_holds_all_that_the_program_reads(tmp_path: Path) -> None:
    source, empty = tmp_path / "source", tmp_path / "empty"
    empty.mkdir()
    for package in PACKAGES:
        shutil.copytree(ROOT / package, source / package, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, source / name)
    packed = _build("sdist", source, tmp_path)
    shutil.unpack_archive(packed, tmp_path / "unpacked")
    wheel = _build("wheel", next((tmp_path / "unpacked").iterdir()), tmp_path)
    with zipfile.ZipFile(wheel) as archive:
        held = set(archive.namelist())
        archive.extractall(tmp_path / "installed")
    files = {str(path.relative_to(source)) for name in PACKAGES for path in (source / name).rglob("*.*")}
    assert {name for name in files if (source / name).is_file()} - held == set()
    environment = os.environ | {"PYTHONPATH": str(tmp_path / "installed"), "ACUERDO_ENV": "test"}
    command = [
        sys.executable,
        "-c",
        "import bot, bot.cli; print(bot.__file__); bot.cli.main()",
        "flows",
        "check",
    ]
    done = subprocess.run(command, cwd=empty, env=environment, capture_output=True, text=True, check=False)
    assert "sound" in done.stdout, done.stderr
    assert str(tmp_path / "installed") in done.stdout


def _build(kind: str, source: Path, into: Path) -> Path:
    code = f"from setuptools.build_meta import build_{kind} as build; build({str(into)!r})"
    subprocess.run([sys.executable, "-W", "ignore", "-c", code], cwd=source, check=True, capture_output=True)
    return next(into.glob("*.whl" if kind == "wheel" else "*.tar.gz"))
