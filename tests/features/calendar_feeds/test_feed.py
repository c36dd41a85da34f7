"""A private calendar link, from the command, through what a calendar application gets, to its end."""

import asyncio
import re
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from icalendar import Calendar
from sqlmodel import Session, select

from bot.features.calendar_feeds.http import answer_calendars
from bot.ui import Message, Quote
from storage.communities.communities import Community
from storage.meetings.calendar_feeds import Feed
from tests.support.chat import Actor, Chat
from tests.support.community import actors, create_community

ADDRESS = "https://bot.example.org"


@pytest.fixture
def community(chat: Chat) -> Chat:
    """Youth workers who meet on second Wednesdays. Ada administers, Ben facilitates, and Mei is a member."""
    create_community(chat, ["Mei", "Olu"])
    chat.app.address = ADDRESS
    ada = chat.person("Ada", manages=True)
    ada.types("cadence set second Wednesday, October to June, 4pm to 5:30pm")
    ada.presses("Save")
    return chat


def link_on(actor: Actor) -> str:
    assert isinstance(actor.sees, Message)
    [quoted] = [part.body for part in actor.sees.parts if isinstance(part, Quote)]
    return quoted


def asked(chat: Chat, link: str, **known: str) -> tuple[int, str, Any]:
    """Return what a calendar application gets at `link`. `known` are headers that say what it has."""

    async def request() -> tuple[int, str, Any]:
        site = web.Application()
        answer_calendars(site, chat.app)
        async with TestClient(TestServer(site)) as program:
            answer = await program.get(link.removeprefix(ADDRESS), headers=known)
            return answer.status, await answer.text(), answer.headers

    return asyncio.run(request())


def parsed(file: str) -> Any:
    return Calendar.from_ical(file)


def titles(file: str) -> list[str]:
    return sorted({str(event["SUMMARY"]) for event in parsed(file).events})


def test_calendar_link_follows_every_change(community: Chat) -> None:
    mei, ben = actors(community, "Mei", "Ben")
    mei.types("my calendar")
    assert "Only you see this" in mei.presses("Make my link")
    link = link_on(mei)
    status, file, headers = asked(community, link)
    assert status == 200
    assert headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert "RRULE:FREQ=MONTHLY" in file.replace("\r\n ", "")
    ben.types("meeting move 15 October 5pm")
    _status, file, _headers = asked(community, link)
    assert "RECURRENCE-ID;TZID=America/New_York:20251008T160000" in file
    assert "DTSTART;TZID=America/New_York:20251015T170000" in file


@pytest.fixture
def link(community: Chat) -> str:
    [mei] = actors(community, "Mei")
    mei.types("my calendar")
    mei.presses("Make my link")
    return link_on(mei)


def test_calendar_stays_the_same_to_the_byte_until_something_changes(community: Chat, link: str) -> None:
    status, file, headers = asked(community, link)
    assert status == 200
    for _day in range(3):
        community.clock.move(community.now + timedelta(days=1))
        again, same, unchanged = asked(community, link)
        assert (again, same) == (200, file)
        assert [unchanged[name] for name in ("ETag", "Last-Modified")] == [headers["ETag"], headers["Last-Modified"]]


CHANGES = {
    "moved": ("Ben", ["meeting move 15 October 5pm"]),
    "cancelled": ("Ben", ["meeting cancel", {"note": "Snow"}, "Cancel the meeting"]),
    "added": ("Ben", ["meeting schedule 20 October 4pm"]),
    "another rule": ("Ada", ["cadence set second Wednesday, October to June, 5pm to 6pm", "Save"]),
    "left": ("Mei", ["leave", "Leave"]),
}


