"""How long `make demo` takes to serve its page: from a clean copy with empty caches, and when run again."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.figure import Figure
from tests.support.ports import free_port

PATIENCE_S = 300
# From the page until memory is read.
REST_S = 5


def figures() -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="commonplace-") as folder:
        copy = Path(folder) / "commonplace"
        _copy_checkout(copy)
        cold, _ = _start(copy)
        warm, rss = _start(copy)
    return [
        Figure("demo.start_s.cold", cold, "s"),
        Figure("demo.start_s.warm", warm, "s"),
        Figure("demo.rss_mb", rss, "MB"),
    ]


def _copy_checkout(to: Path) -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        check=True,
        capture_output=True,
        text=True,
    )
    for name in filter(os.path.isfile, listed.stdout.split("\0")):
        (to / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(name, to / name)


def _start(checkout: Path) -> tuple[float, float]:
    """Return the seconds from `make demo` to its page, and the megabytes it then takes at rest."""
    port = free_port()
    begun = time.monotonic()
    with _make_demo(checkout, port) as process:
        _wait_for_page(process, f"http://127.0.0.1:{port}/")
        taken = time.monotonic() - begun
        time.sleep(REST_S)
        return taken, _resident_mb(process.pid)


@contextmanager
def _make_demo(checkout: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    own = {name: value for name, value in os.environ.items() if not name.startswith(("COP_", "MAKE", "MFLAGS"))}
    process = subprocess.Popen(
        ["make", "demo"],
        cwd=checkout,
        env=own
        | {
            "PORT": str(port),
            # The program `true`, which opens nothing.
            "BROWSER": "true",
            "UV_CACHE_DIR": str(checkout.parent / "uv-cache"),
            "PIP_NO_CACHE_DIR": "1",
        },
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(timeout=30)


def _wait_for_page(process: subprocess.Popen[bytes], url: str) -> None:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        if process.poll() is not None:
            raise SystemExit(f"`make demo` stopped with {process.returncode} before it served its page.")
        try:
            with urllib.request.urlopen(url, timeout=5) as page:  # noqa: S310, the address is our own
                page.read()
            return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.05)
    raise SystemExit(f"`make demo` served nothing in {PATIENCE_S} s.")


def _resident_mb(group: int) -> float:
    """Return the memory of the group's biggest process, which is the bot: make and its shell are small."""
    sizes = [0]
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            if os.getpgid(int(status.parent.name)) == group:
                sizes += [int(row.split()[1]) for row in status.read_text().splitlines() if "VmRSS" in row]
        except (ProcessLookupError, FileNotFoundError):
            continue
    return max(sizes) / 1024
