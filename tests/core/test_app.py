"""App.handle: routes, refusals, forms asked again, failures, and repeated events."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import AutocompleteQuery, Click, Command, Place, PlatformUser, Submission, TimerFired
from bot.core.feature import Feature
from bot.core.permissions import Role
from bot.core.resolver import decode_ref, encode_ref
from bot.ui import Button, Form, FormErrors, Reply, TextField, ToCommunity, card
from storage.communities import communities
from storage.messaging import timers
from storage.operations import incidents
from storage.people import people
from tests.support.chat import Actor, Chat, words

tasks = Feature("tasks")


@tasks.command("note", help="Write something down", argument="<text>", example="note bring paper")
def open_note(ctx: Context, event: Command) -> Reply:
    ctx.post(ToCommunity(), "tasks.note", card, f"{ctx.person.name} wrote a note")
    return Form("tasks.note", "A note", (TextField("body", "What?", initial=event.text),), value="7")


@tasks.command("rule", help="Set a rule", needs=Role.FACILITATOR, choices=("on", "off"))
def rule(ctx: Context, event: Command) -> Reply:
    return card(f"Rules are {event.text}", actions=(Button("Undo", "tasks.undo"),))


@tasks.form("note")
def save(ctx: Context, event: Submission) -> Reply:
    ctx.post(ToCommunity(), "tasks.saved", card, "saved")
    if not event.answers["body"]:
        form = Form("tasks.note", "A note", (TextField("body", "What?", initial="again"),), value=event.value)
        return FormErrors(form, {"body": "Please write something."})
    ctx.schedule_timer("tasks.later", event.value, at=ctx.now + timedelta(hours=1))
    return card("Kept")


@tasks.form("quiet")
def save_quietly(ctx: Context, event: Submission) -> Reply:
    ctx.post(ToCommunity(), "tasks.quiet", card, "saved quietly")
    return None


@tasks.click("undo")
def undo(ctx: Context, event: Click) -> Reply:
    raise Refusal("That cannot be undone.")


@tasks.timer("later")
def later(ctx: Context, event: TimerFired) -> Reply:
    ctx.post(ToCommunity(), f"tasks.later.{event.value}", card, "An hour has passed")
    return None


@tasks.command("break", help="Break something")
def fail(ctx: Context, event: Command) -> Reply:
    ctx.post(ToCommunity(), "tasks.broken", card, "never seen")
    raise RuntimeError("secret words")


@tasks.command("withdraw", help="Change your mind")
def withdraw(ctx: Context, event: Command) -> Reply:
    ctx.post(ToCommunity(), "tasks.withdrawn", card, "never seen")
    raise Refusal("Not after all.")


def suggest(_ctx: Context, text: str) -> list[str]:
    if text == "break":
        raise RuntimeError(text)
    return [f"{text}1", f"{text}2"] if text else [f"{letter}{n}" for letter in "ab" for n in range(13)]


@tasks.command("find", help="Find something", argument="[words]", complete=suggest)
def find(ctx: Context, event: Command) -> Reply:
    return card(f"Found {event.text}")


class Room(Chat):
    """A chat with the features above and one community in #general that Mei has joined and Ben facilitates."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.app = type(self.app)([tasks], self.engine, self.clock.now)
        with Session(self.engine) as session, session.begin():
            community = communities.add(
                session, name="Youth workers", purpose="", zone="America/New_York", locale="en", now=self.now
            )
            assert community.id
            communities.bind(session, community.id, self.name, self.space, "general")
            for name, role in (("mei", 1), ("ben", 2)):
                person = people.get_or_create(
                    session, platform=self.name, space=self.space, external=name, name=name.title()
                )
                row = people.enrol(session, community.id, people.key(person))
                row.role, row.joined_at = role, self.now


@pytest.fixture
def room(engine: Engine) -> Room:
    return Room(engine)


@pytest.fixture
def mei(room: Room) -> Actor:
    return room.person("Mei")


def test_handler_posts_and_timers_take_effect(room: Room, mei: Actor) -> None:
    assert "What?" in mei.types("note bring paper")
    assert room.last.words.strip() == "Mei wrote a note"
    assert mei.fills(body="Bring paper").strip() == "Kept"
    room.wait(hours=2)
    assert room.last.words.strip() == "An hour has passed"


