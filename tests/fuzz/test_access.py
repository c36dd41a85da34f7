"""Nobody reads or writes what the table of permissions does not allow. See `tests.fuzz.access`."""

import os
from random import Random

from tests.fuzz.access import STEPS_IN_A_WORLD, Fuzz, World
from tests.support import postgres, sqlite
from tests.support.chat import Chat
from tests.support.crawler import strict

EVENTS, SEED = int(os.environ.get("EVENTS", "250")), int(os.environ.get("SEED", "1"))


def test_nobody_reads_or_writes_what_the_table_does_not_allow(chat: Chat) -> None:
    random = Random(SEED)
    chat.app = strict(chat.app)
    world = World(chat)
    world.make(random)
    restore = (postgres.copy_rows if postgres.is_named() else sqlite.copy_rows)(chat.engine)
    fuzz = Fuzz(world, random)
    try:
        for step in range(EVENTS):
            if step % STEPS_IN_A_WORLD == 0:
                restore()
                fuzz.restart()
            fuzz.step()
            if step % 50 == 49:
                fuzz.pass_time()
    finally:
        fuzz.close()
    print(f"seed {SEED}: {fuzz.done} events, {fuzz.allowed} wrote something, {len(fuzz.found)} not allowed")
    assert fuzz.allowed
    assert not fuzz.found, "\n".join(fuzz.found[:20])
