"""What is imported is named in pyproject.toml, not had through another package that may drop it."""

import ast
import sys
import tomllib
from collections.abc import Iterator, Mapping
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
RUN = ("bot", "flows", "models", "values", "locales")
OURS = {*RUN, "bench", "examples", "tests"}
FITTING = ROOT / "bot" / "understanding"
"""`acuerdo nlu train` needs what no other command does."""


def _named(*groups: str) -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    lists = [project["project"]["dependencies"], *(project["dependency-groups"][each] for each in groups)]
    return {canonicalize_name(Requirement(each).name) for names in lists for each in names}


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]


@pytest.fixture(scope="module")
def distributions() -> Mapping[str, list[str]]:
    return packages_distributions()


@pytest.mark.parametrize("folder", sorted(OURS))
def test_what_is_imported_is_named(folder: str, distributions: Mapping[str, list[str]]) -> None:
    missing, of_folder = set(), _named(*(() if folder in RUN else ("train", "test")))
    for path in (ROOT / folder).rglob("*.py"):
        named = _named("train") if FITTING in path.parents else of_folder
        for name in {*_imported(path)} - OURS - sys.stdlib_module_names:
            if not named & {canonicalize_name(each) for each in distributions.get(name, [])}:
                missing.add((str(path.relative_to(ROOT)), name))
    assert missing == set()
