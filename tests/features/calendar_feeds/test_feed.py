"""A private calendar link, from the command, through what a calendar application gets, to its end."""

import asyncio
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from icalendar import Calendar
from sqlmodel import Session, select

from bot.features.calendar_feeds.http import answer_calendars
from bot.ui import Message, Quote
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


def asked(chat: Chat, link: str) -> tuple[int, str, Any]:
    """Return what a calendar application gets at `link`."""

    async def request() -> tuple[int, str, Any]:
        site = web.Application()
        answer_calendars(site, chat.app)
        async with TestClient(TestServer(site)) as program:
            answer = await program.get(link.removeprefix(ADDRESS))
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
