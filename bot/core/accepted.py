"""Events that were accepted and wait to be handled: their rows, and what becomes of those that a killed process left.

The answer to one that was left comes as a direct message, since the place where it was typed waits no longer.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Any

import structlog
from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Engine
from sqlmodel import Session

from bot.core import unsaved
from bot.core.acceptance import Waiting
from bot.core.context import ADDRESS, MESSAGE
from bot.core.events import Command, Event, Submission, delivery_key
from bot.core.platform import DirectMessage
from bot.core.resolver import opening
from bot.i18n import gettext as _
from bot.i18n import speaking
from bot.telemetry.logs import event_id
from bot.ui import FormErrors, Message, Note, NotSaved, Reply
from storage.messaging import outbox
from storage.operations import accepted_events, processed_events
from storage.operations.accepted_events import AcceptedEvent
from storage.people import people
from storage.privacy import post_subjects

log = structlog.get_logger(__name__)
EVENT: TypeAdapter[Waiting] = TypeAdapter(Waiting)


def key_of(event: Event) -> str:
    """Return what names an event, however often it is delivered. "" for one that isn't accepted ahead."""
    match event:
        case Submission(place=place, person=person, form=form, value=value) if once := opening(value):
            return f"form:{place.platform}:{person.id}:{form}:{once}"
        # The key under which it will be known to be handled.
        case Command():
            return delivery_key(event)
        case _:
            return ""


class Accepted:
    """The rows of accepted events on one database. `lock` is the App's write lock."""

    def __init__(self, engine: Engine, lock: AbstractContextManager[Any], clock: Callable[[], datetime]) -> None:
        self._engine, self._lock, self._clock = engine, lock, clock
        # Keys of this process: to be handled, and handled although the row could not be deleted.
        self._open: set[str] = set()
        self._given_back: set[str] = set()

    def save(self, events: Sequence[Waiting]) -> None:
        """Save events in one transaction. What was handled meanwhile is deleted again."""
        rows = {key: event for event in events if (key := key_of(event))}
        self._open.update(rows)
        with self._lock, Session(self._engine) as session, session.begin():
            values = [
                (key, event.place.platform, event.person.id, EVENT.dump_json(event).decode())
                for key, event in rows.items()
            ]
            if values:
                accepted_events.add(session, values, self._clock())
        if late := [key for key in rows if key not in self._open]:
            with self._lock, Session(self._engine) as session, session.begin():
                accepted_events.drop(session, late)

    def drop(self, session: Session, event: Event) -> None:
        """Delete the row of an event that this transaction handles, or saves as a draft."""
        if (key := key_of(event)) in self._open:
            accepted_events.drop(session, [key])

    def close(self, event: Event, *, is_given_back: bool = False) -> None:
        """Note that an event was handled. With `is_given_back` its row may be there still, but is not to be handled."""
        key = key_of(event)
        if key in self._open:
            self._open.discard(key)
            if is_given_back:
                self._given_back.add(key)

    def left(self, before: datetime) -> list[Waiting]:
        """Return the events accepted before `before` that nobody is handling, and take them on."""
        with self._lock, Session(self._engine) as session, session.begin():
            if self._given_back:
                accepted_events.drop(session, sorted(self._given_back))
                self._given_back.clear()
            rows = [row for row in accepted_events.before(session, before) if row.key not in self._open]
            done = {row.key for row in rows if processed_events.is_processed(session, row.key)}
            accepted_events.drop(session, sorted(done))
            waiting = [row for row in rows if row.key not in done]
            events = [self._known(session, event) for row in waiting if (event := _read(row))]
            # Also those that can't be read, so that each is looked at once.
            keys = [row.key for row in waiting]
        self._open.update(keys)
        return events

    def _known(self, session: Session, event: Waiting) -> Waiting:
        """Return the event with the name by which the bot knows the person: the platform was not asked for it then."""
        account = people.account(session, event.place.platform, event.person.id)
        if account is None:
            return event
        return replace(event, person=replace(event.person, name=account.name or event.person.name))

    def tell(self, event: Waiting, reply: Reply) -> None:
        """Post the answer to an event that was left, in a direct message."""
        with speaking(event.person.locale):
            messages = _messages(reply)
        with self._lock, Session(self._engine) as session, session.begin():
            account = people.account(session, event.place.platform, event.person.id)
            for number, message in enumerate(messages if account else ()):
                assert account
                row = outbox.put(
                    session,
                    key=f"late.{sha256(key_of(event).encode()).hexdigest()[:16]}.{number}@p{account.person_id}",
                    platform=event.place.platform,
                    space=account.space,
                    address=ADDRESS.dump_json(DirectMessage(event.person.id)).decode(),
                    message=MESSAGE.dump_json(message).decode(),
                    now=self._clock(),
                    person=account.person_id,
                    ignores_quiet_hours=True,
                    event_id=event_id(),
                )
                post_subjects.record(session, row, message.subjects)


def _read(row: AcceptedEvent) -> Waiting | None:
    """Return a row's event; None if this version can't read it, as after going back to an earlier one."""
    try:
        return EVENT.validate_json(row.body)
    except ValidationError as why:
        # Without what the error quotes: it is what somebody typed.
        log.error("an accepted event cannot be read", key=row.key, errors=why.error_count())
        return None


def _messages(reply: Reply) -> tuple[Message, ...]:
    note = Message((Note(_("I had to restart just after you sent something. This is my answer to it.")),))
    match reply:
        case Message():
            return (note, replace(reply, replace=False))
        case NotSaved(messages=messages):
            return (note, *messages)
        case FormErrors():
            return (note, unsaved.corrections(reply))
        case _:
            return ()
