"""Posts messages as a feature would, and finds their rows in the outbox."""

from sqlmodel import Session, select

from bot.core.context import Context
from bot.ui import card
from storage.communities import communities
from storage.messaging.outbox import Outgoing
from storage.people import people
from tests.support.chat import Chat


def post(chat: Chat, to: object, key: str, text: str) -> None:
    """Post a message as a feature would, at the chat's current time."""
    with Session(chat.engine) as session, session.begin():
        ctx = Context(session, chat.clock.now(), "cop", community_or_none=communities.get(session, 1))
        ctx.post(to, key, card, text)  # type: ignore[arg-type]


def row(chat: Chat, key: str) -> Outgoing:
    with Session(chat.engine) as session:
        return next(r for r in session.exec(select(Outgoing)) if r.key.startswith(key))


def person_id(chat: Chat, name: str) -> int:
    with Session(chat.engine) as session:
        return next(p.id or 0 for p in session.exec(select(people.Person)) if p.name == name)
