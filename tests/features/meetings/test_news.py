"""Who was told one thing about a meeting is told that it no longer holds; who was not told it is told nothing."""

import pytest
from sqlmodel import Session, select

from storage.messaging.told_facts import ToldFact
from tests.support.chat import Actor, Chat
from tests.support.community import actors
from tests.support.meetings import admin, create_meeting_community, local


def news(who: Actor) -> list[str]:
    """Return what a person was told of changes, in order. Earlier news is rewritten, so only that it came counts."""
    return [p.words for p in who.direct() if "meeting Monthly circle" in p.words and "reminder" not in p.words]


def change(ben: Actor, *steps: str) -> None:
    """Let a facilitator do one thing after the other: cancel, restore, place, put back, or move to a day of October."""
    for step in steps:
        match step:
            case "cancel":
                ben.types("meeting cancel")
                ben.fills()
                ben.presses("Cancel the meeting")
            case "restore":
                ben.types("meeting restore")
            case "put back":
                ben.types("meeting show")
                ben.presses("As the rule says")
            case "place" | "another place":
                ben.types("meeting show")
                ben.presses("Place, link, length")
                ben.fills(place="Town hall" if step == "place" else "Library")
            case _:
                ben.types(f"meeting move {step} Oct 4pm")


@pytest.mark.parametrize(
    ("steps", "last"),
    [
        (("cancel", "restore"), "takes place after all"),
        (("cancel", "restore", "cancel"), "is cancelled"),
        (("15", "8"), "has moved from 2025-10-15 20:00 UTC to 2025-10-08 20:00 UTC"),
        (("15", "22"), "has moved from 2025-10-15 20:00 UTC to 2025-10-22 20:00 UTC"),
        (("15", "put back"), "has moved from 2025-10-15 20:00 UTC to 2025-10-08 20:00 UTC"),
        (("place", "put back"), "Where: Room 4"),
        (("place", "another place"), "Where: Library"),
        (("15", "cancel"), "is cancelled"),
    ],
)
def test_whoever_was_told_one_thing_is_told_the_next(chat: Chat, steps: tuple[str, ...], last: str) -> None:
    create_meeting_community(chat)
    ben, mei, olu = actors(chat, "Ben", "Mei", "Olu")
    mei.types("rsvp yes")
    for count, step in enumerate(steps, 1):
        change(ben, step)
        assert len(news(mei)) == count
    assert last in news(mei)[-1]
    # Olu has not said that she comes.
    assert news(olu) == []


@pytest.mark.parametrize("then", ["no", "off"])
def test_who_no_longer_comes_or_wants_reminders_is_told_all_the_same(chat: Chat, then: str) -> None:
    create_meeting_community(chat)
    ben, mei = actors(chat, "Ben", "Mei")
    mei.types("rsvp yes")
    change(ben, "15")
    mei.types("rsvp no" if then == "no" else "my reminders off")
    change(ben, "cancel")
    assert "is cancelled" in news(mei)[-1]
    change(ben, "restore")
    assert "takes place after all" in news(mei)[-1]


def test_who_joins_in_between_is_told_only_what_is_new(chat: Chat) -> None:
    """She was not told that it moved, so she is not told that it is back; of the next move she is."""
    create_meeting_community(chat)
    ben, mei, olu = actors(chat, "Ben", "Mei", "Olu")
    mei.types("rsvp yes")
    change(ben, "cancel")
    olu.types("my reminders day")
    change(ben, "restore")
    olu.types("rsvp yes")
    assert (len(news(mei)), len(news(olu))) == (2, 0)
    change(ben, "15")
    assert (len(news(mei)), len(news(olu))) == (3, 1)


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        (("cancel", "restore"), []),
        (("15", "8"), []),
        (("place", "put back"), []),
        (("15", "22"), ["has moved from 2025-10-15 20:00 UTC to 2025-10-22 20:00 UTC"]),
        (("cancel", "restore", "15"), ["has moved from 2025-10-08 20:00 UTC to 2025-10-15 20:00 UTC"]),
        (("15", "cancel"), ["is cancelled"]),
    ],
)
def test_news_that_still_waits_is_taken_back(chat: Chat, steps: tuple[str, ...], expected: list[str]) -> None:
    """In quiet hours, changes that cancel each other out are never told."""
    create_meeting_community(chat)
    ben, mei = actors(chat, "Ben", "Mei")
    mei.types("rsvp yes")
    mei.types("quiet 9 18")
    change(ben, *steps)
    assert news(mei) == []
    chat.wait(hours=12)
    assert len(news(mei)) == len(expected)
    assert all(each in said for each, said in zip(expected, news(mei), strict=True))


def test_of_two_people_only_the_one_who_was_told_is_told_again(chat: Chat) -> None:
    create_meeting_community(chat)
    ben, mei, olu = actors(chat, "Ben", "Mei", "Olu")
    for who in (mei, olu):
        who.types("rsvp yes")
    mei.types("quiet 9 18")
    change(ben, "cancel")
    change(ben, "restore")
    chat.wait(hours=12)
    assert news(mei) == []
    assert "takes place after all" in news(olu)[-1]


def test_channel_is_not_told_what_cancelled_itself_out(chat: Chat) -> None:
    """While the platform was down, nobody read that it was cancelled."""
    create_meeting_community(chat)
    [ben] = actors(chat, "Ben")
    chat.unreachable["general"] = "no permission"
    change(ben, "cancel", "restore")
    chat.unreachable.clear()
    change(ben, "15")
    told = [p.words for p in chat.in_channel() if "The meeting Monthly circle" in p.words]
    assert len(told) == 1
    assert "has moved from 2025-10-08 20:00 UTC to 2025-10-15 20:00 UTC" in told[0]


def test_who_was_only_reminded_is_told_of_a_change(chat: Chat) -> None:
    """Olu hasn't said whether she comes, and wants to be reminded all the same."""
    create_meeting_community(chat)
    ben, mei, olu = actors(chat, "Ben", "Mei", "Olu")
    olu.types("my reminders")
    olu.fills(ticks="remind_open")
    chat.until(local(2025, 10, 7, 16, 1))
    assert any("A reminder of the meeting" in p.words for p in olu.direct())
    change(ben, "cancel")
    assert "is cancelled" in news(olu)[-1]
    assert news(mei) == []


def test_rule_that_drops_a_meeting_is_told_to_those_who_were_told_otherwise(chat: Chat) -> None:
    """The channel is told of the new rule as a whole; those who said yes to many meetings get no message for each."""
    create_meeting_community(chat)
    ben, mei, olu = actors(chat, "Ben", "Mei", "Olu")
    ada = admin(chat)
    mei.types("rsvp yes")
    change(ben, "place")
    olu.types("rsvp yes to all")
    ada.types("cadence set third Wednesday of each month, October to June, 4pm", root="admin")
    ada.presses("Save")
    assert "planned for 2025-10-08 20:00 UTC, does not take place" in news(mei)[-1]
    assert news(olu) == []
    ada.types("cadence set second Wednesday of each month, October to June, 4pm", root="admin")
    ada.presses("Save")
    assert "takes place after all" in news(mei)[-1]
    assert news(olu) == []


def test_what_was_told_is_forgotten_when_the_meeting_is_over(chat: Chat) -> None:
    create_meeting_community(chat)
    ben, mei = actors(chat, "Ben", "Mei")
    mei.types("rsvp yes")
    change(ben, "place")
    chat.until(local(2025, 10, 8, 17, 31))
    with Session(chat.engine) as session:
        assert session.exec(select(ToldFact).where(ToldFact.subject == "meeting.1")).all() == []
