"""Tries mutants: each in a fork, with the tests that call what it changes, until one fails.

Most mutants change the body of a function. For those the tests are collected once, and the fork exchanges the code of
the function. What takes effect at import (a constant, a decorator, a function that was called then) is imported anew:
its fork collects the tests again, with the mutated module in place of the file.

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
import threading
import time
import traceback
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from inspect import CO_OPTIMIZED
from itertools import zip_longest
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from types import CodeType, FrameType, FunctionType

import pytest

OPTIONS = ["-q", "-q", "-m", "not slow", "-p", "no:cacheprovider"]
# A loop without end uses up processor time, which a busy machine doesn't shorten; what waits for ever needs a clock.
PROCESSOR_LIMIT = 20  # seconds for one test, and this many times what it takes without a mutant
WAITING_LIMIT = 300  # seconds
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

Place = tuple[str, str, int]  # of a function: its file, name and first line


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

    def changed_functions(self) -> dict[Place, CodeType] | None:
        """The functions that differ, with their new code; None where something outside of them does."""
        path = str(Path(self.path).resolve())
        changed: dict[Place, CodeType] = {}
        old, new = (compile(text, path, "exec", dont_inherit=True) for text in (self.source, self.mutated))
        return changed if _differing(old, new, changed) is not None else None


def _differing(old: CodeType, new: CodeType, changed: dict[Place, CodeType]) -> bool | None:
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
        changed[place(old)] = new
    return differs


def _comparable(code: CodeType) -> tuple[object, ...]:
    consts = [(type(c), c) for c in code.co_consts if not isinstance(c, CodeType)]
    return code.co_code, code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars, consts


def place(code: CodeType) -> Place:
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
        self._name = mutant.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    def find_spec(self, fullname: str, path: object, target: object = None) -> ModuleSpec | None:
        if fullname != self._name:
            return None
        loader = _MutatedLoader(fullname, self._mutant)
        return spec_from_file_location(fullname, loader.path, loader=loader)


class _Calls:
    """Records which functions below a folder are called inside `with`."""

    def __init__(self, folder: str) -> None:
        self._folder = str(Path(folder).resolve()) + os.sep
        self.places: set[Place] = set()

    def __call__(self, frame: FrameType, event: str, arg: object) -> None:
        if frame.f_code.co_filename.startswith(self._folder):
            self.places.add(place(frame.f_code))

    def __enter__(self) -> set[Place]:
        self.places = set()
        threading.settrace(self)
        sys.settrace(self)
        return self.places

    def __exit__(self, *_error: object) -> None:
        sys.settrace(None)
        threading.settrace(None)


@dataclass
class Known:
    """What the tests do without a mutant."""

    seconds: dict[str, float] = field(default_factory=dict)  # of processor time, by test
    callers: dict[Place, set[str]] = field(default_factory=lambda: defaultdict(set))  # the tests that call a function
    failing: str = ""  # the first test that fails nevertheless


class _Server:
    """Has the tests collected, and tries the mutants there instead of running them."""

    def __init__(self, package: str, mutants: Sequence[Mutant], workers: int, tell: Callable[[object], None]) -> None:
        self._package, self._mutants, self._workers, self._tell = package, mutants, workers, tell
        with _Calls(package) as self._at_import:
            for path in Path(package).rglob("*.py"):
                importlib.import_module(str(path).removesuffix(".py").removesuffix("/__init__").replace("/", "."))
            importlib.import_module("bot.features")

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        session.config.pluginmanager.unregister(name="terminalreporter")  # it would report every trial
        # Functions and caches are looked up among all objects, also those that tests/conftest.py set aside.
        gc.unfreeze()
        process, answer = _fork(lambda tell: tell(self._known(session)))
        known = answer.recv()
        os.waitpid(process, 0)
        self._tell(known)
        if known.failing:
            return True
        quick = [(CONTROL, functools.partial(_exchanged, session, known, {}))]
        for number, mutant in enumerate(self._mutants):
            changed = mutant.changed_functions()
            if changed is not None and not self._at_import & changed.keys():
                quick.append((number, functools.partial(_exchanged, session, known, changed)))
        for number, outcome in _outcomes(quick, self._workers):
            self._tell((number, outcome))
        return True

    def _known(self, session: pytest.Session) -> Known:
        from tests.support.scenes import played_for_real

        with played_for_real():
            return self._play(session)

    def _play(self, session: pytest.Session) -> Known:
        known, calls, file = Known(), _Calls(self._package), Path()
        for item, following in _pairs(session.items):
            if item.path != file:
                file = item.path
                _clear_caches()
            began = time.process_time()
            with calls as called:
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            known.seconds[item.nodeid] = time.process_time() - began
            for each in called:
                known.callers[each].add(item.nodeid)
            if session.testsfailed:
                known.failing = item.nodeid
                break
        return known


class _Watch:
    """Gives each test its time."""

    def __init__(self, known: Known) -> None:
        self._known = known

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        limit(self._known.seconds.get(item.nodeid, 0.0))


def limit(usual: float) -> None:
    signal.setitimer(signal.ITIMER_PROF, PROCESSOR_LIMIT * (1 + usual))
    signal.alarm(WAITING_LIMIT)


def _pairs(items: list[pytest.Item]) -> Iterator[tuple[pytest.Item, pytest.Item | None]]:
    return zip_longest(items, items[1:])


def _exchanged(session: pytest.Session, known: Known, changed: dict[Place, CodeType]) -> int:
    """Exchange the code of functions, and run the tests that call them. Returns how many fail: none or one."""
    for each in gc.get_objects():
        if isinstance(each, FunctionType) and place(each.__code__) in changed:
            each.__code__ = changed[place(each.__code__)]
    _clear_caches()
    callers = set().union(*(known.callers[each] for each in changed)) if changed else known.seconds.keys()
    for item, following in _pairs([item for item in session.items if item.nodeid in callers]):
        limit(known.seconds[item.nodeid])
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.testsfailed:
            return 1
    return 0


def _clear_caches() -> None:
    for each in gc.get_objects():
        if isinstance(each, functools._lru_cache_wrapper) and str(each.__module__).startswith("bot."):
            each.cache_clear()


def _imported(tests: Sequence[str], known: Known, mutant: Mutant) -> int:
    """Import the mutated module, and run all tests. Returns pytest's exit code."""
    limit(0.0)
    sys.meta_path.insert(0, _MutatedFinder(mutant))
    return int(pytest.main([*OPTIONS, "-x", *tests], plugins=[_Watch(known)]))


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
        yield from _outcomes([(n, functools.partial(_imported, tests, known, left[n])) for n in left], workers)
