"""Runs a module, as `python -m` does, in a fork of a process that has loaded everything.

Loading takes longer than most of what a test then does with the process. In all else a fork is a process of its own,
with its own environment, folder and output, and can be killed. What loading itself does is tried by `make bench`, by
`tests/bootstrap`, and where a test starts Python anew.
"""

import asyncio
import multiprocessing
import os
import runpy
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from subprocess import CompletedProcess
from tempfile import TemporaryDirectory

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["tests.support.loaded"])


class Fork:
    """A process that runs a module with words behind it. `stderr` is the file descriptor to read its errors from."""

    def __init__(
        self,
        command: Sequence[str],
        folder: Path,
        environment: Mapping[str, str],
        *,
        stdout: Path = Path(os.devnull),
        before: Callable[[], None] | None = None,
    ) -> None:
        """Start it. `before` is called in the new process, before the module is."""
        reading, writing = FORKS.Pipe(duplex=False)
        args = (list(command), str(folder), dict(environment), str(stdout), writing, before)
        self._process = FORKS.Process(target=_run, args=args, daemon=True)
        self._process.start()
        writing.close()
        self.stderr = os.dup(reading.fileno())
        reading.close()

    @property
    def returncode(self) -> int | None:
        """Its exit code, or the signal that ended it as a negative number. None while it runs."""
        return self._process.exitcode

    def terminate(self) -> None:
        self._process.terminate()

    def kill(self) -> None:
        self._process.kill()

    def join(self) -> int:
        """Wait until it has ended, and return its exit code."""
        self._process.join()
        assert self.returncode is not None
        return self.returncode

    async def wait(self) -> int:
        """Do what `join` does, without blocking."""
        loop, ended = asyncio.get_running_loop(), asyncio.Event()
        loop.add_reader(self._process.sentinel, ended.set)
        try:
            await ended.wait()
        finally:
            loop.remove_reader(self._process.sentinel)
        return self.join()


def run(
    command: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
    *,
    before: Callable[[], None] | None = None,
) -> CompletedProcess[str]:
    """Run a module to its end."""
    with TemporaryDirectory(prefix="commonplace-") as kept:
        said = Path(kept, "stdout")
        fork = Fork(command, folder, environment, stdout=said, before=before)
        with os.fdopen(fork.stderr, encoding="utf-8") as complaints:
            complained = complaints.read()
        code = fork.join()
        return CompletedProcess(list(command), code, said.read_text(encoding="utf-8"), complained)


def _run(
    command: list[str],
    folder: str,
    environment: dict[str, str],
    stdout: str,
    stderr: Connection,
    before: Callable[[], None] | None,
) -> None:
    os.dup2(os.open(stdout, os.O_WRONLY | os.O_CREAT | os.O_APPEND), 1)
    os.dup2(stderr.fileno(), 2)
    stderr.close()
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    if before:
        before()
    sys.argv = command
    runpy.run_module(command[0], run_name="__main__", alter_sys=True)
