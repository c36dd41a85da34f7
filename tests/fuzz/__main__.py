"""Looks for input that a reader neither reads nor refuses: `make fuzz MINUTES=10`, or `python -m tests.fuzz phrase`.

Each reader gets its share of the minutes, in its own process. Faults are written to build/fuzz/READER/faults. Inputs
that reached new code are saved in tests/fuzz/corpus, as few and as short as possible. Needs atheris, which `make fuzz`
fetches into build/.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import structlog

from tests.fuzz import saved_inputs
from tests.fuzz.readers import READERS
from tests.fuzz.smallest import smallest

BUILD = Path("build/fuzz")


def main(wanted: Sequence[str]) -> int:
    # Readers log what they refuse, which would fill the terminal.
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    names = wanted or list(READERS)
    seconds = int(float(os.environ.get("MINUTES") or 5) * 60 / len(names))
    for name in names:
        folder = BUILD / name
        for part in ("corpus", "faults"):
            (folder / part).mkdir(parents=True, exist_ok=True)
        for data in saved_inputs.load(name):
            (folder / "corpus" / sha256(data).hexdigest()[:16]).write_bytes(data)
        print(f"{name}: {seconds} s", flush=True)
        with (folder / "log").open("w") as log:
            command = [sys.executable, "-m", "tests.fuzz.guided", name, str(seconds)]
            # The faults it leaves behind count, not its exit code.
            subprocess.run(command, stderr=log, check=False)
        found = smallest(READERS[name].read, (file.read_bytes() for file in (folder / "corpus").iterdir()))
        saved_inputs.save(name, found)
        print(f"{name}: {len(found)} inputs saved, {len(list((folder / 'faults').iterdir()))} faults", flush=True)
    return int(any(fault for name in names for fault in (BUILD / name / "faults").iterdir()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
