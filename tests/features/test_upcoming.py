"""Facilitators see every upcoming card before anyone else, and can skip it."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session, select

from bot.core.events import Click
from bot.features.upcoming.rules import NO_ROOM, POSTED, with_room
from bot.ui import Message
from storage.messaging import skipped_posts, timers
from storage.operations import audit_log
from tests.support.chat import Chat, words
from tests.support.community import actors, create_community
from tests.support.meetings import create_meeting_community, join_members, local


def test_coming_week_is_shown_skipped_and_restored_card_by_card(chat: Chat) -> None:
    id = create_meeting_community(chat)
    [ben] = actors(chat, "Ben")
    said = ben.types("preview", root="facilitator")
    assert "Wed, Sep 24, 2025, 9:00 AM: Agenda call" in said
    said = ben.presses("Look at the first")
    assert "What is on your mind?" in said
    assert "Buttons: [Suggest a topic], [Share a win], [Name a challenge]" in said
    assert "Left out: Agenda call" in ben.presses("Skip this")
    assert "Agenda call (left out)" in ben.presses("All seven days")
    chat.until(local(2025, 9, 24, 8))
    assert "Agenda call (left out)" in ben.types("preview", root="facilitator")
    ben.presses("Look at the first")
    assert "Restored: Agenda call" in ben.presses("Restore")
    chat.until(local(2025, 9, 24, 9, 1))
    assert chat.last.message.title == "What is on your mind?"
    with Session(chat.engine) as session:
        assert [a.action for a in audit_log.notes(session, id, 2)] == ["upcoming.restore", "upcoming.skip"]


def test_skipped_request_stays_out_after_planning_again(chat: Chat) -> None:
    create_meeting_community(chat)
    [ben] = actors(chat, "Ben")
    ben.types("preview", root="facilitator")
    ben.presses("Look at the first")
    ben.presses("Skip this")
    ben.types("meeting schedule 30 Oct 4pm", root="facilitator")
    chat.until(local(2025, 9, 26, 9))
    assert chat.in_channel() == []


def test_preview_equals_what_is_posted(chat: Chat) -> None:
    create_meeting_community(chat)
    [ben] = actors(chat, "Ben")
    chat.until(local(2025, 9, 30, 12))
    ben.types("preview", root="facilitator")
    assert isinstance(ben.sees, Message)
    shown = ben.chooses("Look at one", "Wed, Oct 1, 2025, 4:00 PM: Meeting card")
    assert "Coming: 0 yes, 0 maybe, 0 no" in shown
    assert "Buttons: [Yes, I’ll come], [Maybe], [No], [Suggest a topic]" in shown
    chat.until(local(2025, 10, 1, 16, 1))
    card = next(p for p in chat.in_channel() if p.message.title == "Meeting: Monthly circle")
    assert card.words.partition("\n")[2] in shown


def test_taken_week_says_so(chat: Chat) -> None:
    create_meeting_community(chat)
    [ben] = actors(chat, "Ben")
    ben.types("checkin open How is the week?", root="facilitator")
    said = ben.types("preview", root="facilitator")
    assert "Agenda call (not posted: this week already has its one question)" in said


def test_open_question_always_closes(chat: Chat) -> None:
    create_meeting_community(chat)
    [ben] = actors(chat, "Ben")
    ben.types("checkin open How is the week?", root="facilitator")
    assert "no longer planned" in words(chat.app.handle(Click(ben.place(), ben.who, "upcoming.skip", "1:t999")))
    with Session(chat.engine) as session:
        [(id, at)] = session.exec(select(timers.Timer.id, timers.Timer.at).where(timers.Timer.kind == "rounds.close"))
    forged = Click(ben.place(), ben.who, "upcoming.skip", f"1:t{id}")
    assert "A question that is open also closes" in words(chat.app.handle(forged))
    chat.until(at)
    with Session(chat.engine) as session:
        assert session.exec(select(timers.Timer).where(timers.Timer.kind == "rounds.close")).all() == []


def test_preview_is_for_facilitators_of_the_community(chat: Chat) -> None:
    """Only facilitators look ahead, and only in their own community."""
    create_meeting_community(chat)
    create_community(chat, ["Zoe"], name="Stewards", channel="stewards", facilitator="Sam")
    [mei] = actors(chat, "Mei")
    assert "is for facilitators" in mei.types("preview", root="facilitator")
    sam = chat.person("Sam")
    sam.channel = "stewards"
    assert "Nothing is planned" in sam.types("preview", root="facilitator")
    for ref in ("t1", "t2", "t3"):
        assert "no longer planned" in words(chat.app.handle(Click(sam.place(), sam.who, "upcoming.skip", f"2:{ref}")))


NOON = datetime(2025, 10, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kinds", "weeks", "made", "states"),
    [
        (["agenda.call 1"], ["W40"], {}, [POSTED]),
        (["agenda.call 1"], ["W40"], {"W40": ["rounds 5"]}, [NO_ROOM]),
        (["agenda.call 1"], ["W40"], {"W40": ["agenda.call 1"]}, [POSTED]),
        (["agenda.call 1", "checkins.due 2"], ["W40", "W40"], {}, [POSTED, NO_ROOM]),
        (["agenda.call 1", "checkins.due 2"], ["W40", "W41"], {}, [POSTED, POSTED]),
        (["meetings.remind 1.w", "checkins.due 1"], ["W40", "W40"], {}, [POSTED, POSTED]),  # no question
        (["meetings.remind 1.w"], ["W40"], {"W40": ["rounds 5"]}, [POSTED]),
    ],
)
def test_week_has_room_for_one_question_and_any_reminder(
    kinds: list[str], weeks: list[str], made: dict[str, list[str]], states: list[str]
) -> None:
    timers = [(n, *each.split(), NOON + timedelta(hours=n)) for n, each in enumerate(kinds)]
    assert [item.state for item in with_room(timers, made, weeks)] == states  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "value", "days", "expected"),
    [
        ("prompts.due", "1", 0, True),
        ("prompts.due", "1", 7, True),  # its meeting moved by a week
        ("prompts.due", "1", 21, False),  # the next of a long gap
        ("prompts.due", "2", 0, False),
        ("agenda.call", "1", 0, False),
    ],
)
def test_skip_holds_for_one_request_and_follows_it(kind: str, value: str, days: int, expected: bool) -> None:
    chosen = [skipped_posts.Skip(community_id=1, kind="prompts.due", value="1", at=NOON)]
    assert skipped_posts.covers(chosen, kind, value, NOON + timedelta(days=days)) is expected


def test_skipping_one_reflection_leaves_the_others(chat: Chat) -> None:
    create_meeting_community(chat, "quarterly, first Wednesday of January, April, July and October, 4pm")
    [ben] = actors(chat, "Ben")
    chat.until(local(2025, 10, 6, 9))
    ben.types("preview", root="facilitator")
    ben.chooses("Look at one", "Wed, Oct 8, 2025, 9:00 AM: Reflection prompt")
    ben.presses("Skip this")
    chat.until(local(2025, 10, 27, 9))
    assert "Wed, Oct 29, 2025, 9:00 AM: Reflection prompt" in ben.types("preview", root="facilitator")
    assert "Reflection prompt" not in [p.message.title for p in chat.in_channel()]
    chat.until(local(2025, 10, 29, 9, 1))
    assert "Reflection prompt" in [p.message.title for p in chat.in_channel()]


# --- what is left out is said where it was announced


def after_cards(chat: Chat) -> list[str]:
    return [p.words for p in chat.in_channel() if p.message.title == "After the meeting"]


@pytest.mark.parametrize("ask", ["checkin open How is the week?", "prompt now How is the week?", "agenda vote"])
def test_feedback_on_a_meeting_is_not_traded_for_a_question(chat: Chat, ask: str) -> None:
    """An hour before the meeting, a facilitator asks something."""
    create_meeting_community(chat)
    ben, mei = actors(chat, "Ben", "Mei")
    chat.until(local(2025, 10, 8, 15))
    for title in ("Quiet arrivals", "Snacks"):
        mei.types(f"topic {title}")
    assert "on its way to the channel" in ben.types(ask)
    assert "After-meeting card (not posted" not in ben.types("preview")
    chat.until(local(2025, 10, 8, 17, 31))
    assert len(after_cards(chat)) == 1


def test_preview_and_channel_agree_on_the_second_meeting_of_a_week(chat: Chat) -> None:
    """One after-meeting card a week. The second meeting's own card asks too, and facilitators hear of the answers."""
    id = create_meeting_community(chat)
    ben, mei, olu, ana = actors(chat, "Ben", "Mei", "Olu", "Ana")
    ben.types("meeting schedule 10 Oct 4pm")
    chat.until(local(2025, 10, 10, 18))
    assert len(after_cards(chat)) == 1
    second = [p for p in chat.in_channel() if p.message.title.startswith("Meeting: ")][-1]
    assert "Say how it was until" in second.words
    before = len(ben.direct())
    for who in (mei, olu, ana, *join_members(chat, id, "Lee", "Kim")):
        who.presses("Say how it was", on=second)
        who.fills(worked="Small groups")
    assert len(after_cards(chat)) == 1
    chat.wait(days=8)
    assert any("5 people have said how" in p.words for p in ben.direct()[before:])


