"""Puts small faults into bot/cadence and bot/core and counts what no test notices: `make mutants SAMPLE=160 SEED=9`.

cosmic-ray makes the mutants; each package gives its share of the sample, at most one mutant at one place in the code.
Each is tried in a fork of its own (tests/mutants/trial.py), so nothing is written to the checkout. Tests that start the
bot as another process see the file as it is.

A mutant is killed when a test fails. One that runs out of time is reported apart and counts as noticed. Exits 1 where
fewer than 85 % of a package are noticed.

Mutants that behave as the original does are listed in equivalent.toml with the reason, and are not counted.
"""

import os
import random
import sys
import time
import tomllib
import warnings
from collections import Counter, defaultdict
from collections.abc import Sequence
from contextlib import suppress
from fnmatch import fnmatch
from pathlib import Path

from cosmic_ray.ast import ast_nodes, get_ast  # type: ignore[import-not-found]
from cosmic_ray.mutating import mutate_code  # type: ignore[import-not-found]
from cosmic_ray.plugins import get_operator, operator_names  # type: ignore[import-not-found]

from tests.mutants.trial import Mutant, tried

THRESHOLD = 0.85
OUTCOMES = ("killed", "timed out", "survived")
TESTS = {
    "bot/cadence": ["tests/cadence", "tests/cli/test_cadence.py"],
    "bot/core": [
        "tests/core",
        "tests/delivery",
        "tests/features",
        "tests/operations",
        "tests/scheduler",
        "tests/bootstrap/test_telemetry.py",
        "tests/stories/test_translation.py",
    ],
}


def sample(package: str, size: int, seed: int) -> list[Mutant]:
    places: dict[tuple[str, object, object], list[tuple[str, int]]] = defaultdict(list)
    sources = {str(path): path.read_text() for path in sorted(Path(package).rglob("*.py"))}
    # A `|` stands almost always in a type, where any other operator fails at import: killed by no merit of a test.
    names = [
        name for name in operator_names() if not get_operator(name).arguments() and "BinaryOperator_BitOr" not in name
    ]
    for path, source in sources.items():
        nodes = list(ast_nodes(get_ast(source)))
        for name in names:
            operator = get_operator(name)()
            positions = [position for node in nodes for position in operator.mutation_positions(node)]
            for occurrence, (start, end) in enumerate(positions):
                places[path, start, end].append((name, occurrence))
    rng = random.Random(seed)
    mutants = list[Mutant]()
    for path, start, end in rng.sample(sorted(places, key=repr), len(places)):
        name, occurrence = rng.choice(places[path, start, end])
        mutated = mutate_code(sources[path], get_operator(name)(), occurrence)
        with suppress(SyntaxError), warnings.catch_warnings(action="error"):  # such as `*` for the `**` that unpacks
            compile(mutated, path, "exec", dont_inherit=True)
            mutants.append(Mutant(path, sources[path], mutated))
        if len(mutants) == size:
            break
    return mutants


def main(packages: Sequence[str]) -> int:
    size, seed = int(os.environ.get("SAMPLE") or 160), int(os.environ.get("SEED") or 9)
    workers = int(os.environ.get("WORKERS") or os.cpu_count() or 1)
    equivalents = tomllib.loads(Path(__file__).with_name("equivalent.toml").read_text())["mutants"]

    def is_equivalent(mutant: Mutant) -> bool:
        lines = mutant.changed_lines()
        return any(fnmatch(mutant.path, e["path"]) and lines == (e["before"], e["after"]) for e in equivalents)

    began, enough, table = time.monotonic(), True, list[str]()
    for package in packages:
        sampled = sample(package, size // len(packages), seed)
        mutants = [mutant for mutant in sampled if not is_equivalent(mutant)]
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        for mutant, outcome in tried(package, TESTS[package], mutants, workers):
            for name in (mutant.path, package):
                counts[name][outcome] += 1
            if outcome != "killed":
                print(f"{outcome}:\n{mutant.diff()}\n", flush=True)
        table += [f"{name:40}" + "".join(f"{counts[name][o]:10}" for o in OUTCOMES) for name in sorted(counts)]
        noticed = 1 - counts[package]["survived"] / len(mutants)
        left_out = len(sampled) - len(mutants)
        table.append(f"seed {seed}: {noticed:.1%} noticed, {left_out} equivalent ones left out\n")
        enough &= noticed >= THRESHOLD
    print(f"{'':40}" + "".join(f"{outcome:>10}" for outcome in OUTCOMES), *table, sep="\n")
    print(f"{time.monotonic() - began:.0f} s")
    return int(not enough)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or list(TESTS)))
