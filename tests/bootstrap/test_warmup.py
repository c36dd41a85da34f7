"""The warm-up of a new process loads what takes long the first time, before anybody waits for it."""

import subprocess
import sys

STORY = """
import asyncio, gc, sys, threading
usual = gc.get_threshold()
gc.set_threshold(100_000)
from bot.bootstrap.warmup import when_ready

class Platform:
    name = "slack"
    looked = 0
    @property
    def ready(self):
        self.looked += 1
        return self.looked > 2

platform = Platform()
assert "holidays" not in sys.modules
asyncio.run(when_ready([platform]))
assert platform.looked == 3
[thread] = [t for t in threading.enumerate() if t.name == "warming"]
assert thread.daemon
thread.join()
assert gc.get_threshold() == usual

from bot.features.setup import rules
before = set(sys.modules)
assert rules.read_country("United States") == "US"
assert set(sys.modules) == before, sorted(set(sys.modules) - before)
print("warm")
"""


def test_warmup_loads_all_that_a_first_question_needs() -> None:
    """The first question about a country finds everything loaded."""
    done = subprocess.run([sys.executable, "-c", STORY], capture_output=True, text=True, check=False)
    assert done.stdout.splitlines()[-1:] == ["warm"], done.stderr
