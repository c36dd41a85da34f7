"""Promises in posted messages: what must say when it ends (`Message.holds_until`), and what is no longer true.

Every story of `tests.support.chat` is checked after each step, whatever it is about. So a view that promises something
and doesn't declare its end fails the first story in which it is posted.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Engine
from sqlmodel import Session, col, or_, select

from bot.core import signals
from bot.core.context import MESSAGE
from bot.core.errors import Refusal
from bot.core.events import Click
from bot.core.identity import build_context
from bot.ui import Button, Facts, Message, Note, Select, Text
from storage.communities.communities import Channel
from storage.messaging.outbox import DELETED, FAILED, SUPPRESSED, Outgoing
from storage.messaging.timers import NEVER, Timer

if TYPE_CHECKING:
    from tests.support.chat import Actor, Chat

# Buttons and menus that answer with a refusal from some moment on.
LIMITED = {
    "agenda.dots",
    "feedback.answer",
    "kinds.accept",
    "kinds.take",
    "meetings.cancel",
    "meetings.missed",
    "meetings.move",
    "meetings.one",
    "meetings.rsvp",
    "meetings.there",
    "rounds.answer",
    "rounds.skip",
}
WORDS = re.compile(r"\b(until|closes|by then|before then|unless|before the meeting|still welcome|remind you)\b", re.I)
MOMENT = re.compile(r"\(at:(\d+):\w+\)")
UNTIL = re.compile(r"\b(?:until|closes|publish it) \[[^\]]*\]\(at:(\d+):\w+\)", re.I)


def bodies(message: Message) -> Iterator[str]:
    for part in message.parts:
        match part:
            case Text(body) | Note(body):
                yield body
            case Facts(rows):
                yield from (value for _label, value in rows)


def promises(message: Message, now: datetime) -> list[str]:
    """Return what in a message holds only for a time: buttons, and texts that name a moment to come."""
    found = [a.action for a in message.actions if isinstance(a, Button | Select) and a.action in LIMITED]
    for body in bodies(message):
        moments = [int(seconds) for seconds in MOMENT.findall(body)]
        timeless = "still welcome" in body or "remind you again" in body
        if WORDS.search(body) and (timeless or any(at > now.timestamp() for at in moments)):
            found.append(body)
    return found


def stale(message: Message, now: datetime) -> list[str]:
    """Return the texts that promise something until a moment that has passed."""
    passed = [int(at) <= now.timestamp() for body in bodies(message) for at in UNTIL.findall(body)]
    return [f"{message}"] if any(passed) else []


def check(engine: Engine, now: datetime) -> None:
    """Fail if a message that people see, or will, promises without an end, or what it promised is over.

    What stands in a channel that the community has left stays as it is, and so does everything while it rests because
    nobody can be reached.
    """
    promising = or_(col(Outgoing.message).contains("](at:"), col(Outgoing.message).contains('"kind":"button"'))
    with Session(engine) as session:
        rows = session.exec(
            select(Outgoing.key, Outgoing.message)
            .where(promising, col(Outgoing.state).not_in((DELETED, FAILED, SUPPRESSED)))
            .where(~col(Outgoing.address).contains('"kind":"calendar"'))
            .distinct()
        ).all()
        homes = {str(id) for id in session.exec(select(Channel.id)).all()}
        is_end = Timer.kind == signals.POST_ENDS
        ends = set(session.exec(select(Timer.value).where(is_end)).all())
        resting = set(session.exec(select(Timer.value).where(is_end, Timer.retry_at == NEVER)).all())
    for key, body in rows:
        what, _at, place = key.rpartition("@")
        if what in resting or (not place.startswith("p") and place not in homes):
            continue
        message = MESSAGE.validate_json(body)
        assert stale(message, now) == [], what
        if what not in ends:
            assert promises(message, now) == [], f"{what} doesn't say when it ends"


def refusals(chat: "Chat", *people: "Actor") -> list[str]:
    """Press every button that these people see on posts, without any effect; return what was refused.

    A post in a channel is tried by all of them, a direct message by its receiver.
    """
    found = []
    for post in chat.posts:
        if post.deleted:
            continue
        for who in people:
            if post.person not in ("", who.who.id) or post.channel not in ("", who.channel):
                continue
            for action in post.message.actions:
                if isinstance(action, Button) and (no := _refusal(chat, who, action)):
                    found.append(f"{action.label} on {post.words!r}: {no}")
    return found


def _refusal(chat: "Chat", who: "Actor", button: Button) -> str:
    click = Click(who.place(), who.who, button.action, button.value)
    with Session(chat.engine) as session:
        ctx = build_context(session, click, chat.clock.now(), chat.app.root)
        chat.app.attach_app_state(ctx)
        try:
            chat.app.dispatch(ctx, click)
        except Refusal as no:
            return str(no)
        finally:
            session.rollback()
    return ""
