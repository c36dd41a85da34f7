"""A small community for stories: youth workers who meet in #general, with Ben facilitating."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import Session

from storage.communities import communities, programs
from storage.meetings import feedback
from storage.meetings import meetings as meeting_rows
from storage.people import appointments, people
from tests.support.chat import START, Actor, Chat
from tests.support.scenes import scene

ZONE = "America/New_York"
# For how long the facilitator has facilitated.
LONG_AGO = timedelta(days=800)


@scene
def create_community(
    chat: Chat,
    members: Sequence[str] = ("Mei", "Olu", "Ana"),
    *,
    name: str = "Youth workers",
    channel: str = "general",
    facilitator: str = "Ben",
    nudges: bool = True,
) -> int:
    """Create the community with its people, as setup and joining would. Returns its id."""
    with Session(chat.engine) as session, session.begin():
        now = chat.clock.now()
        community = communities.add(session, name=name, purpose="Better afternoons", zone=ZONE, locale="en", now=now)
        assert community.id
        communities.bind(session, community.id, chat.name, chat.space, channel)
        for member in members:
            row = people.enrol(session, community.id, person_key(session, chat, member, now))
            row.joined_at, row.nudges = now, nudges
        row = people.enrol(session, community.id, person_key(session, chat, facilitator, now))
        row.joined_at, row.role = now, 2
        appointments.start(session, community.id, row.person_id, now - LONG_AGO)
        return community.id


def person_key(session: Session, chat: Chat, name: str, now: datetime) -> int:
    person = people.get_or_create(
        session, platform=chat.name, space=chat.space, external=name.lower(), name=name, zone=ZONE, now=now
    )
    return people.key(person)


def join_program(session: Session, name: str, *joined: int) -> int:
    """Start a program that the first person convenes, with these communities in it. Returns its id."""
    now = START
    program = programs.key(programs.create(session, name, 1, now))
    for community in joined:
        programs.join(session, programs.invite(session, program, community, now), now)
    return program


def actors(chat: Chat, *names: str) -> list[Actor]:
    return [chat.person(name, zone=ZONE) for name in names]


@scene
def create_active_community(chat: Chat) -> int:
    """Create a community in mid-season: one meeting held, one planned, a question open, and an admin who did it all."""
    community = create_community(chat, ["1002", "1003"], facilitator="1001", channel="100")
    ada = chat.person("1001", zone=ZONE, manages=True)
    ada.channel = "100"
    ada.types("role map facilitator <@1001>")
    with Session(chat.engine) as session, session.begin():
        row = people.membership(session, community, 1)
        for number in range(1, 4):
            row = people.membership(session, community, number)
            if row and row.role == 2:
                row.role, row.facilitates, row.organization = 3, True, "The Y"
        held = meeting_rows.add(
            session, community, title="Autumn", starts_at=chat.clock.now().replace(day=20), minutes=60
        )
        assert held.id
        for number in range(1, 4):
            feedback.save(
                session, held.id, number, worked="The start", change="The end", useful=4, now=chat.clock.now()
            )
    ada.types("cadence set second Wednesday, 4pm")
    ada.presses("Save")
    ada.types("checkin open What did you try?")
    return community
