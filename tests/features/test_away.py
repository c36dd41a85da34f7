"""Being away: nothing private comes, nobody counts on an answer, and one message says what waits after."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import Session, select

from bot.cadence import Unreadable
from bot.features.availability import rules
from storage.communities import communities
from storage.learning.rounds import Round
from storage.people import absences, people
from storage.people.people import Person
from tests.support.chat import Actor, Chat
from tests.support.community import actors, create_community
from tests.support.questions import asked

# Monday, September 22, at nine in New York.
NOW = datetime(2025, 9, 22, 13, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("until Jan 5", date(2026, 1, 5)),
        ("Jan 5", date(2026, 1, 5)),
        ("until tomorrow", date(2025, 9, 23)),
        ("until Friday", date(2025, 9, 26)),
        # It is one today.
        ("hasta el lunes", date(2025, 9, 29)),
        ("until October 14", date(2025, 10, 14)),
        ("2 weeks", date(2025, 10, 6)),
        ("for two weeks", date(2025, 10, 6)),
        ("in a month", date(2025, 10, 22)),
        ("hasta el 14 de octubre", date(2025, 10, 14)),
        ("dos semanas", date(2025, 10, 6)),
        ("por 3 días", date(2025, 9, 25)),
        ("I’ll be away until Sep 30.", date(2025, 9, 30)),
    ],
)
def test_day_on_which_somebody_is_back_is_read(typed: str, day: date) -> None:
    assert rules.read_back(typed, zone="America/New_York", now=NOW) == day


@pytest.mark.parametrize(
    ("zone", "now", "day"),
    [
        # A minute before and after midnight, where the person is.
        ("America/New_York", "2025-09-23T03:59:00+00:00", date(2025, 9, 23)),
        ("America/New_York", "2025-09-23T04:01:00+00:00", date(2025, 9, 24)),
        ("Asia/Manila", "2025-09-22T15:59:00+00:00", date(2025, 9, 23)),
        ("Asia/Manila", "2025-09-22T16:01:00+00:00", date(2025, 9, 24)),
        ("Pacific/Kiritimati", "2025-09-22T13:00:00+00:00", date(2025, 9, 24)),
        ("Pacific/Pago_Pago", "2025-09-23T10:00:00+00:00", date(2025, 9, 23)),
        # Its midnight does not exist on that day.
        ("America/Santiago", "2025-09-07T02:30:00+00:00", date(2025, 9, 7)),
    ],
)
def test_tomorrow_is_that_of_the_person(zone: str, now: str, day: date) -> None:
    assert rules.read_back("tomorrow", zone=zone, now=datetime.fromisoformat(now)) == day


@pytest.mark.parametrize(
    "typed", ["soon", "Sep 1, 2025", "yesterday", "32 January", "99", "until", "5/10", "next Monday", ""]
)
def test_what_names_no_day_to_come_is_refused(typed: str) -> None:
    with pytest.raises(Unreadable) as why:
        rules.read_back(typed, zone="America/New_York", now=NOW)
    assert "23:59" not in f"{why.value} {why.value.suggestion}"
    assert "11:59" not in f"{why.value} {why.value.suggestion}"


BREAK = [date(2025, 12, 22) + timedelta(days=n) for n in range(5)]


@pytest.mark.parametrize(
    ("today", "own", "back"),
    [
        (date(2025, 12, 1), BREAK, date(2025, 12, 29)),
        # In the middle of it, and on its last day, a Sunday.
        (date(2025, 12, 24), BREAK, date(2025, 12, 29)),
        (date(2025, 12, 28), BREAK, date(2025, 12, 29)),
        (date(2025, 12, 29), BREAK, None),
        # One closed day is no break, unless it makes a long weekend.
        (date(2025, 12, 1), [date(2025, 12, 10)], None),
        (date(2025, 12, 1), [date(2025, 12, 12)], date(2025, 12, 15)),
        (date(2025, 12, 1), [], None),
        # Too far ahead to be the one that is meant.
        (date(2025, 8, 1), BREAK, None),
    ],
)
def test_end_of_the_break_is_the_first_open_day(today: date, own: list[date], back: date | None) -> None:
    assert rules.after_break(today, own, lambda day: day in own or day.weekday() > 4) == back


def absent(chat: Chat, at: datetime | None = None) -> list[str]:
    with Session(chat.engine) as session:
        ids = absences.absent_at(session, 1, at or chat.clock.now(), [absences.AWAY])
        return sorted(person.name for id in ids if (person := people.get(session, id)))


def welcomes(actor: Actor) -> list[str]:
    return [post.words.strip() for post in actor.direct() if "Welcome back" in post.words]


def test_nothing_private_comes_while_away_and_one_message_after(chat: Chat) -> None:
    ben, mei = asked(chat, "What did you try?")
    said = mei.types("away until Sep 29")
    assert "You’re away until Mon, Sep 29, 2025: Youth workers." in said
    assert absent(chat) == ["Mei"]
    chat.wait(days=3, hours=12)
    ben.types("checkin open What now?")
    assert mei.direct() == []
    chat.until(datetime(2025, 9, 29, 13, 1, tzinfo=UTC))
    assert welcomes(mei) == [
        "Welcome back. Open for you now:\n- Youth workers: 1 open question\nTo see everything, use /cop home."
    ]
    assert absent(chat) == []
    # It was told about once; there is no nudge as well.
    chat.wait(days=4)
    assert len(mei.direct()) == 1


def test_question_that_opens_after_the_return_is_nudged(chat: Chat) -> None:
    create_community(chat)
    ben, mei = actors(chat, "Ben", "Mei")
    mei.types("away until tomorrow")
    chat.wait(days=1)
    ben.types("checkin open What now?")
    chat.wait(days=2, hours=12)
    assert any("A gentle reminder" in post.words for post in mei.direct())


def test_who_comes_back_early_reads_what_waits_at_once(chat: Chat) -> None:
    _ben, mei = asked(chat, "What did you try?")
    mei.types("away for 2 weeks")
    assert "Youth workers: 1 open question" in mei.presses("I’m back")
    assert absent(chat) == []
    assert "You’re not away" in mei.types("away off")
    chat.wait(days=15)
    assert welcomes(mei) == []


def test_form_asks_for_the_day_and_the_community(chat: Chat) -> None:
    create_community(chat)
    create_community(chat, ["Mei"], name="Quality stewards", channel="stewards", facilitator="Chi")
    [mei] = actors(chat, "Mei")
    mei.types("away")
    assert "isn’t in the future" in mei.fills(until="today")
    assert "Give the day on which you’re back" in mei.fills(until="soon")
    said = mei.fills(until="Oct 1", where="here")
    assert "Youth workers" in said
    assert "Quality stewards" not in said
    # Asked again, the command shows how it is now.
    assert "You’re away until Wed, Oct 1, 2025" in mei.types("away")


def test_all_communities_can_be_narrowed_to_one(chat: Chat) -> None:
    create_community(chat)
    create_community(chat, ["Mei"], name="Quality stewards", channel="stewards", facilitator="Chi")
    [mei] = actors(chat, "Mei")
    said = mei.types("away until Oct 1")
    assert "Youth workers" in said
    assert "Quality stewards" in said
    said = mei.presses("Only in Youth workers")
    assert "Quality stewards" not in said


def test_until_after_the_break_follows_each_communitys_calendar(chat: Chat) -> None:
    create_community(chat)
    create_community(chat, ["Mei"], name="Quality stewards", channel="stewards", facilitator="Chi")
    [mei] = actors(chat, "Mei")
    assert "no break in their calendars" in mei.types("away until after the break")
    with Session(chat.engine) as session, session.begin():
        communities.close(session, 1, [date(2025, 10, 13) + timedelta(days=n) for n in range(5)], "Fall break")
    said = mei.types("away until after the break")
    assert "You’re away until Mon, Oct 20, 2025: Youth workers." in said
    assert "Quality stewards" not in said


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("today", "isn’t in the future"),
        ("Sep 1, 2025", "has passed"),
        ("until 2030-01-01", "more than a year"),
        ("soon", "Give the day on which you’re back"),
    ],
)
def test_day_that_cannot_be_is_explained(chat: Chat, typed: str, said: str) -> None:
    create_community(chat)
    [mei, eve] = actors(chat, "Mei", "Eve")
    assert said in mei.types(f"away {typed}")
    assert absent(chat) == []
    assert "haven’t joined" in eve.types("away until tomorrow")


@pytest.mark.parametrize(
    ("zone", "hour_utc"),
    [("Asia/Manila", 1), ("Pacific/Pago_Pago", 20), ("America/New_York", 13)],
)
def test_return_follows_the_person_into_another_zone(chat: Chat, zone: str, hour_utc: int) -> None:
    """They are back when it is that morning where they are now."""
    create_community(chat)
    [mei] = actors(chat, "Mei")
    mei.types("away until Sep 29")
    mei.types(f"timezone {zone}")
    back = datetime(2025, 9, 29, hour_utc, tzinfo=UTC)
    chat.until(back - timedelta(minutes=1))
    assert welcomes(mei) == []
    chat.until(back + timedelta(minutes=1))
    assert len(welcomes(mei)) == 1


def test_participation_leaves_out_who_was_away_for_most_of_the_time(chat: Chat) -> None:
    ben, mei = asked(chat, "What did you try?")
    [olu] = actors(chat, "Olu")
    with Session(chat.engine) as session:
        opened, closes = session.exec(select(Round.opened_at, Round.closes_at)).one()
    mei.types("away until Oct 1")
    # One is back after most of a day, another only goes when most is over.
    olu.types("away until tomorrow")
    chat.until(closes - timedelta(hours=20))
    ben.types("away until Oct 1")
    with Session(chat.engine) as session:
        left_out = absences.away_during(absences.of_community(session, 1), opened, closes)
        assert [person.name for id in left_out if (person := people.get(session, id))] == ["Mei"]


def test_leaving_deletes_when_somebody_was_away(chat: Chat) -> None:
    create_community(chat)
    [mei] = actors(chat, "Mei")
    mei.types("away until Oct 1")
    mei.types("leave")
    mei.presses("Leave")
    with Session(chat.engine) as session:
        assert session.exec(select(absences.Absence)).all() == []
    chat.wait(days=10)
    assert mei.direct() == []


def test_weekends_can_be_kept_free(chat: Chat) -> None:
    create_community(chat)
    ben, mei = actors(chat, "Ben", "Mei")
    said = mei.types("settings pace")
    assert "Quiet hours: 8:00 PM to 8:00 AM" in said
    assert "Weekends: like any other day" in said
    assert "wait until Monday" in mei.presses("Rest on weekends")
    chat.until(datetime(2025, 9, 26, 22, tzinfo=UTC))  # Friday at six
    ben.types("checkin open What now?")
    mei.whispers("later")
    mei.presses("Tomorrow morning")
    chat.until(datetime(2025, 9, 29, 11, 59, tzinfo=UTC))
    assert mei.direct() == []
    chat.until(datetime(2025, 9, 29, 12, 1, tzinfo=UTC))
    assert len(mei.direct()) == 1
    mei.types("settings pace")
    assert "like any other day" in mei.presses("Ask me on weekends")


def test_one_place_shows_and_changes_what_reaches_somebody(chat: Chat) -> None:
    create_community(chat)
    [mei] = actors(chat, "Mei")
    mei.types("snooze 2w")
    mei.whispers("not this week")
    mei.types("away until Oct 1")
    said = mei.types("settings pace")
    assert "Away: until Wed, Oct 1, 2025" in said
    assert "Questions paused until" in said
    assert "No questions before: Mon, Sep 29, 2025" in said
    assert "Nudges from Youth workers: yes" in said
    said = mei.presses("Ask me again")
    assert "paused" not in said
    assert "No questions before" not in said
    mei.types("settings pace")
    assert "Welcome back" in mei.presses("I’m back")
    mei.types("settings pace")
    mei.presses("Nudges and reminders")
    assert mei.sees
    with Session(chat.engine) as session:
        assert session.exec(select(Person).where(Person.name == "Mei")).one().snoozed_until is None
