"""Counts the calls of two journeys through the meetings feature: saving a cadence, and moving a meeting.

    python -m tests.journeys [--steps]

Each runs in `tests.support.chat` on a new SQLite file. While the one event that matters is handled, every call between
two of our functions is recorded. A caller and its callee count once, however many meetings there are.

A call goes back up when it enters a module that is already further up the stack, with another module in between.
A journey comes back when a function that has called another module calls one again: it drives each step itself.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from types import CodeType, FrameType
from typing import Any
from zoneinfo import ZoneInfo

from tests.support import sqlite
from tests.support.chat import Chat
from tests.support.community import ZONE, actors, create_community

MEETINGS = "bot.features.meetings"


@dataclass(frozen=True)
class Step:
    """One function calling another, each as (module, name)."""

    caller: tuple[str, str]
    callee: tuple[str, str]

    def __str__(self) -> str:
        return f"{'.'.join(self.caller)} -> {'.'.join(self.callee)}"


@dataclass
class Journey:
    """What was called inside a package while an event was handled.

    `steps` are in the order in which they were first made, and `back_up` are those into a module further up. `made`
    counts calls with repetitions.
    """

    package: str
    steps: list[Step] = field(default_factory=list)
    back_up: list[Step] = field(default_factory=list)
    made: int = 0
    modules: set[str] = field(default_factory=set)

    @property
    def between_modules(self) -> list[Step]:
        return [step for step in self.steps if step.caller[0] != step.callee[0]]

    @property
    def comes_back(self) -> int:
        return len(self.between_modules) - len({step.caller for step in self.between_modules})

    def __str__(self) -> str:
        return (
            f"{len(self.steps)} calls ({self.made} with repetitions), {len(self.between_modules)} between modules, "
            f"{len(self.back_up)} back up, comes back {self.comes_back} times, {len(self.modules)} modules"
        )


class Recorder:
    """Records the calls inside one package. Comprehensions and lambdas belong to the function that called them."""

    def __init__(self, package: str) -> None:
        self.journey = Journey(package)
        self._stack: list[tuple[str, str]] = []

    def push(self, module: str, code: CodeType) -> bool:
        package = self.journey.package
        # Methods that `dataclass` generates have no file.
        written = code.co_filename != "<string>"
        inside = module == package or module.startswith(package + ".")
        if code.co_name.startswith("<") or not (written and inside):
            return False
        here = (module, code.co_qualname)
        self.journey.modules.add(module)
        if self._stack:
            self._record(Step(self._stack[-1], here))
        self._stack.append(here)
        return True

    def pop(self) -> None:
        self._stack.pop()

    def _record(self, step: Step) -> None:
        self.journey.made += 1
        if step not in self.journey.steps:
            self.journey.steps.append(step)
        above = {module for module, _name in self._stack}
        if step.caller[0] != step.callee[0] and step.callee[0] in above and step not in self.journey.back_up:
            self.journey.back_up.append(step)


@contextmanager
def recording(*packages: str) -> Iterator[list[Journey]]:
    """Record the calls in this thread inside each of the packages."""
    recorders = [Recorder(package) for package in packages]
    entered: dict[FrameType, list[Recorder]] = {}

    def profile(frame: FrameType, event: str, _argument: Any) -> None:
        if event == "call":
            module = frame.f_globals.get("__name__", "")
            # A generator's frame is entered again for each value.
            if module.startswith("bot.") and frame not in entered:
                entered[frame] = [each for each in recorders if each.push(module, frame.f_code)]
        elif event == "return":
            for each in entered.pop(frame, ()):
                each.pop()

    sys.setprofile(profile)
    try:
        yield [each.journey for each in recorders]
    finally:
        sys.setprofile(None)


def local(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=ZoneInfo(ZONE))  # type: ignore[arg-type,misc]


def community(chat: Chat) -> None:
    """Create a community that meets on second Wednesdays. The first meeting has a card, two RSVPs, and reminders."""
    create_community(chat)
    ada = chat.person("Ada", manages=True, zone=ZONE)
    mei, olu = actors(chat, "Mei", "Olu")
    ada.types("cadence set second Wednesday of each month, October to June, 4pm", root="admin")
    ada.presses("Save")
    chat.until(local(2025, 10, 1, 16, 1))
    mei.types("rsvp yes")
    olu.types("rsvp maybe")
    chat.until(local(2025, 10, 7, 16, 1))


def save_cadence(chat: Chat, *packages: str) -> list[Journey]:
    """Save another cadence, so that the meetings of the old one are dropped and their posts updated."""
    community(chat)
    ada = chat.person("Ada", manages=True, zone=ZONE)
    ada.types("cadence set third Thursday of each month, 4pm", root="admin")
    return _handled(chat, lambda: ada.presses("Save"), *packages)


def move_meeting(chat: Chat, *packages: str) -> list[Journey]:
    """Move the meeting that everyone has been reminded of."""
    community(chat)
    ben = chat.person("Ben", zone=ZONE)
    return _handled(chat, lambda: ben.types("meeting move 15 Oct 4pm", root="facilitator"), *packages)


def _handled(chat: Chat, act: Callable[[], str], *packages: str) -> list[Journey]:
    """Record only the first event, not the timers that fire and what is delivered after it."""
    handle = chat.app.handle
    found: list[Journey] = []

    def followed(event: Any) -> Any:
        chat.app.handle = handle  # type: ignore[method-assign]
        with recording(*packages) as journeys:
            reply = handle(event)
        found.extend(journeys)
        return reply

    chat.app.handle = followed  # type: ignore[method-assign]
    act()
    return found


JOURNEYS = {"saving a cadence": save_cadence, "moving a meeting": move_meeting}


def main() -> None:
    with TemporaryDirectory() as folder, sqlite.emptied(Path(folder)) as empty:
        for name, play in JOURNEYS.items():
            print(name)
            for journey in play(Chat(empty()), MEETINGS, "bot"):
                print(f"  in {journey.package}: {journey}")
                for step in journey.back_up:
                    print(f"    back up: {step}")
                for step in journey.steps if "--steps" in sys.argv and journey.package == MEETINGS else ():
                    print(f"    {step}")


if __name__ == "__main__":
    main()
