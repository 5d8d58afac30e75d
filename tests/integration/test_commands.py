"""The commands, as an operator runs them."""

import io
import json
import os
import re
import socket
import subprocess
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import click
import pytest
from pydantic import ValidationError
from sqlalchemy import Engine

from bot.cli import main
from bot.cli.run import _only_one_of, _program
from bot.console.access.accounts import add_agent
from bot.sample_logins import LOGINS, PASSWORD, require_none
from bot.settings import ForbiddenInProduction, Settings
from tests.services import make_test_services

ROOT = Path(__file__).parents[2]
COMMANDS = (
    "serve",
    "scheduler",
    "worker",
    "run",
    "db",
    "import",
    "sample",
    "keys",
    "agents",
    "understand",
    "nlu",
    "chat",
    "flows",
    "templates",
    "twilio",
    "webhooks",
    "privacy",
    "ledger",
    "compliance",
    "strategy",
    "doctor",
)


@pytest.fixture
def acuerdo(tmp_path: Path, migrated_sqlite: Path, monkeypatch: pytest.MonkeyPatch):
    """The command in this process: to start one takes longer than what it does."""
    database = tmp_path / "a.db"
    database.write_bytes(migrated_sqlite.read_bytes())

    def run(*words: str, given: str = "") -> subprocess.CompletedProcess[str]:
        streams = {name: io.TextIOWrapper(io.BytesIO(), "utf-8") for name in ("stdout", "stderr")}
        streams["stdin"] = io.TextIOWrapper(io.BytesIO(given.encode()), "utf-8")
        mask = os.umask(0)
        with monkeypatch.context() as patch:
            patch.setenv("ACUERDO_ENV", "test")
            patch.setenv("ACUERDO_DATABASE_URL", f"sqlite:///{database}")
            patch.chdir(tmp_path)
            patch.setattr(sys, "argv", ["acuerdo", *words])
            for name, stream in streams.items():
                patch.setattr(sys, name, stream)
            with pytest.raises(SystemExit) as ended:
                main()
        os.umask(mask)
        printed = []
        for name in ("stdout", "stderr"):
            streams[name].flush()
            printed.append(streams[name].buffer.getvalue().decode())
        return subprocess.CompletedProcess(words, int(ended.value.code or 0), *printed)

    return run