@pytest.mark.parametrize("ask", ["checkin open How is the week?", "prompt now How is the week?"])
def test_facilitator_who_asks_is_told_what_is_left_out(chat: Chat, ask: str) -> None:
    create_meeting_community(chat)
    [ben] = actors(chat, "Ben")
    said = ben.types(ask)
    assert "Because you ask this week, I won’t post: Agenda call (2025-09-24 13:00 UTC)" in said
    assert "Agenda call (not posted: this week already has its one question)" in ben.types("preview")
    chat.wait(days=4)
    assert not any(p.message.title == "What is on your mind?" for p in chat.in_channel())


def test_facilitator_who_asks_in_a_free_week_is_told_nothing(chat: Chat) -> None:
    create_meeting_community(chat)
    [ben] = actors(chat, "Ben")
    chat.until(local(2025, 9, 25, 9))
    assert "I won’t post" not in ben.types("checkin open How is the week?")


def test_check_in_that_is_still_open_keeps_the_next_one_out(chat: Chat) -> None:
    """It is said when it is opened, and in the week ahead."""
    create_meeting_community(chat)
    [ben] = actors(chat, "Ben")
    chat.until(local(2025, 9, 26, 9))
    ben.types("checkin open")
    said = ben.fills(question="How is the week?", days="5")
    assert "I won’t post: Check-in (2025-10-01 13:00 UTC)" in said
    assert "Check-in (not posted: an earlier question is still open then)" in ben.types("preview")
    chat.until(local(2025, 10, 1, 9, 1))
    assert sum(p.message.title == "Check-in" for p in chat.in_channel()) == 1


