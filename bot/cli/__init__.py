"""The command `acuerdo`: one file per command, loaded when it is asked for."""

import os
import re
import sys
from importlib import import_module

import click
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError

_COMMANDS = {
    "serve": "the web process: webhooks, API, console",
    "scheduler": "the clock: records what is due when",
    "worker": "does due work: plan, dispatch, expire",
    "run": "everything at once, with a sample portfolio: the demo",
    "db": "migrates the database, copies it, rotates encryption keys",
    "import": "loads a loan tape or a payments file",
    "sample": "writes a synthetic portfolio",
    "keys": "makes API keys",
    "webhooks": "sends what happens to the lender's own systems",
    "agents": "makes console users",
    "understand": "reads messages as JSON lines",
    "nlu": "the model behind it",
    "chat": "talks to the bot in the terminal",
    "flows": "proves the flows sound, draws them",
    "templates": "WhatsApp templates through Twilio",
    "twilio": "sets addresses, retries and fallback at Twilio",
    "strategy": "when to reach out, to whom and with what",
    "compliance": "what was sent, held against the law",
    "offers": "shows what may be agreed with a borrower",
    "privacy": "hands over or erases what is held about a borrower",
    "ledger": "verifies the ledger",
    "doctor": "shows what is configured, what is missing, and how to fix it",
}
PRIVATE = 0o077
_NOT_MIGRATED = re.compile(r"no such (?:table|column)|(?:relation|column) .* does not exist")
"""As SQLite and as PostgreSQL put it."""
_MODULES = {"import": "import_"}


class _Lazy(click.Group):
    """Imports a command's module when it is run: `--help` and the quick ones stay quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = import_module(f"bot.cli.{_MODULES.get(cmd_name, cmd_name)}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]}, no_args_is_help=True)
def cli() -> None:
    """Acuerdo: conversational collections for Mexican lenders.

    Example: acuerdo doctor
    """


def _first_line(error: BaseException | None) -> str:
    return next(iter(str(error or "").strip().splitlines()), "")


def _refusal(text: str) -> str:
    if _NOT_MIGRATED.match(text):
        return "the database is not at this version: run `acuerdo db upgrade`"
    return f"the database refuses: {text}: see `acuerdo doctor`"


def main() -> None:
    """Exit 0 fine, 1 failed, 2 used wrongly; an error is one line on standard error.

    What a command writes (a database, a portfolio, a list of errors) holds personal data: only its owner may
    read it.
    """
    os.umask(PRIVATE)
    try:
        code = cli.main(standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        sys.exit(2)
    except click.UsageError as error:
        path = error.ctx.command_path if error.ctx else "acuerdo"
        message = " ".join(error.format_message().split())
        click.echo(f"Error: {message} (`{path} --help` shows how it is used)", err=True)
        sys.exit(2)
    except click.ClickException as error:
        error.show()
        sys.exit(1)
    except (click.Abort, KeyboardInterrupt):
        click.echo("\nError: stopped before it was done", err=True)
        sys.exit(1)
    except BrokenPipeError:
        sys.exit(0)
    except OSError as error:
        named = f"{error.filename}: " if error.filename else ""
        click.echo(f"Error: {named}{error.strerror or error}", err=True)
        sys.exit(1)
    except ValidationError as error:
        faults = "; ".join(
            ": ".join((*map(str, fault["loc"]), fault["msg"].removeprefix("Value error, ")))
            for fault in error.errors()
        )
        click.echo(f"Error: {error.title} does not fit: {faults}", err=True)
        sys.exit(1)
    except DBAPIError as error:  # its own text holds the statement, with what was to be written
        click.echo(f"Error: {_refusal(_first_line(error.orig))}", err=True)
        sys.exit(1)
    except Exception as error:  # the edge: one clear line, no traceback
        click.echo(f"Error: {_first_line(error) or type(error).__name__}", err=True)
        sys.exit(1)
    sys.exit(code if isinstance(code, int) else 0)
