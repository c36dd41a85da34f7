"""Changing one meeting and undoing it, dates without a day, and the history of changes."""

from datetime import date

import pytest
from sqlmodel import Session

from bot.features.meetings.scheduling import partial_dates
from storage.meetings import meetings
from storage.messaging import timers
from tests.support.chat import Chat
from tests.support.community import ZONE, actors
from tests.support.meetings import (
    admin,
    create_meeting_community,
    local,
    meeting_messages,
    planned_meetings,
    posts_under_cards,
    rule,
)


def test_meeting_gets_its_own_place_and_the_rules_place_back(chat: Chat) -> None:
    """What a facilitator sets for one meeting shows everywhere, stays when planned again, and can be undone."""
    create_meeting_community(chat)
    ben, mei = actors(chat, "Ben", "Mei")
    mei.types("rsvp yes")
    chat.until(local(2025, 10, 7, 16, 1))
    [soon] = posts_under_cards(chat)
    ben.types("meeting show", root="facilitator")
    ben.presses("Place, link, length")
    assert "number of minutes" in ben.fills(minutes="many", link="javascript:alert(1)")
    said = ben.fills(place="Town hall", minutes="120", link="https://meet.example/x", note="More room")
    assert "for this meeting only" in said
    assert "Where: Town hall" in chat.last.words
    assert "Why: More room" in chat.last.words
    # As on the card, and also in a reminder.
    assert "Where: Town hall" in soon.words
    assert "Tomorrow" in soon.words
    assert any("Where: Town hall" in p.words for p in meeting_messages(mei))
    chat.wait(days=0, hours=1)
    # Planning again keeps it.
    assert "120 minutes" in ben.types("meeting show", root="facilitator")
    assert "Wed, Nov 12, 2025" in mei.types("next")
    ben.types("meeting show", root="facilitator")
    assert "As the rule says again" in ben.presses("As the rule says")
    assert "Where: Room 4" in soon.words
    assert "90 minutes" in ben.types("meeting show", root="facilitator")
    said = ben.types("meeting history", root="facilitator")
    assert "put Monthly circle back as the rule says" in said
    assert "changed place, link or length of Monthly circle on 2025-10-08 20:00 UTC (More room)" in said


def test_moved_meeting_returns_to_where_the_rule_has_it(chat: Chat) -> None:
    id = create_meeting_community(chat)
    [ben] = actors(chat, "Ben")
    before = planned_meetings(chat, id)
    ben.types("meeting move 15 Oct 4pm", root="facilitator")
    ben.presses("As the rule says")
    assert planned_meetings(chat, id) == before
    assert "has moved from 2025-10-15 20:00 UTC to 2025-10-08 20:00 UTC" in chat.last.words
    said = ben.types("meeting history", root="facilitator")
    assert "moved Monthly circle from 2025-10-08 20:00 UTC to 2025-10-15 20:00 UTC" in said
    ben.types("meeting move 15 Oct 4pm", root="facilitator")
    ada = admin(chat)
    ada.types("cadence set third Wednesday of each month, October to June, 4pm", root="admin")
    ada.presses("Save")
    ben.types("meeting show", root="facilitator")
    assert "rule no longer has a meeting" in ben.presses("As the rule says")


def test_second_of_two_facilitators_sees_the_first_change(chat: Chat) -> None:
    create_meeting_community(chat)
    ben, cam = actors(chat, "Ben", "Ben")
    for who in (ben, cam):
        who.types("meeting show", root="facilitator")
        who.presses("Place, link, length")
    assert "for this meeting only" in ben.fills(place="Town hall")
    assert "Ben has changed it meanwhile: Town hall, 90 minutes" in cam.fills(place="Library")
    assert "Library" in cam.fills()
    ben.types("meeting cancel", root="facilitator")
    cam.types("meeting move 15 Oct 4pm", root="facilitator")
    ben.fills(note="Snow")
    said = ben.presses("Cancel the meeting")
    assert "Ben has changed this meeting since you looked: it is now planned, 2025-10-15" in said
    assert "Cancelled" in ben.presses("Cancel it all the same")


def test_longer_meeting_may_not_overlap_the_next(chat: Chat) -> None:
    create_meeting_community(chat)
    [ben] = actors(chat, "Ben")
    ben.types("meeting schedule 8 Oct 6pm", root="facilitator")
    ben.types("meeting change", root="facilitator")
    ben.presses("Wed, Oct 8, 2025, 4:00 PM, Monthly circle")
    assert "Monthly circle is at that time" in ben.fills(minutes="180")
    assert "like that already" in ben.fills(minutes="90")