def test_the_command_is_a_program(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot.cli", "--help"],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert all(command in done.stdout for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_with_an_example(acuerdo, command: str) -> None:
    done = acuerdo(command, "--help")
    assert done.returncode == 0
    assert "Example: " in done.stdout


def test_the_way_of_an_operator(acuerdo, tmp_path: Path) -> None:
    assert acuerdo("sample", "--loans", "5", "--out", "t.csv").returncode == 0
    assert "5 loaded: 5 new" in acuerdo("import", "loans", "t.csv").stdout
    assert "every chain and balance holds" in acuerdo("ledger", "verify").stdout
    key = acuerdo("keys", "add", "core")
    assert key.stdout.startswith("acu_")
    assert acuerdo("keys", "add", "core").returncode == 1
    assert (
        acuerdo("agents", "add", "a@b.mx", "--role", "agent", "--password-stdin", given="corto\n").returncode
        == 1
    )
    assert (
        acuerdo(
            "agents", "add", "a@b.mx", "--role", "agent", "--password-stdin", given="suficientemente largo\n"
        ).returncode
        == 0
    )
    assert "are sound" in acuerdo("flows", "check").stdout
    assert acuerdo("flows", "draw", "promise").stdout.startswith("stateDiagram-v2")
    assert "asistente virtual" in acuerdo("chat", given="hola\n").stdout
    assert "accuracy" in acuerdo("nlu", "eval", str(ROOT / "tests/data/dev.jsonl")).stdout
    assert "everything that this environment needs is there" in acuerdo("doctor").stdout
    assert "0 account numbers" in acuerdo("db", "rotate-keys").stdout


def test_a_strategy_is_put_in_force_by_its_file_alone(acuerdo) -> None:
    shipped = ROOT / "bot/outreach/strategies/default.toml"
    done = acuerdo("strategy", "activate", str(shipped), "--why", "as it came", "--by", "laura")
    assert (done.returncode, "default@2 is in force" in done.stdout) == (0, True)
    assert ", laura: as it came" in acuerdo("strategy", "history", "default").stdout
    assert acuerdo("strategy", "history", "default", "--version", "2").stdout == shipped.read_text("utf-8")
    assert "0 messages, USD 0.00" in acuerdo("strategy", "preview", str(shipped)).stdout
    assert "default@9 was never" in acuerdo("strategy", "history", "default", "--version", "9").stderr


def test_a_tape_comes_by_standard_input(acuerdo) -> None:
    header = "loan_id,borrower_id,borrower_name,phone,instalment_no,due_date,amount_due"
    row = "L-1,B-1,Ana López,5512345678,1,2026-12-30,{}"
    bad = acuerdo("import", "loans", "-", "--dry-run", given=f"{header}\n{row.format('=1+1')}\n")
    assert bad.returncode == 1
    assert "2,L-1,amount_due,'=1+1," in bad.stderr
    good = acuerdo("import", "loans", "-", "--dry-run", given=f"{header}\n{row.format('500.00')}\n")
    assert (good.returncode, "1 would be" in good.stdout) == (0, True)


@pytest.mark.parametrize(
    ("what", "good", "bad"),
    [
        (
            "loans",
            (
                "loan_id,borrower_id,borrower_name,phone,instalment_no,due_date,amount_due\n"
                "L-1,B-1,Ana López,5512345678,1,2026-12-30,500.00\n"
            ),
            "500.00",
        ),
        ("payments", "loan_id,amount,paid_at,rail,reference\n", ""),
    ],
)
def test_errors_are_listed_next_to_the_file_under_its_whole_name(
    acuerdo, tmp_path: Path, what: str, good: str, bad: str
) -> None:
    wrong = good.replace(bad, "=1+1") if bad else f"{good}ghost,1.00,2026-11-24,spei,R1\n"
    tape, listed = tmp_path / "cartera.csv", tmp_path / "cartera.csv.errors.csv"
    tape.write_text(wrong, encoding="utf-8")
    failed = acuerdo("import", what, "cartera.csv")
    assert (failed.returncode, "listed in cartera.csv.errors.csv" in failed.stderr) == (1, True)
    assert len(listed.read_text("utf-8").splitlines()) == 2
    tape.write_text(good, encoding="utf-8")
    acuerdo("import", what, "cartera.csv")
    assert not listed.exists()


def test_wrong_use_and_failure_are_one_line(acuerdo, tmp_path: Path) -> None:
    wrong = acuerdo("nonsense")
    assert wrong.returncode == 2
    assert len(wrong.stderr.strip().splitlines()) == 1
    assert "--help" in wrong.stderr
    assert acuerdo("sample", "--loans", "0", "--out", "x").returncode == 2
    nowhere = acuerdo("sample", "--loans", "1", "--out", "nowhere/x.csv")
    assert (nowhere.returncode, nowhere.stderr) == (1, "Error: nowhere/x.csv: No such file or directory\n")
    without_role = acuerdo("agents", "add", "a@b.mx")
    assert (without_role.returncode, len(without_role.stderr.strip().splitlines())) == (2, 1)
    (tmp_path / "bad.csv").write_bytes(b"a,b\n\x80\n")
    for words in (
        ("import", "loans", "bad.csv"),
        ("strategy", "check", "bad.csv"),
        ("ledger", "verify", "--root", "bad.csv"),
    ):
        failed = acuerdo(*words)
        assert (failed.returncode, len(failed.stderr.strip().splitlines())) == (1, 1)
        assert "Error: " in failed.stderr
        assert "codec" not in failed.stderr


def test_what_fails_is_one_line_without_what_was_to_be_written(acuerdo, tmp_path: Path) -> None:
    assert "there is no loan" in acuerdo("ledger", "verify", "--loan", "ghost").stderr
    assert acuerdo("flows", "draw", "ghost").returncode == 2
    unknown = acuerdo("privacy", "erase", "ghost")
    assert (unknown.stdout, unknown.stderr) == ("", "Error: there is no borrower 'ghost'\n")
    (tmp_path / "a.db").unlink()
    for failed in (
        acuerdo("keys", "add", "secret-name"),
        acuerdo("agents", "add", "secret-name@b.mx", "--role", "agent"),
    ):
        assert failed.stderr == "Error: the database is not at this version: run `acuerdo db upgrade`\n"
        assert failed.returncode == 1


def test_the_doctor_says_the_names_to_set_and_no_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    env = os.environ | {
        "ACUERDO_ENV": "test",
        "ACUERDO_DATABASE_URL": "postgresql://u:hush@127.0.0.1:9/x",
        "ACUERDO_NOW": "soon",
        "ACUERDO_REPLY_WIAT_SECONDS": "1",
        "MONATO_WEBHOOK_AUTHORIZATION": "hush",
        "PYTHONPATH": str(ROOT),
    }
    done = subprocess.run(
        [sys.executable, "-m", "bot.cli", "doctor"],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env=env,
    )
    assert done.returncode == 1
    assert "ACUERDO_DATABASE_URL             postgresql://u:***@127.0.0.1:9/x" in done.stdout
    assert "hush" not in done.stdout + done.stderr
    assert "MONATO_API_URL" in done.stdout
    assert re.search(r"^MONATO_WEBHOOK_AUTHORIZATION +set$", done.stdout, re.MULTILINE)
    assert "fix: ACUERDO_NOW='soon' is not a time" in done.stderr
    assert "no setting has this name: did you mean ACUERDO_REPLY_WAIT_SECONDS?" in done.stderr
    for url in ("mysql://x", "acuerdo.db"):
        monkeypatch.setenv("ACUERDO_DATABASE_URL", url)
        with pytest.raises(ValidationError, match="write it as sqlite:///"):
            Settings(env="test", _env_file=None)  # type: ignore[call-arg]
    monkeypatch.delenv("ACUERDO_DATABASE_URL")
    monkeypatch.setenv("ACUERDO_TIMEZONE", "Mars/Olympus")
    with pytest.raises(ValidationError, match="'Mars/Olympus' is no time zone: write it as"):
        Settings(env="test", _env_file=None)  # type: ignore[call-arg]


def test_production_refuses_the_demos_database(sqlite_engine: Engine, now: datetime) -> None:
    demo = make_test_services(sqlite_engine, now)
    production = replace(demo, settings=demo.settings.model_copy(update={"env": "production"}))
    require_none(production)
    add_agent(demo, LOGINS[0][0], "agent", PASSWORD, sample=True)
    require_none(demo)
    with pytest.raises(ForbiddenInProduction, match="a demo's database"):
        require_none(production)


def test_a_command_goes_by_the_clock_that_it_is_given(acuerdo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACUERDO_NOW", "2027-06-01T12:00:00Z")
    acuerdo("keys", "add", "one")
    monkeypatch.delenv("ACUERDO_NOW")
    assert "made 2027-06-01 12:00Z" in acuerdo("keys", "list").stdout


def test_understand_answers_line_by_line(acuerdo) -> None:
    lines = [
        '{"text": "el viernes les deposito 500", "today": "2026-11-22", "expecting": null}',
        "nonsense",
        '{"text": 5, "today": "2026-11-22"}',
        "{}",
        '{"text": "mañana pago", "today": "9999-12-31"}',
    ]
    answers = [
        json.loads(line) for line in acuerdo("understand", given="\n".join(lines) + "\n").stdout.splitlines()
    ]
    assert answers[0]["intent"] == "promise_to_pay"
    assert answers[0]["entities"] == {"amount": 50_000, "date": "2026-11-27"}
    assert all("error" in answer for answer in answers[1:])


def test_production_refuses_what_belongs_to_the_demo(
    acuerdo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACUERDO_ENV", "production")
    done = subprocess.run(
        [sys.executable, "-m", "bot.cli", "ledger", "verify"],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT), "ACUERDO_NOW": "+3d"},
    )
    assert done.returncode == 1
    assert "production needs" in done.stderr


def test_the_demo_names_a_program_that_is_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    script = tmp_path / "bin" / "acuerdo"
    script.parent.mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "executable", str(script.with_name("python")))
    assert _program() == "bin/python -m bot.cli"
    script.touch()
    assert _program() == "bin/acuerdo"
    monkeypatch.chdir(ROOT)
    assert _program() == str(script)


