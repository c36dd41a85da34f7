"""Tries mutants: each in a fork, with the tests that run what it changes, the fastest first, until one fails.

All tests are run once without a mutant, to see which statements each of them runs (tests/mutants/probes.py) and how
long it takes. No mutant is given more than MOST of processor time, or one that survives in the door, which every test
goes through, would take as long as all tests do. So a mutant that only a slow test notices is said to survive.

Most mutants change the body of a function. For those the tests are collected once, and the fork exchanges the code of
the function. What takes effect at import (a constant, a decorator, a function that was called then) is imported anew:
its fork collects the tests again, with the mutated module in place of the file, and runs those that run anything of it.

As a control, code that is the same is tried in both ways first, and has to survive.

Nothing of the bot is imported here, or it could not be imported anew.
"""

import difflib
import functools
import gc
import importlib
import os
import signal
import sys
import tempfile
import time
import traceback
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from inspect import CO_OPTIMIZED
from itertools import accumulate, zip_longest
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait
from pathlib import Path
from types import CodeType, FunctionType

import pytest

from tests.mutants import probes

OPTIONS = ["-q", "-q", "-m", "not slow", "-p", "no:cacheprovider"]
# A loop without end uses up processor time, which a busy machine doesn't shorten; what waits for ever needs a clock.
PROCESSOR_LIMIT = 5  # seconds for one test, and this many times what it takes without a mutant
WAITING_LIMIT = 120  # seconds
MOST = 30  # seconds of processor time that the tests of one mutant take without it
CONTROL = -1  # stands for the number of a mutant
# Loaded before the forks, so that each need not load them again.
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

# A function: its file, name and first line.
Function = tuple[str, str, int]


@dataclass(frozen=True)
class Mutant:
    path: str
    source: str
    mutated: str

    def changed_lines(self) -> tuple[str, str]:
        """What is taken out and what is put in, without indentation and empty lines."""
        lines = [
            line for line in difflib.ndiff(self.source.splitlines(), self.mutated.splitlines()) if line[2:].strip()
        ]
        removed, added = ([line[2:].strip() for line in lines if line.startswith(sign)] for sign in ("- ", "+ "))
        return "\n".join(removed), "\n".join(added)

    def diff(self) -> str:
        lines = (self.source.splitlines(), self.mutated.splitlines())
        return "\n".join(difflib.unified_diff(*lines, self.path, self.path, lineterm=""))

    def changed_statements(self) -> set[probes.Place]:
        """Where the statements begin that differ."""
        path = str(Path(self.path).resolve())
        matcher = difflib.SequenceMatcher(None, self.source.splitlines(), self.mutated.splitlines(), autojunk=False)
        lines = [
            line
            for tag, start, end, *_mutated in matcher.get_opcodes()
            if tag != "equal"
            for line in range(start + 1, max(end, start + 1) + 1)
        ]
        return {(path, probes.statement_at(self.source, line)) for line in lines}

    def changed_functions(self) -> dict[Function, CodeType] | None:
        """The functions that differ, with their new code; None where something outside of them does."""
        path = str(Path(self.path).resolve())
        changed: dict[Function, CodeType] = {}
        old, new = (compile(text, path, "exec", dont_inherit=True) for text in (self.source, self.mutated))
        return changed if _differing(old, new, changed) is not None else None


def _differing(old: CodeType, new: CodeType, changed: dict[Function, CodeType]) -> bool | None:
    """Whether the code differs; None where that of a module or a class does."""
    inner_old, inner_new = ([c for c in code.co_consts if isinstance(c, CodeType)] for code in (old, new))
    differs = _comparable(old) != _comparable(new) or len(inner_old) != len(inner_new)
    if differs and not old.co_flags & CO_OPTIMIZED:
        return None
    for each in [_differing(a, b, changed) for a, b in zip(inner_old, inner_new, strict=False)]:
        if each is None:
            return None
        differs |= each
    if differs and old.co_flags & CO_OPTIMIZED:
        changed[function(old)] = new
    return differs


def _comparable(code: CodeType) -> tuple[object, ...]:
    consts = [(type(c), c) for c in code.co_consts if not isinstance(c, CodeType)]
    return code.co_code, code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars, consts


def function(code: CodeType) -> Function:
    return code.co_filename, code.co_qualname, code.co_firstlineno


class _MutatedLoader(SourceFileLoader):
    def __init__(self, name: str, mutant: Mutant) -> None:
        super().__init__(name, str(Path(mutant.path).resolve()))
        self._mutant = mutant

    def get_code(self, fullname: str) -> CodeType:
        return compile(self._mutant.mutated, self.path, "exec", dont_inherit=True)