def test_move_into_a_taken_week_says_what_is_not_posted(chat: Chat) -> None:
    create_meeting_community(chat)
    [ben] = actors(chat, "Ben")
    ben.types("checkin open How is the week?")
    said = ben.types("meeting move 9 Oct 4pm")
    assert "after-meeting card: Thu, Oct 9, 2025, 5:30 PM" in said
    assert "after-meeting card: Thu, Oct 9, 2025, 5:30 PM, not Wed, Oct 8, 2025, 5:30 PM (not posted" not in said
    said = ben.types("meeting move 3 Oct 4pm")
    assert "(not posted: that week already has its one question)" in said


def test_prompt_list_says_when_the_next_prompt_is_left_out(chat: Chat) -> None:
    create_meeting_community(chat)
    [ben] = actors(chat, "Ben")
    chat.until(local(2025, 10, 13, 9))
    assert "The next one goes out 2025-10-15" in ben.types("prompt list")
    ben.types("checkin open How is the week?")
    assert "None goes out 2025-10-15" in ben.types("prompt list")


def test_vote_without_a_call_needs_a_week_of_its_own() -> None:
    call, vote = (1, "agenda.call", "7", NOON), (2, "agenda.vote", "7", NOON + timedelta(days=5))
    made = {"W2": ["rounds 4"]}
    assert [item.state for item in with_room([vote], made, ["W2"])] == [NO_ROOM]
    assert [item.state for item in with_room([vote], made, ["W2"], called=["7"])] == [POSTED]
    assert [item.state for item in with_room([call, vote], made, ["W1", "W2"])] == [POSTED, POSTED]
    assert [item.state for item in with_room([call, vote], {"W1": ["x"], **made}, ["W1", "W2"])] == [NO_ROOM, NO_ROOM]
