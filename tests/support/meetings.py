"""A community that meets by a cadence, and what people read about its meetings."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from bot.cadence import Rule, read
from storage.meetings import meetings
from storage.messaging import timers
from storage.people import people
from tests.support.chat import Actor, Chat, Post
from tests.support.community import ZONE, actors, create_community, person_key
from tests.support.scenes import scene

NEW_YORK = ZoneInfo(ZONE)
SECOND_WEDNESDAY = "second Wednesday of each month, October to June, 4pm"


def local(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=NEW_YORK)  # type: ignore[arg-type,misc]


def rule(chat: Chat, phrase: str) -> Rule:
    return read(phrase, zone=ZONE, today=chat.clock.now().date()).rule


@scene
def create_meeting_community(chat: Chat, phrase: str = SECOND_WEDNESDAY, *, link: str = "") -> int:
    """Create a community of Mei, Olu, and Ana, with Ben facilitating, that meets as `phrase` says."""
    id = create_community(chat)
    said = rule(chat, phrase)
    with Session(chat.engine) as session, session.begin():
        meetings.add_series(
            session,
            id,
            title="Monthly circle",
            rule=said.to_json(),
            zone=ZONE,
            minutes=90,
            place="Room 4",
            link=link,
            now=chat.clock.now(),
        )
        timers.put(session, id, "meetings.plan", "", chat.clock.now())
    chat.deliver_all()
    return id


def admin(chat: Chat) -> Actor:
    return chat.person("Ada", manages=True, zone=ZONE)


def planned_meetings(chat: Chat, id: int) -> list[datetime]:
    with Session(chat.engine) as session:
        rows = meetings.between(session, id, chat.clock.now(), chat.clock.now() + timedelta(days=500))
        return [m.starts_at.astimezone(NEW_YORK) for m in rows]


def waiting_timers(chat: Chat, kind: str) -> list[tuple[str, str]]:
    with Session(chat.engine) as session:
        rows = session.exec(select(timers.Timer).where(timers.Timer.kind == kind).order_by(col(timers.Timer.at)))
        return [(t.value, f"{t.at.astimezone(NEW_YORK):%a %d %b %H:%M}") for t in rows]


def meeting_messages(who: Actor) -> list[Post]:
    """Return the direct messages that a person got about a meeting."""
    return [p for p in who.direct() if "Monthly circle" in p.words]


def posts_under_cards(chat: Chat) -> list[Post]:
    """Return what was posted under meetings' cards."""
    cards = {p.id for p in chat.in_channel() if p.message.title.startswith("Meeting: ")}
    return [p for p in chat.in_channel() if p.under in cards]


@scene
def end_first_meeting(chat: Chat) -> Post:
    """Let the meeting of 8 October end, and return its after-meeting card."""
    chat.until(local(2025, 10, 8, 17, 31))
    return next(p for p in chat.in_channel() if p.message.title == "After the meeting")


@scene
def join_members(chat: Chat, id: int, *names: str, organization: str = "") -> list[Actor]:
    with Session(chat.engine) as session, session.begin():
        for name in names:
            row = people.enrol(session, id, person_key(session, chat, name, chat.clock.now()))
            row.joined_at, row.organization = chat.clock.now(), organization
            row.organization_confirmed = organization != ""
    return actors(chat, *names)