class _MutatedFinder(MetaPathFinder):
    def __init__(self, mutant: Mutant) -> None:
        self._mutant = mutant
        self._name = probes.module(mutant.path)

    def find_spec(self, fullname: str, path: object, target: object = None) -> ModuleSpec | None:
        if fullname != self._name:
            return None
        loader = _MutatedLoader(fullname, self._mutant)
        return spec_from_file_location(fullname, loader.path, loader=loader)


@dataclass
class Known:
    """What the tests do without a mutant."""

    seconds: dict[str, float] = field(default_factory=dict)  # of processor time, by test
    runners: dict[probes.Place, set[str]] = field(default_factory=lambda: defaultdict(set))  # the tests that run it
    failing: str = ""  # the first test that fails nevertheless

    def add(self, other: "Known") -> None:
        self.seconds |= other.seconds
        for place, tests in other.runners.items():
            self.runners[place] |= tests
        self.failing = self.failing or other.failing

    def fastest(self, tests: Iterable[str], most: float = MOST) -> list[str]:
        """As many of the tests as take `most` seconds together, the fastest first."""
        ordered = sorted(tests, key=lambda test: (self.seconds[test], test))
        total = accumulate(self.seconds[test] for test in ordered)
        return [test for test, so_far in zip(ordered, total, strict=True) if so_far <= most]

    def running(self, places: Iterable[probes.Place]) -> list[str]:
        return self.fastest(set().union(*(self.runners.get(place, set()) for place in places)))

    def running_any_of(self, path: str) -> list[str]:
        """The tests that run anything of a file; all, where it holds nothing that is run later."""
        tests = [tests for (file, _line), tests in self.runners.items() if file == str(Path(path).resolve())]
        return self.fastest(set().union(*tests) or self.seconds)


class _Server:
    """Has the tests collected, and tries the mutants there instead of running them."""

    def __init__(self, package: str, mutants: Sequence[Mutant], workers: int, tell: Callable[[object], None]) -> None:
        self._mutants, self._workers, self._tell = mutants, workers, tell
        sys.meta_path.insert(0, probes.ProbingFinder(package))
        for path in Path(package).rglob("*.py"):
            importlib.import_module(probes.module(path))
        importlib.import_module("bot.features")
        self._at_import = probes.taken()

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        session.config.pluginmanager.unregister(name="terminalreporter")  # it would report every trial
        # Functions and caches are looked up among all objects, also those that tests/conftest.py set aside.
        gc.unfreeze()
        known = self._known(session)
        self._tell(known)
        if known.failing:
            return True
        items = {item.nodeid: item for item in session.items}
        every = known.fastest(items, sys.maxsize)
        quick = [(CONTROL, functools.partial(_exchanged, session, known, [items[test] for test in every], {}))]
        for number, mutant in enumerate(self._mutants):
            changed, places = mutant.changed_functions(), mutant.changed_statements()
            if changed is not None and not self._at_import & places:
                tests = [items[test] for test in known.running(places)]
                quick.append((number, functools.partial(_exchanged, session, known, tests, changed)))
        for number, outcome in _outcomes(quick, self._workers):
            self._tell((number, outcome))
        return True

    def _known(self, session: pytest.Session) -> Known:
        files = list(dict.fromkeys(item.path for item in session.items))
        known, answers = Known(), list[Connection]()
        for number in range(self._workers):
            mine = set(files[number :: self._workers])
            items = [item for item in session.items if item.path in mine]
            answers.append(_fork(lambda tell, items=items: tell(_played(session, items)))[1])  # type: ignore[misc]
        while answers:
            for answer in wait(answers):
                assert isinstance(answer, Connection)
                known.add(answer.recv())
                answers.remove(answer)
                os.wait()
        return known


def _played(session: pytest.Session, items: list[pytest.Item]) -> Known:
    from tests.support.scenes import played_for_real

    known, file = Known(), Path()
    with played_for_real():
        for item, following in _pairs(items):
            if item.path != file:
                file = item.path
                _clear_caches()
            probes.taken()
            began = time.process_time()
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            known.seconds[item.nodeid] = time.process_time() - began
            for place in probes.taken():
                known.runners[place].add(item.nodeid)
            if session.testsfailed:
                known.failing = item.nodeid
                break
    return known


class _Watch:
    """Runs the chosen tests in their order, and gives each its time."""

    def __init__(self, known: Known, tests: list[str]) -> None:
        self._known, self._order = known, {test: number for number, test in enumerate(tests)}

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        chosen = [item for item in items if item.nodeid in self._order]
        items[:] = sorted(chosen, key=lambda item: self._order[item.nodeid])

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        limit(self._known.seconds.get(item.nodeid, 0.0))


