"""Time as it really passes: clock changes, year ends, weeks without power, and a clock that goes back."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session, select

from bot.domain import quiet_hours
from storage.communities import communities, request_quota
from storage.meetings import feedback, meetings
from storage.messaging import outbox, timers
from storage.people import people
from tests.support.chat import Chat
from tests.support.community import ZONE, actors, create_community
from tests.support.scenes import scene


@scene
def set_up(chat: Chat, cadence: str = "second Wednesday, October to June, 4pm") -> int:
    id = create_community(chat, ["Mei", "Olu", "Ana", "Kai"])
    ada = chat.person("Ada", manages=True, zone=ZONE)
    ada.types(f"cadence set {cadence}", root="admin")
    ada.presses("Save")
    return id


@scene
def let_pass(chat: Chat, days: int) -> None:
    """Set up, and let so many days pass. From three to three, so that each of many stories goes on from the last."""
    if days > 3:
        let_pass(chat, days - 3)
        chat.wait(days=3)
    else:
        set_up(chat)
        chat.wait(days=days)


def jump(chat: Chat, **span: float) -> None:
    """Stop the bot for some time, and start it again."""
    chat.clock.move(chat.clock.now() + timedelta(**span))
    chat.deliver_all()


def requests(chat: Chat) -> list[str]:
    """Return the cards that ask the community for something, by title."""
    asking = ("After the meeting", "Reflection prompt", "What is on your mind?", "Check-in")
    return [p.message.title for p in chat.posts if p.channel and not p.under and p.message.title in asking]


@pytest.mark.parametrize(
    "days", [1, 22, 43, *(pytest.param(days, marks=pytest.mark.anywhere) for days in range(4, 61, 3) if days % 21 != 1)]
)
def test_three_weeks_of_outage_end_in_no_burst(chat: Chat, days: int) -> None:
    let_pass(chat, days)
    before, private = len(requests(chat)), len([p for p in chat.posts if p.person])
    jump(chat, weeks=3)
    came = requests(chat)[before:]
    assert len(came) <= 1, came
    begun = [p for p in chat.posts if "meets [" in p.words and "has begun" in p.words]
    assert begun == []
    notes = [p for p in chat.posts if p.person and "I was away for a while" in p.words]
    assert len(notes) <= 1
    asked = Counter(p.person for p in chat.posts[private:] if p.person and p not in notes)
    assert all(times <= quiet_hours.ASKS_A_WEEK + 2 for times in asked.values())


def test_card_of_a_meeting_long_past_is_left_out(chat: Chat) -> None:
    set_up(chat)
    with Session(chat.engine) as session:
        meeting = meetings.next_meeting(session, 1, chat.clock.now())
        assert meeting
    chat.until(meeting.starts_at + timedelta(minutes=10))
    jump(chat, weeks=3)
    assert "After the meeting" not in requests(chat)


def test_nudge_is_not_sent_when_its_round_has_closed(chat: Chat) -> None:
    create_community(chat)
    ben, mei = actors(chat, "Ben", "Mei")
    ben.types("checkin open What did you try?")
    jump(chat, weeks=3)
    assert mei.direct() == []
    assert "Summary" in [p.message.title for p in chat.posts]


def test_nudge_that_was_due_in_an_outage_is_left_out(chat: Chat) -> None:
    """Its question is still open, but all that came due meanwhile would come at once."""
    create_community(chat)
    ben, mei = actors(chat, "Ben", "Mei")
    ben.types("checkin open What did you try?")
    chat.wait(days=1, hours=20)
    jump(chat, hours=12)
    assert "Open until" in chat.in_channel()[0].words
    chat.wait(days=2)
    assert mei.direct() == []


def test_delayed_nudge_is_cancelled_when_its_round_closes(chat: Chat) -> None:
    """It waits for the morning, and the round closes before."""
    create_community(chat)
    ben, mei = actors(chat, "Ben", "Mei")
    ben.types("checkin open")
    ben.fills(days="1")
    with Session(chat.engine) as session, session.begin():
        for person in session.exec(select(people.Person)):
            person.quiet_from, person.quiet_to = 19, 18
    chat.wait(days=14)
    assert mei.direct() == []


def test_request_is_not_sent_while_the_community_is_paused(chat: Chat) -> None:
    create_community(chat)
    ben, mei = actors(chat, "Ben", "Mei")
    ben.types("checkin open What did you try?")
    with Session(chat.engine) as session, session.begin():
        for person in session.exec(select(people.Person)):
            # Nudges are due in the morning, when they have quiet hours.
            person.quiet_from, person.quiet_to = 8, 13
    with Session(chat.engine) as session:
        nudge = next(t for t in session.exec(select(timers.Timer)) if t.kind == "rounds.nudge")
    chat.until(nudge.at)
    with Session(chat.engine) as session, session.begin():
        session.get_one(communities.Community, 1).paused = True
    chat.wait(days=1)
    assert mei.direct() == []


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("America/New_York", "2026-03-08"),
        ("America/New_York", "2026-11-01"),
        ("Europe/Berlin", "2026-03-29"),
        ("Australia/Lord_Howe", "2026-04-05"),
        ("Australia/Sydney", "2026-10-04"),
        ("Pacific/Auckland", "2026-09-27"),
        ("America/Santiago", "2026-09-06"),
        ("Africa/Casablanca", "2026-02-15"),
        ("Pacific/Apia", "2026-12-31"),
    ],
)
@pytest.mark.parametrize(("quiet_from", "quiet_to"), [(20, 8), (0, 1), (1, 3), (2, 3), (22, 2), (23, 0), (8, 20)])
def test_waking_moment_is_never_quiet_and_never_past(zone: str, day: str, quiet_from: int, quiet_to: int) -> None:
    begin = datetime.fromisoformat(day).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC) - timedelta(hours=20)
    for quarter in range(4 * 48):
        at = begin + timedelta(minutes=15 * quarter)
        waking = quiet_hours.next_waking(at, zone, quiet_from, quiet_to)
        assert at <= waking <= at + timedelta(hours=25)
        assert not quiet_hours.is_quiet(waking, zone, quiet_from, quiet_to)


def test_clock_change_back_an_hour_repeats_nothing(chat: Chat) -> None:
    set_up(chat)
    with Session(chat.engine) as session:
        meeting = meetings.next_meeting(session, 1, chat.clock.now())
        assert meeting
    chat.until(meeting.starts_at - timedelta(minutes=59))
    before = [(p.id, p.edits) for p in chat.posts]
    chat.clock.at -= timedelta(hours=1)
    chat.deliver_all()
    chat.wait(hours=1)
    assert [(p.id, p.edits) for p in chat.posts] == before


def test_moved_meeting_moves_everything_across_a_clock_change(chat: Chat) -> None:
    """Everything timed by the meeting keeps its local time."""
    set_up(chat)
    ben, mei = actors(chat, "Ben", "Mei")
    mei.types("rsvp yes")
    ben.types("meeting move 5 Nov 2025 4pm")
    with Session(chat.engine) as session:
        rows = {(t.kind, t.value): t.at for t in session.exec(select(timers.Timer))}
    local = {key: at.astimezone(ZoneInfo(ZONE)) for key, at in rows.items()}
    assert local["meetings.remind", "1.w"] == datetime(2025, 10, 29, 16, tzinfo=ZoneInfo(ZONE))
    assert local["meetings.remind", "1.d"] == datetime(2025, 11, 4, 16, tzinfo=ZoneInfo(ZONE))
    assert local["meetings.remind", "1.h"] == datetime(2025, 11, 5, 15, tzinfo=ZoneInfo(ZONE))
    assert local["agenda.call", "1"].day == 22
    with Session(chat.engine) as session, session.begin():
        meeting = session.get_one(meetings.Meeting, 1)
        meeting.status = meetings.CANCELLED
        timers.put(session, 1, "meetings.plan", "", chat.clock.now())
    chat.deliver_all()
    with Session(chat.engine) as session:
        left = [(t.kind, t.value) for t in session.exec(select(timers.Timer)) if t.value.partition(".")[0] == "1"]
    assert left == []


def test_member_of_many_communities_is_asked_twice_a_week(chat: Chat) -> None:
    for number in range(4):
        create_community(chat, ["Mei", "Olu"], name=f"Community {number}", channel=f"c{number}")
    ben, mei = actors(chat, "Ben", "Mei")
    for number in range(4):
        ben.channel = f"c{number}"
        ben.types("checkin open What did you try?")
    chat.wait(days=6)
    assert len([p for p in mei.direct() if "What did you try?" in p.words]) == quiet_hours.ASKS_A_WEEK


def test_timers_fire_once_with_two_processes(chat: Chat) -> None:
    from concurrent.futures import ThreadPoolExecutor

    from bot.core.app import App
    from bot.features import ALL
    from scheduler.due_timers import fire_due

    set_up(chat)
    other = App(ALL, chat.engine, chat.clock.now)
    other.write_lock = chat.app.write_lock
    for _day in range(30):
        chat.clock.move(chat.clock.now() + timedelta(days=1))
        with ThreadPoolExecutor(2) as threads:
            list(threads.map(fire_due, [chat.app, other]))
    chat.deliver_all()
    with Session(chat.engine) as session:
        keys = [r.key for r in session.exec(select(outbox.Outgoing))]
        weeks = Counter(ask.week for ask in session.exec(select(request_quota.WeeklyRequest)))
        assert session.exec(select(feedback.Feedback)).all() == []
    assert len(keys) == len(set(keys))
    assert max(weeks.values()) == 1
