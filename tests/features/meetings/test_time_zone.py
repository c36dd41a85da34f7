"""The community's time zone changes: what the rules made keeps its time of day, and the admin sees it first."""

from datetime import UTC, datetime

import pytest
from sqlmodel import Session

from bot.cadence import Rule
from bot.core.events import Click
from bot.ui import Button
from storage.communities import communities
from storage.meetings import meetings
from tests.support.chat import Actor, Chat, words
from tests.support.community import ZONE, actors
from tests.support.meetings import create_meeting_community, local, planned_meetings, waiting_timers

CHICAGO = "America/Chicago"


@pytest.fixture
def ada(chat: Chat) -> Actor:
    create_meeting_community(chat)
    return chat.person("Ada", manages=True, zone=ZONE)


def zones(chat: Chat) -> list[str]:
    """The zones of the community and of its series' rules."""
    with Session(chat.engine) as session:
        community = communities.get(session, 1)
        assert community
        series = meetings.series_of(session, 1)
        return [community.zone, *(each.zone for each in series), *(Rule.from_json(each.rule).zone for each in series)]


def test_admin_sees_what_changes_before_anything_does(chat: Chat, ada: Actor) -> None:
    before = planned_meetings(chat, 1)
    said = ada.types("cadence zone Chicago", root="admin")
    assert "You chose Chicago time" in said
    assert "These keep their time of day, in Chicago time" in said
    assert "Wed, Oct 8, 2025, 4:00 PM (New York time: Wed, Oct 8, 2025, 5:00 PM)" in said
    assert "Nothing is saved yet" in said
    assert zones(chat) == [ZONE, ZONE, ZONE]
    assert planned_meetings(chat, 1) == before


def test_meetings_keep_their_time_of_day_their_replies_and_their_card(chat: Chat, ada: Actor) -> None:
    ben, mei = actors(chat, "Ben", "Mei")
    mei.types("rsvp yes")
    chat.until(local(2025, 10, 2, 10))
    [card] = [post for post in chat.in_channel() if post.message.title == "Meeting: Monthly circle"]
    ada.types("cadence zone Chicago", root="admin")
    assert "The channel is told" in ada.presses("Save")
    assert zones(chat) == [CHICAGO, CHICAGO, CHICAGO]
    first, second, *_more = planned_meetings(chat, 1)
    assert [first.astimezone(UTC), second.astimezone(UTC)] == [
        datetime(2025, 10, 8, 21, tzinfo=UTC),
        # After the change of the clocks.
        datetime(2025, 11, 12, 22, tzinfo=UTC),
    ]
    assert "2025-10-08 21:00 UTC" in card.words
    assert "Coming: 1 yes" in card.words
    assert "Our meetings are planned in Chicago time now" in chat.last.words
    assert ("1.h", "Wed 08 Oct 16:00") in waiting_timers(chat, "meetings.remind")
    # What facilitators type from then on is in the new zone.
    assert "to 2025-10-15 21:00 UTC" in ben.types("meeting move 15 Oct 4pm", root="facilitator")


def test_nothing_is_made_twice_and_moved_meetings_stay(chat: Chat, ada: Actor) -> None:
    [ben] = actors(chat, "Ben")
    ben.types("meeting move 15 Oct 4pm", root="facilitator")
    before = planned_meetings(chat, 1)
    said = ada.types("cadence zone Los Angeles", root="admin")
    assert "These don’t move" in said
    assert "Wed, Oct 15, 2025, 1:00 PM (Los Angeles" not in said
    ada.presses("Save")
    chat.wait(days=1)
    after = planned_meetings(chat, 1)
    assert len(after) == len(before)
    assert after[0] == before[0]
    assert {(later - earlier).total_seconds() for earlier, later in zip(before[1:], after[1:], strict=True)} == {10_800}


def test_rule_with_a_zone_of_its_own_keeps_it(chat: Chat, ada: Actor) -> None:
    ada.types("cadence set second Wednesday 4pm Los Angeles time", root="admin")
    ada.presses("Save")
    before = planned_meetings(chat, 1)
    said = ada.types("cadence zone Chicago", root="admin")
    assert "with a time zone of its own keeps it" in said
    assert "isn’t told" in ada.presses("Save")
    assert zones(chat) == [CHICAGO, "America/Los_Angeles", "America/Los_Angeles"]
    assert planned_meetings(chat, 1) == before


def test_zone_that_is_unknown_or_the_same_changes_nothing(chat: Chat, ada: Actor) -> None:
    assert "New York" in ada.types("cadence zone", root="admin")
    assert "already" in ada.types("cadence zone New York", root="admin")
    assert "Nothing has changed" in ada.types("cadence zone Narnia", root="admin")
    [mei] = actors(chat, "Mei")
    assert "Chicago" not in mei.types("cadence zone Chicago", root="admin")
    assert zones(chat) == [ZONE, ZONE, ZONE]


def test_change_of_zone_is_audited(chat: Chat, ada: Actor) -> None:
    ada.types("cadence zone Chicago", root="admin")
    [button] = ada.shown.actions
    ada.presses("Save")
    assert "changed the community’s time zone" in ada.types("audit", root="admin")
    assert isinstance(button, Button)
    again = chat.app.handle(Click(ada.place(), ada.who, button.action, button.value))
    assert "no longer remember" in words(again)


def told_of_zone(who: Actor) -> list[str]:
    return [p.words for p in who.direct() if "planned in Chicago time" in p.words]


def change_zone(ada: Actor) -> None:
    ada.types("cadence zone Chicago", root="admin")
    ada.presses("Save")


def test_who_means_to_come_to_the_next_meeting_is_told_privately_and_once(chat: Chat, ada: Actor) -> None:
    mei, olu = actors(chat, "Mei", "Olu")
    mei.types("rsvp yes to all")
    change_zone(ada)
    [note] = told_of_zone(mei)
    assert "from 2025-10-08 20:00 UTC to 2025-10-08 21:00 UTC" in note
    assert told_of_zone(olu) == []


def test_who_was_told_another_time_is_told_and_keeps_no_wrong_one(chat: Chat, ada: Actor) -> None:
    """Olu was told of a later meeting, and by a reminder of the next one, which she hasn't answered."""
    ben, mei, olu = actors(chat, "Ben", "Mei", "Olu")
    olu.types("my reminders")
    olu.fills(ticks="remind_open")
    mei.types("rsvp maybe")
    ben.types("meeting show")
    ben.presses("Place, link, length")
    ben.fills(place="Town hall")
    chat.until(local(2025, 10, 7, 16, 1))
    assert any("Town hall" in p.words and "20:00 UTC" in p.words for p in mei.direct())
    assert any("A reminder of the meeting" in p.words for p in olu.direct())
    change_zone(ada)
    for who in (mei, olu):
        assert len(told_of_zone(who)) == 1
        wrong = [p.words for p in who.direct() if "2025-10-08 20:00" in p.words.replace("from 2025-10-08 20:00", "")]
        assert wrong == []
    assert told_of_zone(ben) == []


def test_zone_changed_back_before_it_was_told_is_told_to_nobody(chat: Chat, ada: Actor) -> None:
    [mei] = actors(chat, "Mei")
    mei.types("rsvp yes")
    mei.types("quiet 8 18")
    change_zone(ada)
    ada.types("cadence zone New York", root="admin")
    ada.presses("Save")
    chat.wait(hours=12)
    assert mei.direct() == []
