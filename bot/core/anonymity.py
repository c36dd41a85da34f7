"""What is handled without writing down who did it: a route that is `anonymous`.

Neither the click nor the form leaves a trace of the person: no key of the event, no time at which they were seen, no
draft, and what is saved is committed by itself. That somebody has acted is kept in memory, and written for several
people at once, so that the database's log says at best "one of these four". A process that ends forgets up to three.
"""

import secrets
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Lock

from sqlmodel import Session

# How many people are written down at once, at least.
AT_ONCE = 4


@dataclass(frozen=True)
class AnonymousAct:
    """What a handler wants saved: `save` in a transaction of its own, and later `mark`, with several people."""

    subject: str
    person: int
    save: Callable[[Session], None]
    mark: Callable[[Session, Sequence[int]], None]


class Unmarked:
    """Who has acted anonymously and isn't written down yet, by subject ("round.7"). Thread-safe."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._acting: dict[str, set[int]] = defaultdict(set)
        self._waiting: dict[str, set[int]] = defaultdict(set)

    def has(self, subject: str, person: int) -> bool:
        with self._lock:
            return person in self._acting[subject] | self._waiting[subject]

    def begin(self, subject: str, person: int) -> bool:
        """Begin an act. Returns False if the person has acted, or is acting in another thread."""
        with self._lock:
            if person in self._acting[subject] | self._waiting[subject]:
                return False
            self._acting[subject].add(person)
            return True

    def undo(self, subject: str, person: int) -> None:
        """End an act that failed."""
        with self._lock:
            self._acting[subject].discard(person)

    def done(self, subject: str, person: int) -> Sequence[int]:
        """End an act that was saved. Returns whom to write down now, in no order: nobody, or at least AT_ONCE."""
        with self._lock:
            self._acting[subject].discard(person)
            waiting = self._waiting[subject]
            waiting.add(person)
            if len(waiting) < AT_ONCE:
                return ()
            self._waiting[subject] = set()
            return sorted(waiting, key=lambda _each: secrets.randbits(64))
