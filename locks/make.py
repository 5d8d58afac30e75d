"""Pins what pyproject.toml names, by version and hash, in three sets: run ⊂ train ⊂ test. What is pinned
already stays.

Run by `make lock`, with an interpreter that has pip-tools.
"""

import subprocess
import sys
import tomllib
from pathlib import Path

HERE = Path(__file__).parent
HEAD = {
    "run": "Every package that Acuerdo runs with",
    "train": "Every package that Acuerdo runs and `acuerdo nlu train` fits with",
    "test": "Every package that Acuerdo runs, trains, tests and checks with",
}
_QUIET = ["--quiet", "--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links"]
_SAFE = ["--no-emit-trusted-host", "--allow-unsafe", "--strip-extras"]


def wanted() -> dict[str, list[str]]:
    """What each set names, from the project's own file."""
    project = tomllib.loads((HERE.parent / "pyproject.toml").read_text())
    groups = project["dependency-groups"]
    run = [*project["project"]["dependencies"], *project["build-system"]["requires"]]
    train = [*run, *groups["train"]]
    return {"run": run, "train": train, "test": [*train, *groups["test"]]}


def compile_set(name: str, requirements: list[str], constraints: Path | None) -> None:
    """Writes `locks/<name>.txt`, held to the versions of the widest set."""
    lock, source = HERE / f"{name}.txt", HERE / f".{name}.in"
    held = [f"-c {constraints.name}"] if constraints else []
    source.write_text("\n".join([*held, *requirements]))
    command = [sys.executable, "-m", "piptools", "compile", *_QUIET, *_SAFE, "--generate-hashes"]
    subprocess.run([*command, "--output-file", lock.name, source.name], cwd=HERE, check=True)  # noqa: S603
    source.unlink()
    body = [row for row in lock.read_text().splitlines() if not row.startswith("#")]
    lock.write_text("\n".join([f"# {HEAD[name]}, by version and hash. Made by: make lock", *body, ""]))


def pins(lock: Path) -> Path:
    """The versions of a lock alone, as constraints."""
    names = [row.split(" ")[0] for row in lock.read_text().splitlines() if "==" in row and row[0] != "#"]
    constraints = HERE / ".pins.in"
    constraints.write_text("\n".join(names))
    return constraints


if __name__ == "__main__":
    sets = wanted()
    compile_set("test", sets["test"], None)
    held = pins(HERE / "test.txt")
    for name in ("train", "run"):
        compile_set(name, sets[name], held)
    held.unlink()
