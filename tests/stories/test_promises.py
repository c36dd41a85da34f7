"""What posts promise, to the end of it and after: nothing is promised that is over, and no button is dead."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.ui import Message, Note, Text
from bot.ui.markup import moment
from tests.support.chat import START, Actor, Chat, Post
from tests.support.community import actors
from tests.support.meetings import create_meeting_community, join_members, local
from tests.support.promises import promises, refusals, stale
from tests.support.scenes import scene


def labels(post: Post) -> list[str]:
    return [action.label for action in post.message.actions]


@scene
def season(chat: Chat) -> list[Actor]:
    """Tell everything that is asked and promised around a meeting, up to its beginning."""
    id = create_meeting_community(chat)
    ben, mei, olu, ana = actors(chat, "Ben", "Mei", "Olu", "Ana")
    join_members(chat, id, "Lee", "Kim")
    for who in (mei, olu):
        who.types("rsvp yes")
    for words in ("Quiet arrivals", "Snacks", "Music"):
        mei.types(f"topic {words}")
    ben.types("agenda vote")
    ben.types("checkin open What did you try?")
    ben.types("meeting move 9 Oct 4pm")
    return [ben, mei, olu, ana]


def test_no_button_is_dead_and_no_promise_is_stale_in_a_whole_season(chat: Chat) -> None:
    """Every button on every post is pressed each half day, from the first call for topics until all is long over.

    The texts are checked by the chat itself, after each step.
    """
    people = season(chat)
    end = local(2026, 1, 20)
    while chat.clock.now() < end:
        # Notes may still be shared, so their button stays.
        assert [no for no in refusals(chat, *people) if not no.startswith("Notes on ")] == []
        early = chat.clock.now() < local(2025, 10, 25)
        chat.wait(hours=12 if early else 96)


def test_season_shows_what_is_to_be_checked(chat: Chat) -> None:
    """The check above is worth something only if these posts are among those it looks at."""
    ben, mei, _olu, _ana = season(chat)
    chat.until(local(2025, 10, 31, 12))
    seen = {action.action for post in chat.posts for action in post.message.actions if hasattr(action, "action")}
    titles = {post.message.title for post in chat.in_channel()}
    assert {"What we talk about", "After the meeting", "Check-in", "Summary"} <= titles
    assert {"rounds.answer", "meetings.there"} <= seen
    assert any("has moved from" in p.words or "started" in p.words for p in mei.direct())
    assert any("is published" in p.words for p in ben.direct())


@pytest.mark.parametrize(
    ("body", "is_promise"),
    [
        (f"Open until {moment(START + timedelta(days=1))}.", True),
        (f"It closes {moment(START + timedelta(days=1))}.", True),
        (f"Open until {moment(START)}.", False),
        (f"We meet {moment(START + timedelta(days=1))}.", False),
        ("I’ll remind you again before it.", True),
        ("Hello", False),
    ],
)
def test_promise_is_found(body: str, *, is_promise: bool) -> None:
    assert bool(promises(Message((Text("One"), Note(body))), START)) is is_promise


def test_stale_promise_is_found() -> None:
    until = Message((Note(f"Open until {moment(START)}."),))
    assert stale(until, START - timedelta(seconds=1)) == []
    assert stale(until, START) != []


# --- reminders


def test_changed_reminder_promises_another_only_if_there_will_be_one(chat: Chat) -> None:
    create_meeting_community(chat)
    ben, mei = actors(chat, "Ben", "Mei")
    mei.types("rsvp yes")
    chat.until(local(2025, 10, 7, 16, 1))
    [soon] = [p for p in chat.in_channel() if "Tomorrow" in p.words]
    [own] = [p for p in mei.direct() if "A reminder of the meeting" in p.words]
    ben.types("meeting move 15 Oct 4pm")
    for reminder in (soon, own):
        assert "it’s now on 2025-10-15 20:00 UTC. I’ll remind you again before it" in reminder.words
    chat.until(local(2025, 10, 15, 15, 1))
    # The last reminder has come.
    for reminder in (soon, own):
        assert "it’s now on 2025-10-15 20:00 UTC" in reminder.words
        assert "remind you again" not in reminder.words


@pytest.mark.parametrize("how", ["off", "pause", "own", "no", "skip"])
def test_promise_of_a_reminder_goes_when_it_will_not_come(chat: Chat, how: str) -> None:
    """And comes back with it."""
    create_meeting_community(chat)
    ben, mei, ada = *actors(chat, "Ben", "Mei"), chat.person("Ada", manages=True)
    mei.types("rsvp yes")
    chat.until(local(2025, 10, 7, 16, 1))
    [soon] = [p for p in chat.in_channel() if "Tomorrow" in p.words]
    [own] = [p for p in mei.direct() if "A reminder of the meeting" in p.words]
    ben.types("meeting move 10 Oct 4pm")
    promised = "I’ll remind you again before it"
    assert promised in soon.words
    assert promised in own.words
    match how:
        case "off":
            ben.types("meeting reminders off")
            mei.types("my reminders off")
        case "pause":
            ada.types("cadence pause", root="admin")
        case "own":
            mei.types("my reminders off")
        case "no":
            mei.types("rsvp no")
        case "skip":
            for title in ("Reminder, the working day before", "Reminder, an hour before"):
                ben.types("preview")
                menu = ben.shown.actions[1]
                [label] = [text for _value, text in menu.choices if title in text]  # type: ignore[union-attr]
                ben.chooses("Look at one", label)
                ben.presses("Skip this")
    chat.deliver_all()
    assert (promised in soon.words) is (how in ("own", "no"))
    assert promised not in own.words
    match how:
        case "off":
            ben.types("meeting reminders day, hour")
            mei.types("my reminders day, hour")
        case "pause":
            ada.types("cadence resume", root="admin")
        case "own":
            mei.types("my reminders day, hour")
        case "no":
            mei.types("rsvp yes")
        case "skip":
            return
    chat.deliver_all()
    assert promised in soon.words
    assert promised in own.words


def test_reply_promises_only_reminders_that_will_still_come(chat: Chat) -> None:
    create_meeting_community(chat)
    mei, olu = actors(chat, "Mei", "Olu")
    assert "I remind you privately: a day, an hour before" in mei.types("rsvp yes")
    chat.until(local(2025, 10, 8, 9))
    assert "I remind you privately: an hour before" in olu.types("rsvp yes")
    chat.until(local(2025, 10, 8, 15, 30))
    assert "I remind you" not in olu.types("rsvp yes")


def test_buttons_of_direct_reminders_go_when_the_meeting_begins(chat: Chat) -> None:
    create_meeting_community(chat, link="https://meet.example/x")
    [mei] = actors(chat, "Mei")
    mei.types("rsvp maybe")
    chat.until(local(2025, 10, 8, 15, 59))
    reminders = [p for p in mei.direct() if "A reminder of the meeting" in p.words]
    old = [replace(each) for each in reminders]
    assert all("Yes, I’ll come" in labels(p) for p in reminders)
    chat.until(local(2025, 10, 8, 16, 0))
    assert [labels(p) for p in reminders] == [["Join"], ["Join"]]
    assert "too late to answer" in mei.presses("Yes, I’ll come", on=old[0])


def test_scheduled_meeting_promises_a_card_only_if_one_comes(chat: Chat) -> None:
    create_meeting_community(chat)
    [ben] = actors(chat, "Ben")
    assert "Its card comes to the channel on 2025-10-13" in ben.types("meeting schedule 20 Oct 4pm")
    ben.types("meeting reminders 2 days")
    assert "Its card comes to the channel on 2025-10-22" in ben.types("meeting schedule 24 Oct 4pm")
    ben.types("meeting reminders off")
    assert "No card is posted by itself" in ben.types("meeting schedule 29 Oct 4pm")


# --- the vote and the agenda


@scene
def vote(chat: Chat) -> list[Actor]:
    create_meeting_community(chat)
    ben, mei = actors(chat, "Ben", "Mei")
    chat.until(local(2025, 9, 25, 9))
    for words in ("Quiet arrivals", "Snacks"):
        mei.types(f"topic {words}")
    ben.types("agenda vote")
    return [ben, mei]


def test_message_about_a_vote_follows_the_meeting(chat: Chat) -> None:
    ben, mei = vote(chat)
    [under] = [p for p in chat.in_channel() if "three dots each" in p.words]
    before = under.words
    ben.types("meeting move 22 Oct 4pm")
    assert "three dots each" in under.words
    assert under.words != before
    ben.types("meeting cancel")
    ben.fills()
    ben.presses("Cancel the meeting")
    assert "has ended, because the meeting won’t take place" in under.words
    assert labels(under) == []
    assert refusals(chat, mei) == []


def test_facilitators_are_shown_when_the_agenda_is_published(chat: Chat) -> None:
    ben, mei = vote(chat)
    mei.presses("Place my dots")
    mei.fills(dot1="1")
    chat.until(local(2025, 10, 2, 12))
    [tally] = [p for p in ben.direct() if "I publish it" in p.words]
    before = tally.words
    ben.types("meeting move 15 Oct 4pm")
    assert "I publish it" in tally.words
    assert tally.words != before
    ada = chat.person("Ada", manages=True)
    ada.types("cadence pause", root="admin")
    chat.deliver_all()
    assert "I don’t publish an agenda by myself" in tally.words
    ada.types("cadence resume", root="admin")
    chat.deliver_all()
    assert "I publish it" in tally.words
    ben.presses("Choose and publish", on=tally)
    ben.fills()
    assert "is published" in tally.words
    assert labels(tally) == []


def test_call_for_topics_ends_with_the_meeting(chat: Chat) -> None:
    create_meeting_community(chat)
    chat.until(local(2025, 10, 8, 15, 59))
    [call] = [p for p in chat.in_channel() if p.message.title == "What is on your mind?"]
    assert "any time before the meeting" in call.words
    chat.until(local(2025, 10, 8, 16))
    assert "has started. A topic is welcome anytime, and waits for the next one" in call.words
    assert labels(call) == ["Suggest a topic"]


# --- changes


def test_announced_change_says_what_holds_now_when_it_changes_again(chat: Chat) -> None:
    create_meeting_community(chat)
    ben, mei = actors(chat, "Ben", "Mei")
    mei.types("rsvp yes")
    ben.types("meeting move 15 Oct 4pm")
    chat.deliver_all()
    told, [first] = chat.last, mei.direct()
    ben.types("meeting move 22 Oct 4pm")
    for post in (told, first):
        assert "has changed again since. This holds now:\nWhen: 2025-10-22 20:00 UTC" in post.words
    chat.until(local(2025, 10, 22, 16))
    for post in (told, first, *mei.direct()):
        assert "Yes, I’ll come" not in labels(post)
    assert "The meeting Monthly circle started 2025-10-22 20:00 UTC" in told.words
