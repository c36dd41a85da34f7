"""Puts small faults into bot/cadence and bot/core and counts what no test notices: `make mutants SAMPLE=160 SEED=9`.

cosmic-ray makes the mutants; each package gives its share of the sample, at most one mutant at one place in the code.
Each is tried in a fork that imports the mutated module in place of the file, so nothing is written to the checkout and
several can run at once (WORKERS=). Tests that start the bot as another process see the file as it is.

A mutant is killed when pytest ends with anything but success. One that runs out of time is reported apart, and counts
as noticed: the unchanged code needs a fraction of that. Exits 1 where fewer than 85 % of a package are noticed.

Mutants that behave as the original does are listed in equivalent.toml with the reason, and are not counted.
"""

import difflib
import importlib
import os
import random
import resource
import signal
import sys
import time
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from types import CodeType

import pytest
from cosmic_ray.ast import ast_nodes, get_ast  # type: ignore[import-not-found]
from cosmic_ray.mutating import mutate_code  # type: ignore[import-not-found]
from cosmic_ray.plugins import get_operator, operator_names  # type: ignore[import-not-found]

THRESHOLD = 0.85
OUTCOMES = ("killed", "timed out", "survived")
# An endless loop runs out of processor time, which a busy machine doesn't shorten; what waits for ever needs a clock.
PROCESSOR_TIMES = 3  # as much as the unchanged code needs
WAITING_LIMIT = 1200  # seconds
MEMORY_LIMIT = 4 << 30  # bytes; for a loop that gathers without end
# The quickest first: most mutants are killed by the first test that meets them.
TESTS = {
    "bot/cadence": ["tests/cadence", "tests/cli/test_cadence.py"],
    "bot/core": [
        *(f"tests/{name}" for name in ("core", "bootstrap", "cli", "demo", "domain", "operations", "stories", "ui")),
        *(f"tests/features/admin/test_{name}.py" for name in ("admin", "audit_log")),
        *(f"tests/features/test_{name}.py" for name in ("account_linking", "members", "rounds")),
    ],
}
# Loaded before the forks, so that each need not load them again. Nothing of the bot, whose modules are to be mutated.
LIBRARIES = (
    "aiohttp",
    "alembic.command",
    "babel.dates",
    "holidays",
    "pydantic_settings",
    "sqlmodel",
    "structlog",
    "typer",
)


@dataclass(frozen=True)
class Mutant:
    package: str
    path: str
    source: str
    mutated: str

    def changed_lines(self) -> tuple[str, str]:
        """What is taken out and what is put in, without indentation."""
        lines = list(difflib.ndiff(self.source.splitlines(), self.mutated.splitlines()))
        removed, added = ([line[2:].strip() for line in lines if line.startswith(sign)] for sign in ("- ", "+ "))
        return "\n".join(removed), "\n".join(added)

    def diff(self) -> str:
        lines = (self.source.splitlines(), self.mutated.splitlines())
        return "\n".join(difflib.unified_diff(*lines, self.path, self.path, lineterm=""))


class _MutatedLoader(SourceFileLoader):
    def __init__(self, name: str, mutant: Mutant) -> None:
        super().__init__(name, str(Path(mutant.path).resolve()))
        self._mutant = mutant

    def get_code(self, fullname: str) -> CodeType:
        return compile(self._mutant.mutated, self.path, "exec", dont_inherit=True)


class _MutatedFinder(MetaPathFinder):
    def __init__(self, mutant: Mutant) -> None:
        self._mutant = mutant
        self._name = mutant.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    def find_spec(self, fullname: str, path: object, target: object = None) -> ModuleSpec | None:
        if fullname != self._name:
            return None
        loader = _MutatedLoader(fullname, self._mutant)
        return spec_from_file_location(fullname, loader.path, loader=loader)


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
    mutants = []
    for path, start, end in rng.sample(sorted(places, key=repr), min(size, len(places))):
        name, occurrence = rng.choice(places[path, start, end])
        mutated = mutate_code(sources[path], get_operator(name)(), occurrence)
        mutants.append(Mutant(package, path, sources[path], mutated))
    return mutants


