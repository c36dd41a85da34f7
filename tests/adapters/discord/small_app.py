"""A small stand-in for the core: it answers every kind of event in every way that an adapter must show."""

import threading
from collections.abc import Callable, Sequence
from typing import Any, cast

from bot.core.acceptance import Acceptance
from bot.core.app import App, NeedsWriteTransaction
from bot.core.events import AutocompleteQuery, Click, Command, Event, Shortcut, Submission
from bot.core.permissions import Role
from bot.core.routes import CommandSpec, Route, ShortcutSpec
from bot.core.unsaved import given_back
from bot.core.workers import Workers
from bot.ui import (
    Attachment,
    Button,
    ChoiceField,
    Form,
    FormErrors,
    Link,
    Message,
    Note,
    NotSaved,
    PeopleField,
    Quote,
    Reply,
    Select,
    Text,
    TextField,
    TickField,
    card,
)

# Marks of Discord's, blank lines, and more than one message takes.
LOST = "We **began** in ||silence||.\n\n# Nobody spoke <@1> `at all`\n" * 80
YES_NO = (("y", "Yes"), ("n", "No"))


def never(*_what: object) -> Reply:
    raise AssertionError("the small app answers everything in `handle`")


def suggest_nothing(*_what: object) -> Sequence[str]:
    return ()


def command(name: str, role: Role = Role.MEMBER, argument: str = "", **more: Any) -> CommandSpec:
    return CommandSpec(name, f"Try {name}", Route(never, role), argument, **more)


def form(body: str = "") -> Form:
    return Form(
        "demo.send",
        "Tell us",
        (
            TextField("body", "In a few words", long=True, initial=body, hint="Nobody else sees it yet"),
            ChoiceField("sure", "Are you sure?", YES_NO, initial="y"),
            TickField("topics", "Topics", (("tests", "Tests"), ("retros", "Retros")), initial=("retros",)),
            PeopleField("with", "With whom?", required=False),
        ),
        value="12:7",
        intro="Only **you** see this.",
    )


class SmallApp:
    """Answers each command below in its own way, and passes every event to `on_event`."""

    root = "cop"
    commands = (
        command("home"),
        command("say", argument="<words>"),
        command("form"),
        command("slow"),
        command("slow form"),
        command("slow buttons"),
        command("nothing"),
        command("file"),
        command("zone", argument="<zone>", complete=suggest_nothing),
        command("rsvp", argument="yes|no", choices=("yes", "no")),
        command("checkin open", Role.FACILITATOR, "[title]"),
        command("agenda", Role.FACILITATOR),
        command("agenda add", Role.FACILITATOR, "<title>"),
        command("setup", Role.ADMIN),
    )
    shortcuts = (ShortcutSpec("demo.save", "Save to resources", Route(never, Role.MEMBER)),)

    def __init__(self, on_event: Callable[[Event], None] = lambda event: None) -> None:
        self.on_event, self.hold, self.workers = on_event, threading.Event(), Workers()
        self.acceptance = Acceptance(lambda _events: None)

    def try_handle_immediately(self, event: Event) -> Reply:
        if isinstance(event, Command) and event.line == "home":
            return self.handle(event)
        raise NeedsWriteTransaction

    def handle(self, event: Event) -> Reply:
        self.on_event(event)
        match event:
            case Command(line=line):
                return self.command(line)
            case Click():
                return self.click(event)
            case Submission(answers=answers) if answers["body"] == "bad":
                problems = {"body": "That *word* is not one I know.", "sure": "Say yes."}
                return FormErrors(form("bad"), problems, draft="12:5")
            case Submission(answers=answers) if answers["body"] == "lost":
                return NotSaved("Something broke.", (card("Something broke."), *given_back((LOST,))))
            case Submission(answers=answers):
                return card(f"Thank you: {' · '.join(answers.values())}", title="Saved")
            case Shortcut(text=text, link=link):
                return Message(parts=(Quote(text, by=f"[the message]({link})"),))
        raise AssertionError(event)

    def command(self, line: str) -> Reply:
        if line == "slow buttons":
            return card("Slow", actions=(Button("In place", "demo.slow", "1"), Button("Beside", "demo.slow")))
        first, _, rest = line.partition(" ")
        match first:
            case "form":
                return form()
            case "slow":
                # Longer than the adapter waits, shorter than Discord does.
                self.hold.wait(2.6)
                return form() if rest else card("At last.")
            case "nothing":
                return None
            case "lost":
                return NotSaved("Something broke.", (card("Something broke."), *given_back((LOST,))))
            case "file":
                return Message(title="Yours", attachment=Attachment("my data.csv", "a,b\n", "text/csv"))
        return Message(
            title="Hello",
            parts=(Quote(rest or line, by="**You** said"), Note("Only you see this.")),
            actions=(
                Button("Again", "demo.again", "12:7", "primary"),
                Button("Replace", "demo.replace"),
                Button("Form", "demo.form"),
                Button("Nothing", "demo.nothing"),
                Link("Read", "https://example.org/read"),
                Select("Which?", "demo.pick", YES_NO, "12:8"),
            ),
        )

    def click(self, click: Click) -> Reply:
        match click.action:
            case "demo.replace":
                return Message(title="Replaced", parts=(Text("In its place."),), replace=True)
            case "demo.slow":
                self.hold.wait(2.6)
                return card("Late.", replace=bool(click.value))
            case "demo.form":
                return form()
            case "demo.nothing":
                return None
            case "forms.reopen":
                return form("bad")
        return card(f"{click.action} {click.value} {' '.join(click.chosen)}".strip())

    def complete(self, typing: AutocompleteQuery) -> list[str]:
        return [f"{typing.line} 1", "x" * 101, "Europe/Lisbon"]


def small_app(on_event: Callable[[Event], None] = lambda event: None) -> App:
    return cast(App, SmallApp(on_event))