def test_a_port_that_is_taken_is_said_so(acuerdo) -> None:
    with socket.socket() as taken:
        taken.setsockopt(
            socket.SOL_SOCKET, socket.SO_REUSEPORT, 1
        )  # as our own server listens: without a look at the port the two would share it
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        for command in ("serve", "run"):
            refused = acuerdo(command, "--port", port)
            assert refused.returncode == 1
            assert refused.stderr.startswith(f"Error: port {port} of 127.0.0.1 cannot be had")


def test_a_database_has_one_demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with _only_one_of("sqlite:///a.db", 8001), _only_one_of("sqlite:///b.db", 8002):
        again = _only_one_of("sqlite:///a.db", 8003)
        with pytest.raises(click.ClickException, match="has a demo already, on port 8001"), again:
            pass
    with _only_one_of("sqlite:///a.db", 8003):
        pass


def test_keys_and_users_are_listed_replaced_and_ended(acuerdo) -> None:
    assert acuerdo("keys", "add", "core").returncode == 0
    assert acuerdo("keys", "rotate", "core").stdout.startswith("acu_")
    assert "core\tlender" in acuerdo("keys", "list").stdout
    assert "\tnever used\tin force" in acuerdo("keys", "list").stdout
    assert acuerdo("keys", "revoke", "core").returncode == 0
    assert "revoked" in acuerdo("keys", "list").stdout
    assert (acuerdo("keys", "revoke", "core").returncode, acuerdo("keys", "rotate", "x").returncode) == (1, 1)
    assert acuerdo("agents", "add", "a@b.mx", "--role", "auditor").returncode == 0
    new = acuerdo("agents", "password", "a@b.mx", "--password-stdin", given="cinco palabras que no van\n")
    assert new.returncode == 0
    assert acuerdo("agents", "end-sessions", "a@b.mx").returncode == 0
    assert acuerdo("agents", "disable", "a@b.mx").returncode == 0
    listed = acuerdo("agents", "list").stdout
    assert "a@b.mx\tauditor" in listed
    assert "disabled" in listed
    again = acuerdo("agents", "disable", "a@b.mx")
    assert (again.returncode, len(again.stderr.strip().splitlines())) == (1, 1)
