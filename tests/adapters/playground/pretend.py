"""A small pretend bot, a clock, and a workspace with people, for tests of the playground without the real bot."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from adapters.playground.adapter import Playground
from adapters.playground.workspace_model import World
from bot.core.events import AutocompleteQuery, Click, Command, Event, Shortcut, Submission
from bot.core.permissions import Role
from bot.core.platform import Address, Delivery, DirectMessage, InChannel, InThread
from bot.core.routes import CommandSpec, Route, ShortcutSpec
from bot.ui import (
    Attachment,
    Button,
    ChannelField,
    Chart,
    ChoiceField,
    Divider,
    Facts,
    Form,
    FormErrors,
    Link,
    Message,
    Note,
    NotSaved,
    PeopleField,
    Point,
    Quote,
    Reply,
    Select,
    Text,
    TextField,
    TickField,
    card,
)
from bot.ui.markup import channel, mention, moment

# A second Wednesday, 4 pm in New York.
START = datetime(2026, 10, 14, 20, 0, tzinfo=UTC)
TOPICS = (("arrivals", "Arrivals and first minutes"), ("homework", "Homework help"), ("families", "Families"))


def _spec(name: str, help: str, argument: str = "", needs: Role = Role.MEMBER) -> CommandSpec:
    return CommandSpec(name, help, Route(lambda _ctx, _event: None, needs), argument)


COMMANDS = (
    _spec("next", "See the next meeting and say whether you will be there"),
    _spec("share", "Give a resource to the community", "[link]"),
    _spec("find", "Find resources by words or topic", "<words or #topic>"),
    _spec("answer", "Answer what is being asked now"),
    _spec("snooze", "Pause questions for a while", "<1w|2w|4w|off>"),
    _spec("data", "See, download or delete what is kept about you", "<show|download|delete>"),
    _spec("checkin open", "Open a check-in now", "[title]", Role.FACILITATOR),
    _spec("prompt now", "Ask the next reflection question now", needs=Role.FACILITATOR),
    _spec("setup", "Set up a community in this channel", needs=Role.ADMIN),
)
SHORTCUTS = tuple(
    ShortcutSpec(name, label, Route(lambda _ctx, _event: None, Role.MEMBER))
    for name, label in (
        ("resources.save", "Save to resources"),
        ("agenda.add", "Add to agenda"),
        ("prompts.reflect", "Reflect on this"),
    )
)

EVERYTHING = Form(
    "sample.everything",
    "Share a resource",
    (
        TextField("title", "What is it called?", max_length=80, hint="As you would say it to a colleague"),
        TextField("why", "Why did it help?", long=True, hint="Please leave out students’ names", max_length=400),
        ChoiceField("who", "Who may see it?", (("group", "This community"), ("all", "Everybody in the program"))),
        TickField("topics", "Topics", TOPICS),
        PeopleField("thanks", "Thank somebody", required=False, max_people=2),
    ),
    "7",
    "Share it",
)
ANSWER = Form(
    "rounds.answer",
    "Your answer",
    (
        TextField("body", "What did you try?", long=True, hint="One recent moment is plenty", max_length=400),
        ChannelField("where", "Where should it go?", required=False),
    ),
    "7",
    "Send answer",
    intro="Shown to **Youth Workers** when the round closes on Monday. You can change it until then.",
)


@dataclass
class PretendBot:
    """Answers a few commands and clicks, and records every event."""

    root: str = "cop"
    commands: tuple[CommandSpec, ...] = COMMANDS
    shortcuts: tuple[ShortcutSpec, ...] = SHORTCUTS
    received: list[Event] = field(default_factory=list)
    now: Callable[[], datetime] = lambda: START

    def complete(self, typing: AutocompleteQuery) -> list[str]:
        name, _space, begun = typing.line.partition(" ")
        known = {
            "snooze": ("1w", "2w", "4w", "off"),
            "data": ("show", "download", "delete"),
            "find": ("#arrivals", "#homework", "#families"),
        }.get(name, ())
        return [k for k in known if k.startswith(begun)]

    def handle(self, event: Event) -> Reply:
        self.received.append(event)
        match event:
            case Command(line="next"):
                return next_meeting(self.now())
            case Command(line="share"):
                return EVERYTHING
            case Command(line="answer") | Click(action="rounds.answer"):
                return ANSWER
            case Command(line="data download"):
                file = Attachment("maya’s data.md", "# What I keep\n\nYour name.\n", "text/markdown")
                return Message((Text("Everything I keep about you is in this file."),), "Your data", attachment=file)
            case Submission(form="rounds.answer", answers=answers) if "student" in answers["body"]:
                return FormErrors(_refilled(answers["body"]), {"body": "Please leave out who the student is."})
            case Submission(answers=answers) if "broke" in answers.get("body", ""):
                return NotSaved("Something broke.", (card("Something broke."), card(answers["body"])))
            case Submission(answers=answers):
                return Message(
                    (Quote(answers.get("body") or answers.get("why") or ""), Note("You can change it until Monday.")),
                    title="Thank you, it is saved",
                    actions=(Button("Change it", "rounds.answer", "8"),),
                )
            case Click(action="meetings.rsvp", value=value):
                return Message(
                    (Text(f"You said **{value}**. I will remind you the day before."),),
                    replace=True,
                    actions=(Button("Change my mind", "meetings.ask"),),
                )
            case Click(action="meetings.ask"):
                return next_meeting(self.now(), replace=True)
            case Click(chosen=(topic,)):
                return card(f"Nothing about **{topic}** has been shared yet.")
            case Shortcut(text=text):
                return Message((Quote(text),), title="Saved to resources")
            case _:
                return card("I do not know that yet. Type `/cop next` to see the next meeting.")


def _refilled(body: str) -> Form:
    fields = (TextField("body", "What did you try?", long=True, initial=body), ANSWER.fields[1])
    return Form(ANSWER.id, ANSWER.title, fields, ANSWER.value, ANSWER.submit, ANSWER.intro)


def next_meeting(now: datetime, *, replace: bool = False) -> Message:
    at = now + timedelta(days=28)
    return Message(
        (
            Facts(
                (
                    ("When", f"{moment(at)} ({moment(at, 'relative')})"),
                    ("Where", "Eastside House, room 2, or by video"),
                    ("Coming", "5 yes, 2 maybe"),
                )
            ),
            Note("Only facilitators see who said maybe."),
        ),
        title="Youth Workers meet again",
        replace=replace,
        actions=(
            Button("I’ll be there", "meetings.rsvp", "yes", "primary"),
            Button("Maybe", "meetings.rsvp", "maybe"),
            Button("I can’t", "meetings.rsvp", "no"),
        ),
    )


def reflection(now: datetime) -> Message:
    closes = now + timedelta(days=5)
    return Message(
        (
            Text(
                "Think of an arrival in the last two weeks that went better than usual. **What did you do in the first "
                "minute, and what did you notice?**"
            ),
            Note(f"Answers are shown here when the question closes {moment(closes)}. Three minutes are enough."),
        ),
        title="A question for the weeks between",
        actions=(
            Button("Answer", "rounds.answer", "7", "primary"),
            Button("Skip this one", "rounds.skip", "7"),
            Select("Look through resources", "resources.browse", TOPICS, "7"),
        ),
    )


def summary(now: datetime) -> Message:
    return Message(
        (
            Text(
                "Five of you answered. Three threads ran through it:\n\n- A greeting **by name** before anything\n"
                "- Something in the hands within a minute\n- One adult who only watches the door"
            ),
            Quote(
                "I moved the sign-in sheet away from the door. Nobody queues any more, and I get to say hello.\n"
                "It cost nothing.",
                mention(1, "Chi Tran").replace("person:1", "account:chi"),
            ),
            Quote(
                "We tried two songs instead of a bell. The third week they were singing it on the stairs.",
                mention(2, "Maya Okafor").replace("person:2", "account:maya"),
            ),
            Chart(
                "bars",
                "How did arrivals go?",
                "Most said 4 or 5.",
                ("Rating", "People"),
                (
                    Point("5, easy", 3, "3"),
                    Point("4", 4, "4"),
                    Point("3", 1, "1"),
                    Point("2", 1, "1"),
                    Point("1", 0, "0"),
                ),
            ),
            Divider(),
            Text(f"The whole conversation is in {channel('youth-workers', 'youth-workers')}."),
        ),
        title="What we learned about arrivals",
        actions=(Link("Read about arrivals", "https://example.org/arrivals"),),
        attachment=Attachment("arrivals.md", "# Arrivals\n" * 40, "text/markdown"),
    )


class PretendClock:
    """Stands still until it is moved. The next thing that happens is always a reflection question."""

    def __init__(self, at: datetime = START) -> None:
        self.at = at
        self.moved: list[object] = []
        self.playground: Playground | None = None
        # What a test wants to happen when the clock is moved.
        self.instead: Callable[[], Awaitable[str]] | None = None

    def now(self) -> datetime:
        return self.at

    async def move(self, to: datetime | timedelta | Literal["next"]) -> str:
        self.moved.append(to)
        if self.instead:
            return await self.instead()
        if isinstance(to, timedelta):
            self.at += to
            return f"It is now {moment(self.at)}. Nothing was due."
        self.at += timedelta(days=5)
        if self.playground:
            await self.playground.deliver(delivery(reflection(self.at), InChannel("youth-workers"), f"r{self.at}"))
            ask = card("Would you look in on the question before it closes?")
            await self.playground.deliver(delivery(ask, DirectMessage("ben"), f"d{self.at}"))
        return f"{moment(self.at)}: a reflection question opened in {channel('youth-workers', 'youth-workers')}."


def delivery(message: Message, to: Address, ref: str = "", replaces: str = "") -> Delivery:
    return Delivery("playground", to, message, ref, replaces)


def create_world(path: Path) -> World:
    """Create a program with four people and three channels, and no posts."""
    world = World(path, "Harbor Out-of-School Time")
    world.add_person("maya", "Maya Okafor", "Youth worker, Eastside House", zone="America/New_York")
    world.add_person("ben", "Ben Alvarez", "Facilitates Youth Workers", zone="America/New_York")
    world.add_person("chi", "Chi Tran", "Quality steward, Riverside Club", zone="America/Los_Angeles")
    world.add_person("dana", "Dana Whitfield", "Program director", can_manage=True, zone="America/New_York")
    world.add_channel("youth-workers", "youth-workers", "People who spend the afternoon with young people")
    world.add_channel("staff-leaders", "staff-leaders", "Those who lead a site and its staff")
    world.add_channel("everybody", "everybody")
    return world


async def talk(playground: Playground) -> None:
    """Add some days of conversation, to look at."""
    world = playground.world
    then = START - timedelta(days=2)
    world.add_post(
        "youth-workers",
        then,
        author="maya",
        words="Hello all. How do you start when half the group is late because of the bus?",
    )
    asked = world.add_post(
        "youth-workers",
        then + timedelta(minutes=9),
        author="chi",
        words="We keep a table of puzzles by the door. Whoever is early starts, the others join in.",
    )
    world.add_post(
        "youth-workers",
        then + timedelta(minutes=14),
        author="ben",
        under=asked.id,
        words="Could you bring a photo of that table to the next meeting?",
    )
    world.add_post("youth-workers", then + timedelta(minutes=31), author="chi", under=asked.id, words="Gladly!")
    posted = await playground.deliver(delivery(reflection(START), InChannel("youth-workers"), "one"))
    await playground.deliver(delivery(card("Two answers so far. There is time until Monday."), InThread(posted), "two"))
    await playground.deliver(delivery(summary(START), InChannel("staff-leaders"), "three"))
    back = card(
        "You said you would try a greeting by name. How did it go?",
        title="Looking back",
        actions=(Button("It worked", "acts.done", "1", "primary"), Button("Let it go", "acts.drop", "1", "danger")),
    )
    await playground.deliver(delivery(back, DirectMessage("maya"), "four"))
