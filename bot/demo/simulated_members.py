"""Residents: simulated members who act by themselves, so that somebody who only moves the clock sees a live community.

Each act goes through `App.handle` like a real person's: a command is typed or a card's button pressed, and the form
that opens is filled in and submitted. An act is left out if the visitor has changed the story: with another question,
or with an answer as that resident.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.core.app import App
from bot.core.events import Click, Command, Place, PlatformUser, Submission
from bot.demo import program
from bot.ui import Button, Form, Reply, TextField
from storage.learning.rounds import FACILITATORS


@dataclass(frozen=True)
class Act:
    """One thing that a resident does. `at` is (month, day, hour, minute), in the program's first autumn.

    They type the command `line`, or press the button with the action `press` on the newest card that has one. `answers`
    fill in the form that opens, if its question contains `asked`.
    """

    at: tuple[int, int, int, int]
    who: str
    line: str = ""
    press: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    asked: str = ""
    channel: str = "youth-workers"

    @property
    def moment(self) -> datetime:
        return datetime(program.OPENS.year, *self.at, tzinfo=ZoneInfo(program.ZONE))


def _answer(body: str, mood: str = "", audience: str = "") -> dict[str, str]:
    return {"body": body} | ({"mood": mood} if mood else {}) | ({"audience": audience} if audience else {})


def _rate(useful: str, worked: str, change: str = "") -> dict[str, str]:
    return {"useful": useful, "worked": worked, "change": change}


# Words from the questions that residents answer.
BRING, ARRIVING, CARRYING = "bring with you", "arriving", "carrying"

ACTS = (
    Act((10, 7, 12, 10), "olu", "answer", asked=BRING, answers=_answer(
        "Arrival jobs again: once everybody has picked a card at the door, the first ten minutes are calm. "
        "I would like to hear what you do about the late bus.", "4")),
    Act((10, 7, 16, 25), "jon", "rsvp yes"),
    Act((10, 7, 17, 5), "olu", "rsvp yes"),
    Act((10, 8, 10, 0), "priya", "rsvp yes"),
    Act((10, 8, 12, 30), "ana", "rsvp maybe"),
    Act((10, 8, 13, 20), "ana", "answer", asked=BRING, answers=_answer(
        "The feelings thermometer at the door. The quiet ones use it before they talk to anybody.", "4")),
    Act((10, 9, 11, 0), "jon", "answer", asked=BRING, answers=_answer(
        "Homework goes better since I ask what they have tried. The late bus leaves me alone with six of them, "
        "though, and by then nobody is calm.", "2")),
    Act((10, 9, 14, 0), "jon", "topic The late bus: who stays, and what do we do then?"),
    Act((10, 9, 15, 40), "priya", "answer", asked=BRING, answers=_answer(
        "I am new. Learning every name at the door has made arrivals easier for me, and I think for them.", "3")),
    Act((10, 13, 10, 15), "tomas", "answer", asked=BRING, answers=_answer(
        "We are short of one person on Mondays and it shows. I would rather not say more in the channel.",
        "2", FACILITATORS)),
    Act((10, 13, 11, 0), "tomas", "rsvp yes"),
    Act((10, 14, 18, 10), "olu", press="feedback.answer", answers=_rate("5", "Hearing how others start their day")),
    Act((10, 14, 18, 40), "jon", press="feedback.answer", answers=_rate("4", "Time for the late bus", "Start on time")),
    Act((10, 15, 9, 20), "ana", press="feedback.answer", answers=_rate("4", "Small groups", "More small groups")),
    Act((10, 15, 12, 0), "priya", press="feedback.answer", answers=_rate("5", "Nobody minded that I am new")),
    Act((10, 15, 16, 45), "tomas", press="feedback.answer", answers=_rate("3", "The room", "Start on time, please")),
    Act((10, 16, 11, 30), "priya", "share https://example.org/late-bus-box A box of quiet games that only comes out "
        "for those who wait for the late bus. They now ask for it.",
        answers={"topics": "late-bus, arrivals"}),
    Act((10, 21, 15, 10), "jon", "answer", asked=ARRIVING, answers=_answer(
        "Backpacks everywhere, three of them shouting, and one by the wall. I greeted the loud ones.")),
    Act((10, 22, 11, 30), "olu", "answer", asked=ARRIVING, answers=_answer(
        "Two of the older girls now greet everybody at the door. It began as an arrival job; they kept it.")),
    Act((10, 23, 10, 5), "priya", "answer", asked=ARRIVING, answers=_answer(
        "I stood by the wall instead of the door this week. From there you see who nobody greets.")),
    Act((10, 28, 13, 0), "ana", "topic How do new young people find their first friend here?"),
    Act((10, 29, 9, 45), "priya", "topic One win: the late bus box works at Mill Street"),
    Act((11, 4, 12, 20), "olu", "answer", asked=CARRYING, answers=_answer(
        "Well: the greeters at the door train younger ones. Stuck: families I only meet when something is wrong.",
        "4")),
    Act((11, 4, 17, 0), "jon", "rsvp yes"),
    Act((11, 5, 10, 30), "jon", "answer", asked=CARRYING, answers=_answer(
        "The box for the late bus works. Stuck on families: they wave from the car and are gone.", "4")),
    Act((11, 5, 11, 0), "olu", "rsvp yes"),
    Act((11, 6, 9, 50), "priya", "answer", asked=CARRYING, answers=_answer(
        "It went well: I lent the box for the late bus to another room, and families ask about it.", "5")),
    Act((11, 6, 10, 0), "priya", "rsvp maybe"),
)  # fmt: skip


class Residents:
    """Performs ACTS in order. The caller waits until `next_at` and then calls `act`."""

    def __init__(
        self, app: App, file: Path, platform: str, space: str, find: Callable[[str, str], Button | None]
    ) -> None:
        """`file` stores how many acts are done. `find(channel, action)` returns the newest button with that action."""
        self.app, self.file, self.platform, self.space, self.find = app, file, platform, space, find
        self.done: int = json.loads(file.read_text())["done"] if file.exists() else 0
        self.people = {r.id: PlatformUser(r.id, r.name, zone=program.ZONE) for r in program.RESIDENTS}

    @property
    def next_at(self) -> datetime | None:
        return ACTS[self.done].moment if self.done < len(ACTS) else None

    def perform_next(self) -> None:
        """Perform the next act."""
        act = ACTS[self.done]
        where, who = Place(self.platform, self.space, act.channel), self.people[act.who]
        # An idempotency key, in case the process stops before `done` is saved below.
        once = f"resident {self.done}"
        reply = self._begin(act, where, who, once)
        if isinstance(reply, Form) and _may_fill(act, reply):
            answers = {**_initial_answers(reply), **act.answers}
            self.app.handle(Submission(where, who, reply.id, reply.value, answers, once))
        self.done += 1
        self.file.write_text(json.dumps({"done": self.done}))

    def _begin(self, act: Act, where: Place, who: PlatformUser, once: str) -> Reply:
        if act.line:
            return self.app.handle(Command(where, who, act.line, "member", "" if act.answers else once))
        button = self.find(act.channel, act.press)
        return self.app.handle(Click(where, who, button.action, button.value)) if button else None


def _may_fill(act: Act, form: Form) -> bool:
    """Return whether this is the question that the act answers, and the visitor wrote no answer as this resident."""
    written = [f.name for f in form.fields if isinstance(f, TextField) and f.initial]
    return act.asked in form.intro and not any(name in act.answers for name in written)


def _initial_answers(form: Form) -> dict[str, str]:
    return {f.name: f.initial if isinstance(f.initial, str) else " ".join(f.initial) for f in form.fields}
