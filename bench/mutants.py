"""One-line breaks in what must never be wrong, and how many of them a test catches: `make mutants`.

mutmut makes the breaks and runs the tests that reach them, as [tool.mutmut] says; here a sample is drawn.
"""

import argparse
import random
import subprocess
import sys
from pathlib import Path

from mutmut import __main__ as mutmut
from mutmut.stats import status_by_exit_code

FLOOR = 0.85
CAUGHT = ("killed", "timeout", "segfault")
"""A break that is reached by no test counts as one that survived."""


def make_mutants() -> list[str]:
    mutmut.set_mutant_under_test("mutant_generation")
    Path("mutants").mkdir(exist_ok=True)
    mutmut.copy_src_dir()
    mutmut.copy_also_copy_files()
    mutmut.create_mutants(2)
    return sorted(outcomes())


def outcomes() -> dict[str, str]:
    found, _ = mutmut.collect_source_file_mutation_data(mutant_names=())
    return {name: status_by_exit_code[code] for _, name, code in found}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sample", type=int, default=150)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    names = make_mutants()
    sample = random.Random(arguments.seed).sample(names, min(arguments.sample, len(names)))
    subprocess.run([Path(sys.executable).with_name("mutmut"), "run", *sample], check=True)
    became = outcomes()
    alive = sorted(name for name in sample if became[name] not in CAUGHT)
    for name in alive:
        print(f"{became[name]}: mutmut show '{name}'")
    killed = len(sample) - len(alive)
    print(f"{killed}/{len(sample)} killed ({killed / len(sample):.0%}), of {len(names)} that can be made")
    sys.exit(1 if killed < FLOOR * len(sample) else 0)


if __name__ == "__main__":
    main()
