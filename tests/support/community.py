"""A small community to tell stories in: youth workers who meet in #general, with Ben facilitating."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from storage.communities import communities
from storage.people import people
from tests.support.chat import Actor, Chat

ZONE = "America/New_York"


def create_community(
    chat: Chat,
    members: Sequence[str] = ("Mei", "Olu", "Ana"),
    *,
    name: str = "Youth workers",
    channel: str = "general",
    facilitator: str = "Ben",
    nudges: bool = True,
) -> int:
    """Make the community with its people, as setup and joining would; returns its id."""
    with Session(chat.engine) as session, session.begin():
        now = chat.clock.now()
        community = communities.add(session, name=name, purpose="Better afternoons", zone=ZONE, locale="en", now=now)
        assert community.id
        communities.bind(session, community.id, chat.name, chat.space, channel)
        for member in members:
            row = people.enrol(session, community.id, enrolled(session, chat, member, now))
            row.joined_at, row.nudges = now, nudges
        row = people.enrol(session, community.id, enrolled(session, chat, facilitator, now))
        row.joined_at, row.role = now, 2
        return community.id


def enrolled(session: Session, chat: Chat, name: str, now: datetime) -> int:
    person = people.meet(
        session, platform=chat.name, space=chat.space, external=name.lower(), name=name, zone=ZONE, now=now
    )
    return people.key(person)


def actors(chat: Chat, *names: str) -> list[Actor]:
    return [chat.person(name, zone=ZONE) for name in names]