def limit(usual: float) -> None:
    signal.setitimer(signal.ITIMER_PROF, PROCESSOR_LIMIT * (1 + usual))
    signal.alarm(WAITING_LIMIT)


def _pairs(items: list[pytest.Item]) -> Iterator[tuple[pytest.Item, pytest.Item | None]]:
    return zip_longest(items, items[1:])


def _exchanged(
    session: pytest.Session, known: Known, items: list[pytest.Item], changed: dict[Function, CodeType]
) -> int:
    """Exchange the code of functions, and run the tests. Returns how many fail: none or one."""
    for each in gc.get_objects():
        if isinstance(each, FunctionType) and function(each.__code__) in changed:
            each.__code__ = changed[function(each.__code__)]
    _clear_caches()
    for item, following in _pairs(items):
        limit(known.seconds[item.nodeid])
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.testsfailed:
            return 1
    return 0


def _clear_caches() -> None:
    for each in gc.get_objects():
        if isinstance(each, functools._lru_cache_wrapper) and str(each.__module__).startswith("bot."):
            each.cache_clear()


def _imported(known: Known, tests: list[str], mutant: Mutant) -> int:
    """Import the mutated module, and run the tests. Returns pytest's exit code."""
    limit(0.0)
    sys.meta_path.insert(0, _MutatedFinder(mutant))
    files = sorted({test.partition("::")[0] for test in tests})
    return int(pytest.main([*OPTIONS, "-x", *files], plugins=[_Watch(known, tests)]))


def _outcomes(trials: Sequence[tuple[int, Callable[[], int]]], workers: int) -> Iterator[tuple[int, str]]:
    """Each trial's number as it ends, with "killed", "survived" or "timed out"."""
    waiting, running = list(reversed(trials)), dict[int, int]()
    while waiting or running:
        if waiting and len(running) < workers:
            number, trial = waiting.pop()
            running[_fork_quietly(trial)] = number
            continue
        process, status = os.wait()
        out_of_time = os.WIFSIGNALED(status) and os.WTERMSIG(status) in (signal.SIGALRM, signal.SIGPROF)
        yield running.pop(process), "survived" if status == 0 else "timed out" if out_of_time else "killed"


def _fork_quietly(trial: Callable[[], int]) -> int:
    process = os.fork()
    if not process:
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        try:
            code = trial()
        except BaseException:  # a mutant may break anything, pytest included
            code = 1
        os._exit(code)
    return process


def _fork(work: Callable[[Callable[[object], None]], object]) -> tuple[int, Connection]:
    """Do `work` in another process. Returns its id, and where to receive what it tells."""
    reader, writer = Pipe(duplex=False)
    process = os.fork()
    if process:
        writer.close()
        return process, reader
    try:
        work(writer.send)
    except BaseException:
        traceback.print_exc()
    sys.stdout.flush()
    os._exit(0)


def tried(package: str, tests: Sequence[str], mutants: Sequence[Mutant], workers: int) -> Iterator[tuple[Mutant, str]]:
    """Each mutant as it ends, with "killed", "survived" or "timed out"; exits where the tests fail without one."""
    for number, outcome in _tried(package, tests, mutants, workers):
        if number != CONTROL:
            yield mutants[number], outcome
        elif outcome != "survived":
            sys.exit(f"The tests of {package} fail where nothing is changed.")


def _tried(package: str, tests: Sequence[str], mutants: Sequence[Mutant], workers: int) -> Iterator[tuple[int, str]]:
    os.environ["COP_CI"] = "1"  # the same examples in every run
    for library in LIBRARIES:
        importlib.import_module(library)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["PYTEST_DEBUG_TEMPROOT"] = folder  # the forks leave their folders behind
        server, answers = _fork(
            lambda tell: pytest.main([*OPTIONS, *tests], plugins=[_Server(package, mutants, workers, tell)])
        )
        left = {CONTROL: Mutant(mutants[0].path, mutants[0].source, mutants[0].source), **dict(enumerate(mutants))}
        known = Known(failing="collecting them")
        try:
            known = answers.recv()
            while True:
                number, outcome = answers.recv()
                if number != CONTROL:
                    del left[number]
                yield number, outcome
        except EOFError:
            os.waitpid(server, 0)
        if known.failing:
            sys.exit(f"The tests of {package} fail without any mutant: {known.failing}")
        trials = [(n, functools.partial(_imported, known, known.running_any_of(m.path), m)) for n, m in left.items()]
        yield from _outcomes(trials, workers)
