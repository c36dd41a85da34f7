"""The next meeting in a platform's own calendar: always one, and always as the meeting is."""

from datetime import UTC, datetime

import pytest

from bot.ui import CalendarEvent
from tests.support.chat import Actor, Chat
from tests.support.community import actors, create_community

# 4 pm in New York.
OCTOBER, NOVEMBER = datetime(2025, 10, 8, 20, tzinfo=UTC), datetime(2025, 11, 12, 21, tzinfo=UTC)


@pytest.fixture
def ben(chat: Chat) -> Actor:
    """Facilitates youth workers who meet on second Wednesdays at 4 pm for an hour."""
    create_community(chat, ["Mei"])
    chat.app.calendars = [chat.name]
    ada = chat.person("Ada", manages=True)
    ada.types("cadence set second Wednesday, October to June, 4pm")
    ada.presses("Save")
    [ben] = actors(chat, "Ben")
    return ben


def shown(chat: Chat) -> list[CalendarEvent]:
    chat.deliver_all()
    return [post.message.calendar_event for post in chat.calendar if post.message.calendar_event]


def test_calendar_event_is_made_for_the_next_meeting_only(chat: Chat, ben: Actor) -> None:
    [calendar_event] = shown(chat)
    assert calendar_event.starts_at == OCTOBER
    assert (calendar_event.ends_at - calendar_event.starts_at).total_seconds() == 3_600
    assert "Youth workers" in chat.calendar[0].words


def test_following_meeting_is_shown_once_the_next_has_begun(chat: Chat, ben: Actor) -> None:
    chat.until(OCTOBER)
    assert [calendar_event.starts_at for calendar_event in shown(chat)] == [OCTOBER, NOVEMBER]


def test_calendar_event_moves_with_its_meeting(chat: Chat, ben: Actor) -> None:
    shown(chat)
    ben.types("meeting move 15 October 5pm")
    [calendar_event] = shown(chat)
    assert calendar_event.starts_at == datetime(2025, 10, 15, 21, tzinfo=UTC)
    assert chat.calendar[0].edits == 1


def test_calendar_event_is_removed_and_restored_with_its_meeting(chat: Chat, ben: Actor) -> None:
    shown(chat)
    ben.types("meeting cancel")
    ben.fills(note="Snow")
    ben.presses("Cancel the meeting")
    assert [calendar_event.starts_at for calendar_event in shown(chat)] == [NOVEMBER]
    ben.types("meeting restore")
    assert sorted(calendar_event.starts_at for calendar_event in shown(chat)) == [OCTOBER, NOVEMBER]


def test_new_rule_leaves_no_calendar_event_of_the_old(chat: Chat, ben: Actor) -> None:
    shown(chat)
    ada = chat.person("Ada", manages=True)
    ada.types("cadence set last Friday at 9am")
    ada.presses("Save")
    assert [calendar_event.starts_at for calendar_event in shown(chat)] == [datetime(2025, 9, 26, 13, tzinfo=UTC)]


def test_planning_again_posts_nothing_again(chat: Chat, ben: Actor) -> None:
    shown(chat)
    # Rules are checked every week.
    chat.wait(days=8)
    assert len(chat.calendar) == 1
    assert chat.calendar[0].edits == 0


def test_platform_without_a_calendar_gets_no_event(chat: Chat) -> None:
    """It is asked for nothing."""
    create_community(chat, ["Mei"])
    ada = chat.person("Ada", manages=True)
    ada.types("cadence set second Wednesday, October to June, 4pm")
    ada.presses("Save")
    chat.wait(days=30)
    assert chat.calendar == []
