"""A disk that gets full: a small file system of its own where this user may mount one, else a limit on file sizes."""

import os
import resource
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, text

SIZE = "24m"
BLOCK = b"\0" * 65_536
# The largest file where no file may grow.
MOST = 4_096


@dataclass(frozen=True)
class Disk:
    """A folder on a disk that can be filled. `is_small`: it has a file system of its own, so it can really be full."""

    folder: Path
    is_small: bool

    @property
    def kind(self) -> str:
        return "a small file system" if self.is_small else "a limit on file sizes"

    @contextmanager
    def full(self, pid: int, engine: Engine) -> Iterator[None]:
        """Have no room while inside, for the process `pid`. `engine` is of a SQLite file there."""
        if not self.is_small:
            _soft, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (MOST, hard))
            yield
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, hard))
            return
        filler, stop = self.folder / "filler", threading.Event()
        filling = threading.Thread(target=_fill, args=[filler, stop])
        filling.start()
        # Else SQLite writes into room that its log has already.
        with suppress(Exception), engine.connect() as connection:
            connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
        try:
            yield
        finally:
            stop.set()
            filling.join()
            filler.unlink()


def _fill(filler: Path, stop: threading.Event) -> None:
    """Take whatever room there is, until `stop`."""
    with filler.open("ab", buffering=0) as file:
        while not stop.wait(0.01):
            for size in (len(BLOCK), 512):
                with suppress(OSError):
                    while file.write(BLOCK[:size]) == size:
                        pass


@contextmanager
def small_disk(folder: Path) -> Iterator[Disk]:
    """Create a folder inside `folder`, on a file system of its own if this user may mount one."""
    place = folder / "disk"
    place.mkdir(parents=True)
    order = ["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=0700", "commonplace-chaos", str(place)]
    is_small = os.geteuid() == 0 and subprocess.run(order, check=False, capture_output=True).returncode == 0
    try:
        yield Disk(place, is_small)
    finally:
        if is_small:
            subprocess.run(["umount", "--lazy", str(place)], check=True)
