"""Checks what the browser sends, and turns it into events."""

import re
from collections.abc import Sequence
from typing import Annotated, TypeVar
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from adapters.playground.autocomplete import Line
from adapters.playground.ephemeral import Spot
from adapters.playground.render_posts import DIRECT
from adapters.playground.workspace_model import Post, Somebody, World, direct
from bot.core.events import AutocompleteQuery, Click, Command, Place, PlatformUser, Shortcut, Submission
from bot.i18n import gettext as _

PLATFORM = SPACE = "playground"
# As on Discord (4,000); Slack takes 12,000.
MOST_SAID = 4_000  # characters

Short = Annotated[str, Field(max_length=200)]


class Malformed(Exception):
    """The page doesn't make such a request. The text tells the reader."""


class PageRequest(BaseModel):
    """What every request says: who acts, and in which room."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    person: Short
    room: Short
    once: Short = ""


class PostRequest(PageRequest):
    text: Annotated[str, Field(max_length=20_000)]
    under: int | None = None


class ClickRequest(PageRequest):
    """A button or menu. It may be on a private reply (`card`) or in a thread (`under`)."""

    act: Short
    value: Short = ""
    chosen: tuple[Short, ...] = ()
    card: Short = ""
    under: int | None = None


class ShortcutRequest(PageRequest):
    name: Short
    post: int


class FormRequest(PageRequest):
    token: Short
    form: Short
    value: Short = ""
    answers: dict[Short, tuple[Annotated[str, Field(max_length=20_000)], ...]]


class ClockRequest(PageRequest):
    by: Short


class DismissRequest(PageRequest):
    card: Short


Body = TypeVar("Body", bound=PageRequest)


def body(kind: type[Body], raw: bytes) -> Body:
    """Read the body of a request. Raises Malformed."""
    try:
        return kind.model_validate_json(raw)
    except ValidationError as fault:
        raise Malformed(_("The playground did not understand this page. Please reload it.")) from fault


def who(world: World, asked: PageRequest) -> Somebody:
    """Return the person who acts. Raises Malformed for someone who isn't here."""
    if somebody := world.person(asked.person):
        return somebody
    raise Malformed(_("Nobody here is called {person}. Please reload the page.").format(person=asked.person))


def spot(world: World, asked: PageRequest, under: int | None = None, card: str = "") -> Spot:
    """Return where they act. Raises Malformed for a room or thread that doesn't exist."""
    if asked.room == DIRECT:
        place = direct(asked.person)
    elif world.channel(asked.room):
        place = asked.room
    else:
        raise Malformed(_("There is no room {room} here. Please reload the page.").format(room=asked.room))
    if under is not None and seen_post(world, asked, under).place != place:
        raise Malformed(_("That thread is in another room. Please reload the page."))
    return Spot(place, under, card)


def seen_post(world: World, asked: PageRequest, id: int) -> Post:
    """Return a post that this person may see. Raises Malformed."""
    try:
        post = world.post(id)
    except KeyError:
        post = None
    if post is None or (post.place.startswith("@") and post.place != direct(asked.person)):
        raise Malformed(_("That message is not here any more. Please reload the page."))
    return post


def place(world: World, asked: PageRequest) -> Place:
    alone = asked.room == DIRECT
    return Place(PLATFORM, SPACE, "" if alone else asked.room, alone, world.name)


def person(somebody: Somebody) -> PlatformUser:
    return PlatformUser(somebody.id, somebody.name, zone=somebody.zone, can_manage=somebody.can_manage)


def command(world: World, posted: PostRequest, line: Line) -> Command:
    # Only admin commands name people. In what anyone else types, an @ stays as it was written.
    meant = with_references(line.line, world.people()) if line.root == "admin" else line.line
    return Command(place(world, posted), person(who(world, posted)), meant, line.root, _idempotency_key(posted))


def with_references(line: str, people: Sequence[Somebody]) -> str:
    """Replace `@Ben Okafor`, or `@Ben` if there is only one, by `<@ben>`, as a chat platform would."""
    firsts = [p.name.partition(" ")[0] for p in people]
    called = {p.name.lower(): p.id for p in people}
    called |= {f.lower(): p.id for f, p in zip(firsts, people, strict=True) if firsts.count(f) == 1}
    if not called:
        return line
    longest_first = "|".join(re.escape(name) for name in sorted(called, key=len, reverse=True))
    return re.sub(
        rf"(?<!\S)@({longest_first})(?!\w)", lambda m: f"<@{called[m[1].lower()]}>", line, flags=re.IGNORECASE
    )


def typing(world: World, posted: PostRequest, line: Line) -> AutocompleteQuery:
    return AutocompleteQuery(place(world, posted), person(who(world, posted)), line.line, line.root)


def click(world: World, pressed: ClickRequest) -> Click:
    return Click(
        place(world, pressed),
        person(who(world, pressed)),
        pressed.act,
        pressed.value,
        pressed.chosen,
        _idempotency_key(pressed),
    )


def shortcut(world: World, picked: ShortcutRequest, origin: str) -> Shortcut:
    """Read a message action. `origin` is where the playground is served, such as "http://127.0.0.1:8080"."""
    post = seen_post(world, picked, picked.post)
    link = f"{origin}/?in={picked.room}#p{post.id}"
    return Shortcut(
        place(world, picked), person(who(world, picked)), picked.name, post.words, link, _idempotency_key(picked)
    )


def answers(filled: FormRequest) -> dict[str, str]:
    """Return each field's answer. Several choices are separated by a space."""
    return {name: " ".join(given) for name, given in filled.answers.items()}


def submission(world: World, filled: FormRequest) -> Submission:
    return Submission(
        place(world, filled),
        person(who(world, filled)),
        filled.form,
        filled.value,
        answers(filled),
        _idempotency_key(filled),
    )


def _idempotency_key(asked: PageRequest) -> str:
    return f"{asked.person}:{asked.once}" if asked.once else ""


def zone(somebody: Somebody) -> ZoneInfo:
    return ZoneInfo(somebody.zone)
