"""A trial's own PostgreSQL server, which crashes as in a power cut and starts again."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.ports import free_port

# Debian keeps the programs out of the path, in one folder for each version.
DEBIAN = Path("/usr/lib/postgresql")
SECURE = ("-A", "trust", "-U", "cop", "-E", "UTF8", "--locale=C.UTF-8")


class LeftOut(Exception):
    """Something that the trial needs isn't on this machine. The text says what."""


@dataclass(frozen=True)
class Cluster:
    """A server in its own folder. `programs` is where PostgreSQL's programs are."""

    programs: Path
    folder: Path
    port: int

    @property
    def url(self) -> str:
        return f"postgresql://cop@127.0.0.1:{self.port}/postgres"

    def make(self) -> None:
        self._run("initdb", "-D", f"{self.folder}/data", *SECURE)

    def start(self) -> None:
        listen = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1"
        self._run("pg_ctl", "-D", f"{self.folder}/data", "-l", f"{self.folder}/log", "-w", "-o", listen, "start")

    def crash(self) -> None:
        """Stop the server without finishing or writing anything, so that the next start has to recover."""
        self._run("pg_ctl", "-D", f"{self.folder}/data", "-m", "immediate", "-w", "stop")

    def recoveries(self) -> int:
        """Return how often a start found that the server hadn't been shut down."""
        return (self.folder / "log").read_text(encoding="utf-8").count("was not properly shut down")

    def _run(self, program: str, *arguments: str) -> None:
        # PostgreSQL refuses to run as root.
        other = ("runuser", "-u", "postgres", "--") if os.geteuid() == 0 else ()
        order = [*other, str(self.programs / program), *arguments]
        subprocess.run(order, check=True, cwd=self.folder, stdout=subprocess.DEVNULL)


@contextmanager
def cluster() -> Iterator[Cluster]:
    """Run an empty server, and remove it at the end. Raises LeftOut if PostgreSQL's programs are missing."""
    programs = _programs()
    with tempfile.TemporaryDirectory(prefix="commonplace-") as folder:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
        it = Cluster(programs, Path(folder), free_port())
        it.make()
        it.start()
        try:
            yield it
        finally:
            if (it.folder / "data" / "postmaster.pid").exists():
                it.crash()


def _programs() -> Path:
    by_name = shutil.which("pg_ctl")
    places = [Path(by_name).resolve().parent] if by_name else sorted(DEBIAN.glob("*/bin"), key=_version)
    there = [place for place in places if (place / "pg_ctl").exists() and (place / "initdb").exists()]
    if not there:
        raise LeftOut("PostgreSQL’s own programs (initdb, pg_ctl) are not on this machine, so no server was crashed.")
    return there[-1]


def _version(place: Path) -> int:
    return int(place.parent.name) if place.parent.name.isdigit() else 0