def start(package: str, mutant: Mutant | None, processor_limit: int = resource.RLIM_INFINITY) -> int:
    """Fork, and run the tests of the package in the child, which ends with pytest's exit code. Returns its id."""
    child = os.fork()
    if child:
        return child
    signal.alarm(WAITING_LIMIT)
    resource.setrlimit(resource.RLIMIT_CPU, (processor_limit, resource.RLIM_INFINITY))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    os.environ["COP_CI"] = "1"  # the same examples in every run
    if mutant:
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        sys.meta_path.insert(0, _MutatedFinder(mutant))
    try:
        code = int(pytest.main(["-q", "-x", "-m", "not slow", "-p", "no:cacheprovider", *TESTS[package]]))
    except BaseException:  # a mutant may break anything, pytest included
        code = 1
    os._exit(code)


def processor_limit(package: str) -> int:
    """How many seconds of processor time a mutant is given; exits where the tests fail without one."""
    _, status, used = os.wait4(start(package, None), 0)
    if status != 0:
        sys.exit(f"The tests of {package} fail without any mutant.")
    return max(10, round(PROCESSOR_TIMES * (used.ru_utime + used.ru_stime)))


def outcomes(mutants: Sequence[Mutant], limits: Mapping[str, int], workers: int) -> Iterator[tuple[Mutant, str]]:
    """Each mutant as it ends, with "killed", "survived" or "timed out"."""
    waiting, running = list(reversed(mutants)), dict[int, Mutant]()
    while waiting or running:
        if waiting and len(running) < workers:
            mutant = waiting.pop()
            running[start(mutant.package, mutant, limits[mutant.package])] = mutant
            continue
        child, status = os.wait()
        out_of_time = os.WIFSIGNALED(status) and os.WTERMSIG(status) in (signal.SIGALRM, signal.SIGXCPU)
        yield running.pop(child), "survived" if status == 0 else "timed out" if out_of_time else "killed"


def main(packages: Sequence[str]) -> int:
    size, seed = int(os.environ.get("SAMPLE") or 160), int(os.environ.get("SEED") or 9)
    workers = int(os.environ.get("WORKERS") or os.cpu_count() or 1)
    equivalents = tomllib.loads(Path(__file__).with_name("equivalent.toml").read_text())["mutants"]

    def is_equivalent(mutant: Mutant) -> bool:
        lines = mutant.changed_lines()
        return any(fnmatch(mutant.path, e["path"]) and lines == (e["before"], e["after"]) for e in equivalents)

    began = time.monotonic()
    for library in LIBRARIES:
        importlib.import_module(library)
    limits = {package: processor_limit(package) for package in packages}
    sampled = [mutant for package in packages for mutant in sample(package, size // len(packages), seed)]
    mutants = [mutant for mutant in sampled if not is_equivalent(mutant)]
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for mutant, outcome in outcomes(mutants, limits, workers):
        counts[mutant.path][outcome] += 1
        counts[mutant.package][outcome] += 1
        if outcome != "killed":
            print(f"{outcome}:\n{mutant.diff()}\n", flush=True)

    print(f"{'':36}" + "".join(f"{outcome:>10}" for outcome in OUTCOMES))
    for path in sorted(counts):
        print(f"{path:36}" + "".join(f"{counts[path][outcome]:10}" for outcome in OUTCOMES))
    enough = True
    for package in packages:
        noticed = 1 - counts[package]["survived"] / counts[package].total()
        left_out = sum(mutant.package == package for mutant in sampled) - counts[package].total()
        enough &= noticed >= THRESHOLD
        print(f"{package}: {noticed:.1%} noticed, {left_out} equivalent ones left out (seed {seed})")
    print(f"{time.monotonic() - began:.0f} s")
    return int(not enough)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or list(TESTS)))
