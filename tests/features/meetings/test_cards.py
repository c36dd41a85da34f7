"""A meeting's card in the channel: what it says before, during, and after, and what is posted under it."""

from datetime import datetime, timedelta

import pytest

from bot.features.meetings.posts import card_views, reminder_views
from bot.features.meetings.posts.card_section_views import Team
from bot.features.meetings.posts.reminder_views import About
from storage.meetings.meetings import Meeting
from storage.meetings.rsvps import MAYBE, NO, YES
from tests.support.chat import Chat, Post, words
from tests.support.community import ZONE, actors
from tests.support.meetings import NEW_YORK, create_meeting_community, local

OCTOBER = datetime(2025, 10, 8, 16, 0, tzinfo=NEW_YORK)


def about(meeting: Meeting) -> About:
    return About(meeting, True, YES, "Youth workers", {YES: 2, MAYBE: 0, NO: 0}, ())


def posted(chat: Chat) -> Post:
    return next(p for p in chat.in_channel() if "Monthly circle" in p.message.title)


def test_card_says_it_is_a_meeting_and_later_that_it_took_place(chat: Chat) -> None:
    """One card, a week before, while the meeting lasts, and two months after."""
    create_meeting_community(chat)
    mei, olu, ben = actors(chat, "Mei", "Olu", "Ben")
    chat.until(local(2025, 10, 2, 10))
    card = posted(chat)
    assert card.message.title == "Meeting: Monthly circle"
    mei.presses("Yes, I’ll come", on=card)
    olu.presses("No", on=card)
    mei.types("topic Rainy days")
    assert "On the agenda so far" in card.words

    chat.until(local(2025, 10, 8, 16, 1))
    olu.types("topic Quiet arrivals")
    assert "This meeting has begun" in card.words
    # Planning again while it lasts forgets nothing.
    ben.types("meeting schedule 14 Nov 4pm")
    chat.until(local(2025, 10, 8, 17, 31))
    assert "This meeting took place 2025-10-08 20:00 UTC, 90 minutes. 1 person had said yes." in card.words
    assert "has begun" not in card.words
    # The published agenda.
    assert "Rainy days" in card.words
    # This topic waits for the next meeting.
    assert "Quiet arrivals" not in card.words
    assert "Say how it was until 2025-10-15" in card.words
    assert [a.label for a in card.message.actions] == ["Say how it was", "I was there", "I missed it", "Notes"]
    mei.presses("Say how it was", on=card)
    assert "your answer is kept" in mei.fills(worked="The round at the start")
    chat.wait(days=60)
    assert "This meeting took place" in card.words


def test_card_keeps_what_was_on_the_agenda(chat: Chat) -> None:
    create_meeting_community(chat)
    mei, ben = actors(chat, "Mei", "Ben")
    chat.until(local(2025, 10, 2, 10))
    mei.types("topic Quiet arrivals")
    ben.types("agenda publish")
    ben.fills(topics="1")
    chat.until(local(2025, 10, 8, 18))
    assert "On the agenda\n- Quiet arrivals" in posted(chat).words


def test_card_of_a_cancelled_meeting_stays_cancelled_after_its_time(chat: Chat) -> None:
    create_meeting_community(chat)
    [ben] = actors(chat, "Ben")
    chat.until(local(2025, 10, 2, 10))
    ben.types("meeting cancel")
    ben.fills(note="Snow")
    ben.presses("Cancel the meeting")
    chat.until(local(2025, 10, 9, 10))
    assert "is cancelled" in posted(chat).words
    assert "took place" not in posted(chat).words


def test_each_reminder_under_a_card_says_which_it_is(chat: Chat) -> None:
    create_meeting_community(chat)
    [ben] = actors(chat, "Ben")
    chat.until(local(2025, 10, 2, 10))
    card = posted(chat)
    ben.types("meeting move 15 Oct 4pm")
    chat.until(local(2025, 10, 15, 15, 30))
    under = [p.words.strip().splitlines()[0] for p in chat.in_channel() if p.under == card.id]
    assert under == [
        "In one week: the meeting Monthly circle, 2025-10-15 20:00 UTC.",
        "Tomorrow: the meeting Monthly circle, 2025-10-15 20:00 UTC.",
        "In one hour: the meeting Monthly circle, 2025-10-15 20:00 UTC.",
    ]


@pytest.mark.parametrize(
    ("before", "says"),
    [
        (timedelta(days=7), "In one week"),
        (timedelta(days=6, hours=3), "In 6 days"),
        (timedelta(days=1), "Tomorrow"),
        (timedelta(hours=17), "Tomorrow"),  # the evening before
        (timedelta(hours=7), "Today"),  # the bot didn't run the day before
        (timedelta(hours=1), "In one hour"),
        (timedelta(minutes=59, seconds=40), "In one hour"),
        (timedelta(minutes=20), "In 20 minutes"),
        (timedelta(seconds=10), "In 1 minute"),
    ],
)
def test_reminder_says_how_far_off_the_meeting_is_when_posted(before: timedelta, says: str) -> None:
    meeting = Meeting(id=1, community_id=1, starts_at=OCTOBER, minutes=90, title="Monthly circle")
    said = reminder_views.soon([about(meeting)], OCTOBER - before, ZONE)
    assert words(said).strip().startswith(f"{says}: the meeting Monthly circle")


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Autumn gathering", "Meeting: Autumn gathering"),
        ("Spring Meeting", "Spring Meeting"),
        ("x" * 80, "Meeting: " + "x" * 80),
    ],
)
def test_card_adds_the_word_meeting_to_a_title_without_it(title: str, shown: str) -> None:
    assert card_views.heading(Meeting(community_id=1, starts_at=OCTOBER, minutes=90, title=title)) == shown


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Monthly circle", "A reminder of the meeting Monthly circle of Youth workers. You said yes."),
        ("Youth workers", "A reminder of the meeting of Youth workers. You said yes."),  # the name a cadence gives them
    ],
)
def test_direct_reminder_never_repeats_a_name(title: str, said: str) -> None:
    meeting = Meeting(id=1, community_id=1, starts_at=OCTOBER, minutes=90, title=title)
    assert said in words(reminder_views.direct_reminder([about(meeting)], Team()))