@pytest.mark.parametrize("typed", ["30 Feb 4pm", "February 30 at 4pm", "31 Apr 2026 4pm"])
def test_impossible_day_is_refused_in_words(chat: Chat, typed: str) -> None:
    id = create_meeting_community(chat)
    [ben] = actors(chat, "Ben")
    before = planned_meetings(chat, id)
    for line in ("schedule", "move"):
        said = ben.types(f"meeting {line} {typed}", root="facilitator")
        assert "has no day" in said
    assert planned_meetings(chat, id) == before


def test_month_stays_a_month_until_the_day_is_known(chat: Chat) -> None:
    """A tentative meeting has only a month until someone names the day."""
    id = create_meeting_community(chat)
    ben, mei = actors(chat, "Ben", "Mei")
    with Session(chat.engine) as session:
        timed = {(t.kind, t.value) for t in timers.upcoming(session, id, local(2027, 1, 1))}
    said = ben.types("meeting schedule February 2026", root="facilitator")
    assert "Written down: Monthly circle, in February 2026. No day is set" in said
    ben.types("meeting schedule", root="facilitator")
    assert "Retreat, in spring. No day" in ben.fills(title="Retreat", when="Spring", minutes="60")
    assert "- Retreat: in spring, the day is not known yet" in mei.types("next")
    with Session(chat.engine) as session:
        assert {(t.kind, t.value) for t in timers.upcoming(session, id, local(2027, 1, 1))} == timed
    before = planned_meetings(chat, id)
    ben.types("meeting expected", root="facilitator")
    ben.chooses("Set the day", "Retreat, in spring")
    ben.fills(when="17 Apr 2026 10am", minutes="180")
    assert len(planned_meetings(chat, id)) == len(before) + 1
    said = ben.types("meeting expected", root="facilitator")
    assert "Retreat" not in said
    ben.chooses("Take off the list", "Monthly circle, in February 2026")
    assert "Of every meeting that is planned the day is known" in ben.types("meeting expected", root="facilitator")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("February 2026", ("month", 2026, 2, date(2026, 2, 28))),
        ("february", ("month", 0, 2, date(2026, 9, 23))),
        ("feb 2028", ("month", 2028, 2, date(2028, 2, 29))),
        ("in October", ("month", 0, 10, date(2026, 9, 23))),
        ("Spring", ("season", 0, 1, date(2026, 9, 23))),
        ("Fall 2026", ("season", 2026, 3, date(2026, 12, 31))),
        ("la primavera de 2027", ("season", 2027, 1, date(2027, 12, 31))),
        ("otoño 2026", ("season", 2026, 3, date(2026, 12, 31))),
        ("winter 2025", ("season", 2025, 4, date(2026, 3, 31))),
        ("2027", ("year", 2027, 0, date(2027, 12, 31))),
        ("February 2020", None),
        ("2099", None),
        ("February 14", None),
        ("14 Feb 2026", None),
        ("Wednesday", None),
        ("0000", None),
        ("", None),
    ],
)
def test_partial_date_keeps_what_is_known(typed: str, expected: tuple[str, int, int, date] | None) -> None:
    found = partial_dates.read(typed, date(2025, 9, 22))
    assert (found and (found.precision, found.year, found.part, found.until)) == expected


def test_seasons_overlap_and_cross_the_year(chat: Chat) -> None:
    id = create_meeting_community(chat)
    said = rule(chat, "first Monday of each month, May to November, 4pm")
    with Session(chat.engine) as session, session.begin():
        meetings.add_series(
            session, id, title="Next year’s", rule=said.to_json(), zone=ZONE, minutes=60, now=chat.clock.now()
        )
        timers.put(session, id, "meetings.plan", "", chat.clock.now())
    chat.deliver_all()
    months = {(at.year, at.month, at.day) for at in planned_meetings(chat, id)}
    assert {(2025, 10, 6), (2025, 10, 8), (2026, 1, 14), (2026, 5, 4), (2026, 5, 13), (2026, 7, 6)} <= months
    assert (2026, 7, 8) not in months
    assert (2026, 1, 5) not in months
