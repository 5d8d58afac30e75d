"""The documentation names files, tests and make targets that are there."""

import re
from itertools import chain
from pathlib import Path

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