def test_form_with_errors_saves_nothing_and_can_be_reopened(room: Room, mei: Actor) -> None:
    """A handler that answers with errors leaves no post and no row; its form comes back from the saved draft."""
    mei.types("note x")
    assert mei.fills(body="") == "Please write something."
    assert [p.words.strip() for p in room.posts] == ["Mei wrote a note"]
    errors = mei.sees
    assert isinstance(errors, FormErrors)
    again = room.app.handle(Click(mei.place(), mei.who, "forms.reopen", errors.draft))
    assert isinstance(again, Form)
    assert (decode_ref(again.value), again.fields[0].initial) == (decode_ref(errors.form.value), "again")


def test_draft_is_not_reopened_for_another_person(room: Room, mei: Actor) -> None:
    mei.types("note x")
    mei.fills(body="")
    assert isinstance(mei.sees, FormErrors)
    ben = room.person("Ben").who
    assert "no longer have that form" in words(room.app.handle(Click(mei.place(), ben, "forms.reopen", mei.sees.draft)))


def test_internal_error_is_reported_calmly_and_changes_nothing(room: Room, mei: Actor, engine: Engine) -> None:
    said = mei.types("break")
    assert "nothing was saved" in said
    assert "secret" not in said
    assert room.posts == []
    with Session(engine) as session:
        [incident] = session.exec(select(incidents.Incident)).all()
    assert incident.reference in said


def test_mistyped_command_is_answered_with_the_nearest(room: Room, mei: Actor) -> None:
    assert "Did you mean /cop note?" in mei.types("nte buy milk")
    assert "What?" in mei.presses("Run /cop note buy milk")
    assert "needs <text>. Like this: /cop note bring paper" in mei.types("note")
    assert "/cop help" in mei.types("xyzzy")


def test_missing_or_wrong_choice_is_offered_as_buttons(room: Room) -> None:
    ben = room.person("Ben")
    assert "needs one of on, off" in ben.types("rule", root="facilitator")
    assert [a.label for a in ben.shown.actions if isinstance(a, Button)] == [
        "Run /cop-facilitate rule on",
        "Run /cop-facilitate rule off",
    ]
    assert "Rules are off" in ben.presses("Run /cop-facilitate rule off")
    assert "onn is not one of on, off" in ben.types("rule onn", root="facilitator")
    assert "Rules are on" in ben.presses("Run /cop-facilitate rule on")


def test_facilitator_command_is_refused_to_a_member(room: Room, mei: Actor) -> None:
    assert mei.types("rule on", root="facilitator").strip() == (
        "/cop-facilitate rule is for facilitators: Ben. You can suggest it to one of them."
    )
    ben = room.person("Ben")
    assert "Rules are on" in ben.types("rule on", root="facilitator")
    assert "onn is not one of on, off" in ben.types("rule onn", root="facilitator")
    assert "cannot be undone" not in ben.presses("Run /cop-facilitate rule on")
    assert "cannot be undone" in ben.presses("Undo")


def test_stranger_is_invited_to_join(room: Room) -> None:
    assert "you have not joined here yet" in room.person("Zed").types("note x")


def test_repeated_delivery_is_handled_once(room: Room, mei: Actor) -> None:
    event = Command(mei.place(), mei.who, "note x", idempotency_key="Ev1")
    assert isinstance(room.app.handle(event), Form)
    assert room.app.handle(event) is None


def test_form_that_is_answered_with_nothing_acts_once(room: Room, mei: Actor) -> None:
    event = Submission(mei.place(), mei.who, "tasks.quiet", encode_ref(1, "7", "abcdef"), {})
    assert [room.app.handle(event), room.app.handle(event)] == [None, None]
    room.deliver_all()
    assert [post.words.strip() for post in room.posts] == ["saved quietly"]


def test_button_says_that_its_community_was_deleted(room: Room, mei: Actor) -> None:
    assert "has been deleted" in words(room.app.handle(Click(mei.place(), mei.who, "tasks.undo", "99:")))


