"""The documentation names files, tests and make targets that are there."""

import re
from itertools import chain
from pathlib import Path

import click

from bot.cli import cli
from bot.settings import Settings

ROOT = Path(__file__).parents[2]
PAGES = sorted(chain(ROOT.glob("README*.md"), ROOT.glob("docs/*.md")))
ROOMS = ("bench", "bot", "deploy", "examples", "flows", "locales", "locks", "models", "tests", "values")
TO_BE_MADE = {"bot/debit/acme/provider.py", "bot/channels/push/transport.py", "flows/owed/cat_rate.py"} | {
    "bot/conversation/effects/request_receipt.py",
    "bot/understanding/training/ask_cat_rate.txt",
    "tests/conversations/scripts/cat_rate.txt",
}
"""What the four additions of docs/architecture.md make."""


def _named(pattern: str) -> set[tuple[str, str]]:
    return {(page.name, name) for page in PAGES for name in re.findall(pattern, page.read_text("utf-8"))}


def test_files_that_are_named_are_there() -> None:
    named = _named(rf"`((?:{'|'.join(ROOMS)})/[\w./-]+)`")
    missing = {(page, name) for page, name in named if name not in TO_BE_MADE and not (ROOT / name).exists()}
    assert missing == set()


def test_tests_that_are_named_are_there() -> None:
    here = {path.name for path in ROOT.glob("tests/**/*")}
    assert {each for each in _named(r"`(test_\w+\.py|\w+\.txt)`") if each[1] not in here} == set()
    assert {each for each in _named(r"\[`(test_\w+)`\]") if f"{each[1]}.py" not in here} == set()


def test_links_lead_somewhere() -> None:
    linked = {
        (page, link)
        for page in PAGES
        for link in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text("utf-8"))
        if not link.startswith("http")
    }
    assert {(page.name, link) for page, link in linked if not (page.parent / link).exists()} == set()


def test_the_handbook_has_every_page_and_links_within_itself() -> None:
    handbook = (ROOT / "mkdocs.yml").read_text("utf-8")
    pages = [page for page in PAGES if page.parent.name == "docs"]
    assert [page.name for page in pages if f": {page.name}\n" not in handbook] == []
    assert [page.name for page in pages if "](../" in page.read_text("utf-8")] == [], "write it as `code`"


def test_make_targets_that_are_named_are_there() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert {each for each in _named(r"make ([a-z-]+)`") if each[1] not in targets} == set()


def test_commands_that_are_named_are_there_with_their_options() -> None:
    """As typed: in a block, or in code within a line; what stands for something is in capitals."""
    typed = _named(r"(?:`|^|\n)(?:\.venv/bin/)?acuerdo ([a-z][^`\n#]*)")
    wrong = {(page, line) for page, line in typed if not _is_command(line.replace("…", "").split())}
    assert len(typed) > 50
    assert wrong == set()


def _is_command(words: list[str], command: click.Command = cli) -> bool:
    while words and isinstance(command, click.Group):
        either = [name for name in re.split(r"\\?\|", words[0]) if name]
        if len(either) > 1:
            return all(_is_command([name, *words[1:]], command) for name in either)
        found = command.get_command(click.Context(command), words[0])
        if found is None:
            return words[0].startswith("--")
        command, words = found, words[1:]
    known = {option for parameter in command.params for option in parameter.opts} | {"--help"}
    return {word.partition("=")[0] for word in words if word.startswith("--")} <= known


def test_settings_that_are_named_are_there() -> None:
    there = {str(field.alias or field.validation_alias) for field in Settings.model_fields.values()}
    assert {
        each for each in _named(r"\b((?:ACUERDO|BELVO|TWILIO)_[A-Z_]+)\b") if each[1] not in there
    } == set()