@pytest.mark.parametrize(("name", "steps"), CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("by", ["If-None-Match", "If-Modified-Since", "both"])
def test_calendar_is_sent_again_only_after_a_change(
    community: Chat, link: str, name: str, steps: list[str | dict[str, str]], by: str
) -> None:
    [actor] = [community.person("Ada", manages=True)] if name == "Ada" else actors(community, name)
    _status, file, headers = asked(community, link)
    tags = {"If-None-Match": headers["ETag"], "If-Modified-Since": headers["Last-Modified"]}
    known = tags if by == "both" else {by: tags[by]}
    # Within the same second, in which a date can't tell before from after.
    assert asked(community, link, **known)[:2] == (304, "")
    for step in steps:
        if isinstance(step, dict):
            actor.fills(**step)
        elif step[0].isupper():
            actor.presses(step)
        else:
            actor.types(step)
    status, changed, after = asked(community, link, **known)
    assert status == 200
    assert changed != file
    assert after["ETag"] != headers["ETag"]
    assert parsedate_to_datetime(after["Last-Modified"]) > parsedate_to_datetime(headers["Last-Modified"])
    community.clock.move(community.now + timedelta(hours=1))
    assert asked(community, link, **{"If-Modified-Since": after["Last-Modified"]})[0] == 304


def test_calendar_without_a_change_is_recognized_whatever_was_sent(community: Chat, link: str) -> None:
    _status, file, headers = asked(community, link)
    tag, at = headers["ETag"], headers["Last-Modified"]
    for known, status in (
        ({"If-None-Match": f'"other", W/{tag}'}, 304),
        ({"If-None-Match": "*"}, 304),
        ({"If-None-Match": '"other"'}, 200),
        ({"If-None-Match": '"other"', "If-Modified-Since": at}, 200),
        ({"If-None-Match": tag, "If-Modified-Since": "Thu, 01 Jan 1970 00:00:00 GMT"}, 304),
        ({"If-Modified-Since": "Thu, 01 Jan 1970 00:00:00 GMT"}, 200),
        ({"If-Modified-Since": "whenever"}, 200),
        ({}, 200),
    ):
        answered, text, seen = asked(community, link, **known)
        assert (answered, text) == (status, "" if status == 304 else file), known
        assert (seen["ETag"], seen["Last-Modified"], seen["Cache-Control"]) == (tag, at, "private, max-age=300")


def test_events_are_stamped_with_their_last_change(community: Chat, link: str) -> None:
    made = community.now
    [ben] = actors(community, "Ben")
    community.clock.move(made + timedelta(days=2))
    ben.types("meeting move 15 October 5pm")
    community.clock.move(made + timedelta(days=3))
    master, moved = parsed(asked(community, link)[1]).events
    assert moved["DTSTAMP"].dt == master["DTSTAMP"].dt == made + timedelta(days=2)
    ben.types("meeting schedule 20 October 4pm")
    [single] = [event for event in parsed(asked(community, link)[1]).events if "m" in str(event["UID"])[0]]
    assert single["DTSTAMP"].dt == made + timedelta(days=3)


def test_meetings_of_a_rule_are_in_the_zone_of_the_rule(community: Chat, link: str) -> None:
    """The community may be in another zone since; a meeting begins and ends in one."""
    with Session(community.engine) as session, session.begin():
        for row in session.exec(select(Community)):
            row.zone = "America/Los_Angeles"
    [ben] = actors(community, "Ben")
    ben.types("meeting move 15 October 5pm")
    file = asked(community, link)[1].replace("\r\n ", "")
    zones = re.findall(r"(DTSTART|DTEND|RECURRENCE-ID);TZID=([^:]*)", file)
    assert {zone for _name, zone in zones} == {"America/New_York"}
    ben.types("rsvp yes")
    ben.presses("Add to my calendar")
    assert ben.shown.attachment
    assert "DTEND;TZID=America/New_York:20251015T" in ben.shown.attachment.body


def test_new_link_ends_the_old_one_and_switching_off_ends_both(community: Chat) -> None:
    [mei] = actors(community, "Mei")
    mei.types("my calendar")
    mei.presses("Make my link")
    first = link_on(mei)
    assert "cannot show it again" in mei.types("my calendar")
    mei.presses("Make a new one; the old one stops")
    second = link_on(mei)
    assert first != second
    assert [asked(community, link)[0] for link in (first, second)] == [404, 200]
    mei.types("my calendar")
    mei.presses("Switch it off")
    assert asked(community, second)[0] == 404


def test_link_is_not_stored(community: Chat) -> None:
    [mei] = actors(community, "Mei")
    mei.types("my calendar")
    mei.presses("Make my link")
    token = link_on(mei).rpartition("/")[2].removesuffix(".ics")
    with Session(community.engine) as session:
        [feed] = session.exec(select(Feed)).all()
        assert token not in repr(feed)
    assert (asked(community, f"{ADDRESS}/calendar/{feed.hashed}.ics"))[0] == 404


def test_calendar_of_a_member_who_left_is_empty(community: Chat) -> None:
    [mei] = actors(community, "Mei")
    mei.types("my calendar")
    mei.presses("Make my link")
    link = link_on(mei)
    mei.types("leave")
    mei.presses("Leave")
    status, file, _headers = asked(community, link)
    assert (status, titles(file)) == (200, [])


def test_calendar_link_ends_with_the_members_data(community: Chat) -> None:
    [mei] = actors(community, "Mei")
    mei.types("my calendar")
    mei.presses("Make my link")
    link = link_on(mei)
    mei.types("data delete")
    mei.presses("Delete my data")
    assert asked(community, link)[0] == 404


def test_community_link_says_nothing_about_members(community: Chat) -> None:
    ben, mei = actors(community, "Ben", "Mei")
    mei.types("rsvp yes")
    ben.types("calendar link")
    ben.presses("Make the link")
    link_on_hand = link_on(ben)
    status, file, _headers = asked(community, link_on_hand)
    assert status == 200
    assert titles(file) == ["Youth workers"]
    assert "Mei" not in file
    ben.types("meeting cancel")
    ben.fills(note="Olu is in hospital")
    ben.presses("Cancel the meeting")
    _status, file, _headers = asked(community, link_on_hand)
    assert "STATUS:CANCELLED" in file
    assert "hospital" not in file
    assert "for facilitators" in mei.types("calendar link")


def test_calendar_is_sent_as_a_file_without_a_public_address(community: Chat) -> None:
    community.app.address = ""
    mei, ben = actors(community, "Mei", "Ben")
    assert "PUBLIC_ADDRESS" in mei.types("my calendar")
    assert mei.shown.attachment
    assert titles(mei.shown.attachment.body) == ["Youth workers"]
    assert "no address on the web" in ben.types("calendar link")


def test_single_meeting_comes_as_a_file_after_a_yes(community: Chat) -> None:
    [mei] = actors(community, "Mei")
    mei.types("rsvp yes")
    mei.presses("Add to my calendar")
    file = mei.shown.attachment
    assert file
    [event] = parsed(file.body).events
    assert event["DTSTART"].dt.isoformat() == "2025-10-08T16:00:00-04:00"
    assert event["DTEND"].dt.isoformat() == "2025-10-08T17:30:00-04:00"


def test_local_link_says_how_far_it_reaches(community: Chat) -> None:
    """A person who only tries the bot out is told that the link works on this machine only."""
    community.app.address = "http://127.0.0.1:8765"
    [mei] = actors(community, "Mei")
    mei.types("my calendar")
    assert "only a calendar on this computer" in mei.presses("Make my link")


def test_made_up_link_finds_nothing(community: Chat) -> None:
    for token in ("", "x", "..%2f..%2fetc", "a" * 5_000, "%00"):
        status, text, _headers = asked(community, f"{ADDRESS}/calendar/{token}.ics")
        assert status in (400, 404)
        assert "BEGIN" not in text