def test_unknown_button_says_it_is_from_an_older_version(room: Room, mei: Actor) -> None:
    assert "older version" in words(room.app.handle(Click(mei.place(), mei.who, "gone.away", "1:")))


def test_unbound_channel_says_how_to_bind_it(room: Room) -> None:
    place, zed = Place("pretend", "S1", "elsewhere"), PlatformUser("zed", "Zed")
    said = words(room.app.handle(Command(place, zed, "note x")))
    assert "/cop-admin channel bind" in said


def test_timer_is_retried_when_its_handler_fails(room: Room, mei: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    mei.types("note x")
    mei.fills(body="y")
    with monkeypatch.context() as broken:
        broken.setattr(communities, "channels", None)
        room.clock.move(room.clock.now() + timedelta(hours=1))
        with Session(room.engine) as session:
            [timer] = session.exec(select(timers.Timer)).all()
        assert room.app.handle(TimerFired(timer.id or 0, timer.kind, timer.value, timer.at, timer.community_id)) is None
    room.wait(minutes=2)
    assert room.last.words.strip() == "An hour has passed"


def test_timer_fires_only_once(room: Room, mei: Actor) -> None:
    mei.types("note x")
    mei.fills(body="y")
    with Session(room.engine) as session:
        [timer] = session.exec(select(timers.Timer)).all()
    due = TimerFired(timer.id or 0, timer.kind, timer.value, timer.at, timer.community_id)
    room.app.handle(due)
    room.app.handle(due)
    room.deliver_all()
    assert [p.words.strip() for p in room.posts].count("An hour has passed") == 1


def announcements(room: Room) -> list[int]:
    """Return a list that grows each time that waiting work is announced."""
    calls: list[int] = []
    room.app.on_work_queued = lambda: calls.append(1)
    return calls


def test_work_is_announced_after_what_was_kept_and_nothing_else(room: Room, mei: Actor) -> None:
    calls = announcements(room)
    mei.types("note x")
    assert len(calls) == 1
    mei.fills(body="")  # posts, and is asked again
    mei.types("withdraw")  # posts, and is refused
    mei.types("break")  # posts, and breaks
    mei.types("xyzzy")
    assert len(calls) == 1
    mei.types("note x")
    mei.fills(body="y")
    assert len(calls) == 3


def test_repeated_delivery_announces_no_work(room: Room, mei: Actor) -> None:
    event = Command(mei.place(), mei.who, "note x", idempotency_key="Ev1")
    room.app.handle(event)
    calls = announcements(room)
    room.app.handle(event)
    assert calls == []


def test_delivery_of_another_platform_with_the_same_key_is_handled(room: Room, mei: Actor) -> None:
    room.app.handle(Command(mei.place(), mei.who, "note x", idempotency_key="Ev1"))
    elsewhere = Place("other", "S1", "general")
    assert room.app.handle(Command(elsewhere, mei.who, "note x", idempotency_key="Ev1")) is not None


def suggested(room: Room, who: Actor, line: str, root: str = "") -> list[str]:
    return room.app.complete(AutocompleteQuery(who.place(), who.who, line, root))


def test_suggestions_are_what_the_command_offers(room: Room, mei: Actor) -> None:
    assert suggested(room, mei, "find q") == ["q1", "q2"]
    assert suggested(room, mei, "find ") == [f"{letter}{n}" for letter in "ab" for n in range(13)][:25]
    assert suggested(room, room.person("Ben"), "rule O", root="facilitator") == ["on", "off"]
    assert suggested(room, room.person("Ben"), "rule of") == ["off"]


def test_nothing_is_suggested_where_it_could_not_be_used(room: Room, mei: Actor) -> None:
    assert suggested(room, room.person("Zed"), "find q") == []
    assert suggested(room, mei, "xyzzy q") == []
    assert suggested(room, mei, "note q") == []
    mei.channel = "elsewhere"
    assert suggested(room, room.person("Zed"), "find q") == []


def test_broken_suggestion_is_none(room: Room, mei: Actor) -> None:
    assert suggested(room, mei, "find break") == []


def test_suggesting_saves_nothing(room: Room) -> None:
    suggested(room, room.person("Zed"), "find q")
    with Session(room.engine) as session:
        assert people.account(session, room.name, "zed") is None
