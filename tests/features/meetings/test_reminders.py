"""Personal reminders: at times of one's own, once if several fall together, never of what no longer holds."""

from datetime import UTC, datetime, timedelta

from sqlmodel import Session

from storage.meetings import meetings
from storage.messaging import outbox, timers
from tests.support.chat import Chat, Post
from tests.support.community import actors, create_community
from tests.support.meetings import create_meeting_community, local, meeting_messages, posts_under_cards, waiting_timers


def first_lines(posts: list[Post]) -> list[str]:
    return [p.words.strip().splitlines()[0] for p in posts]


def sooner(chat: Chat, community: int, title: str, at: datetime) -> None:
    """Add another meeting, without posting anything in the channel."""
    with Session(chat.engine) as session, session.begin():
        meetings.add(session, community, title=title, starts_at=at, minutes=30)
        timers.put(session, community, "meetings.plan", "", chat.clock.now())
    chat.deliver_all()


def test_facilitator_changes_when_the_channel_is_reminded(chat: Chat) -> None:
    create_meeting_community(chat)
    ben, mei = actors(chat, "Ben", "Mei")
    assert "a week, a day, an hour" in ben.types("meeting reminders", root="facilitator")
    assert "cannot read “sometimes”" in ben.types("meeting reminders sometimes", root="facilitator")
    assert "at most five times" in ben.types("meeting reminders 40 days", root="facilitator")
    assert "2 days, an hour" in ben.types("meeting reminders 1 hour, 2 days", root="facilitator")
    assert [at for value, at in waiting_timers(chat, "meetings.remind") if value.startswith("1.")] == [
        "Mon 06 Oct 16:00",
        "Wed 08 Oct 15:00",
    ]
    chat.until(local(2025, 10, 6, 15, 59))
    assert [p for p in chat.in_channel() if p.message.title.startswith("Meeting")] == []
    chat.until(local(2025, 10, 6, 16, 1))
    assert chat.last.message.title == "Meeting: Monthly circle"
    mei.presses("Yes, I’ll come", on=chat.last)
    chat.until(local(2025, 10, 8, 15, 1))
    assert first_lines(posts_under_cards(chat)) == ["In one hour: the meeting Monthly circle, 2025-10-08 20:00 UTC."]
    ben.types("meeting reminders", root="facilitator")
    ben.presses("Change")
    assert "cannot read" in ben.fills(steps="whenever")
    assert "not reminded of meetings any more" in ben.fills(steps="off")
    assert waiting_timers(chat, "meetings.remind") == []
    assert "is for facilitators" in mei.types("meeting reminders off", root="facilitator")


def test_reminder_carries_agenda_link_counts_and_buttons(chat: Chat) -> None:
    create_meeting_community(chat, link="https://meet.example/circle")
    mei, olu = actors(chat, "Mei", "Olu")
    mei.types("rsvp yes")
    olu.types("topic Quiet arrivals")
    chat.until(local(2025, 10, 7, 16, 1))
    [soon] = posts_under_cards(chat)
    assert "Where: Room 4" in soon.words
    assert "- Quiet arrivals" in soon.words
    assert "So far: 1 yes, 0 maybe, 0 no" in soon.words
    assert [a.label for a in soon.message.actions] == ["Join", "Yes, I’ll come", "Maybe", "No"]
    assert "You said maybe" in olu.presses("Maybe", on=soon)
    [own] = meeting_messages(mei)
    assert "- Quiet arrivals" in own.words
    assert "Coming: 1 yes, 0 maybe, 0 no" in own.words
    assert [a.label for a in own.message.actions] == ["Join", "Maybe", "No"]

    chat.until(local(2025, 10, 8, 16, 1))
    assert [line.partition(":")[0] for line in first_lines(posts_under_cards(chat))] == ["Tomorrow", "In one hour"]
    for begun in posts_under_cards(chat):
        assert "Say whether you come" not in begun.words
        assert [a.label for a in begun.message.actions] == ["Join"], "who is late still finds the way"


def test_each_member_chooses_their_own_direct_reminders(chat: Chat) -> None:
    create_meeting_community(chat, "second Wednesday of each month, 7am")
    mei, olu, ana = actors(chat, "Mei", "Olu", "Ana")
    for who in (mei, olu, ana):
        who.types("rsvp yes")
    assert "As usual here: a day, an hour" in mei.types("my reminders")
    assert "cannot read" in mei.fills(steps="at dawn")
    assert "3 hours, an hour" in mei.fills(steps="3 hours, 1 hour", ticks="remind_last")
    assert "no private reminders" in olu.types("my reminders off")
    chat.until(local(2025, 10, 8, 6, 59))
    assert meeting_messages(olu) == []
    # Mei has quiet hours from eight to eight, except for the last hour, which she allowed. Ana is told the day before.
    assert len(meeting_messages(mei)) == 1
    assert len(meeting_messages(ana)) == 1
    assert "2025-10-08" in meeting_messages(mei)[0].words


def test_member_without_a_reply_is_reminded_only_on_request(chat: Chat) -> None:
    create_meeting_community(chat)
    mei, olu = actors(chat, "Mei", "Olu")
    mei.types("my reminders")
    mei.fills(ticks="remind_open")
    chat.until(local(2025, 10, 7, 16, 1))
    assert "You have not said yet whether you come" in meeting_messages(mei)[0].words
    assert meeting_messages(olu) == []
    assert "You said no" in mei.presses("No", on=meeting_messages(mei)[0])
    chat.until(local(2025, 10, 8, 15, 30))
    assert len(meeting_messages(mei)) == 1


def test_meetings_of_one_hour_share_a_direct_reminder(chat: Chat) -> None:
    here = create_meeting_community(chat)
    there = create_community(chat, ("Mei",), name="Site leaders", channel="leaders", facilitator="Cam")
    sooner(chat, there, "Leaders’ call", local(2025, 10, 8, 16, 30))
    mei, cam = actors(chat, "Mei", "Cam")
    with Session(chat.engine) as session:
        [other] = meetings.between(session, there, chat.clock.now(), local(2025, 12, 1))
    mei.types("rsvp yes")
    mei.channel = "leaders"
    mei.types("rsvp maybe")
    chat.until(local(2025, 10, 7, 17, 0))
    [own] = [p for p in mei.direct() if "A reminder of" in p.words]
    assert "A reminder of meetings that fall together" in own.words
    assert "Monthly circle of Youth workers. You said yes." in own.words
    assert "Leaders’ call of Site leaders. You said maybe." in own.words
    assert "Leaders’ call" in mei.presses("Will I come? Leaders’ call", on=own)
    assert "You said yes to Leaders’ call" in mei.presses("Yes, I’ll come")
    # One of the two meetings moves. The message is rewritten to say so, and what it says about the other still holds.
    cam.channel = "leaders"
    cam.types("meeting move 9 Oct 4:30pm", root="facilitator")
    assert "Leaders’ call has changed since: it’s now on 2025-10-09 20:30 UTC" in own.words
    assert "Monthly circle of Youth workers. You said yes." in own.words
    assert other.id is not None
    assert here != there


def test_meetings_of_one_hour_in_one_channel_share_a_post(chat: Chat) -> None:
    id = create_meeting_community(chat)
    # Each card is posted a week before its meeting.
    chat.until(local(2025, 9, 30, 17))
    sooner(chat, id, "Buddy round", local(2025, 10, 8, 15, 15))
    chat.until(local(2025, 10, 7, 17))
    [soon] = posts_under_cards(chat)
    both = [
        "Tomorrow: the meeting Buddy round, 2025-10-08 19:15 UTC.",
        "Tomorrow: the meeting Monthly circle, 2025-10-08",
    ]
    assert all(line in soon.words for line in both)
    assert len(soon.message.actions) == 2

    # One meeting has started, the other has not.
    chat.until(local(2025, 10, 8, 15, 16))
    assert all(line in soon.words for line in both)
    chat.until(local(2025, 10, 8, 16, 1))
    assert all(line in soon.words for line in both)
    assert not soon.message.actions, "nobody is asked any more"


def test_posted_reminder_changes_with_its_meeting(chat: Chat) -> None:
    create_meeting_community(chat)
    ben, mei = actors(chat, "Ben", "Mei")
    mei.types("rsvp yes")
    chat.until(local(2025, 10, 7, 16, 1))
    [soon], [own] = posts_under_cards(chat), meeting_messages(mei)
    ben.types("meeting move 15 Oct 4pm", root="facilitator")
    for post in (soon, own):
        assert "has changed since: it’s now on 2025-10-15 20:00 UTC" in post.words
        assert post.edits == 1
    chat.until(local(2025, 10, 14, 16, 1))
    later, again = posts_under_cards(chat)[-1], meeting_messages(mei)[-1]
    assert "Tomorrow" in later.words
    ben.types("meeting cancel", root="facilitator")
    ben.fills(note="Snow")
    ben.presses("Cancel the meeting")
    assert "does not take place" in soon.words
    assert "does not take place" in later.words
    assert "is cancelled" in again.words
    assert all("Tomorrow" not in p.words for p in posts_under_cards(chat))


def test_delayed_reminder_is_never_late_or_doubled(chat: Chat) -> None:
    """It waits for the morning, because of quiet hours."""
    create_meeting_community(chat, "second Wednesday of each month, 9:30am")
    [mei] = actors(chat, "Mei")
    mei.types("rsvp yes")
    mei.types("my reminders 12 hours, 2 hours, 1 hour")
    chat.until(local(2025, 10, 8, 9, 31))
    # Twelve and two hours before are in quiet hours, so both become one message at 8:00. The other comes at 8:30.
    assert len(meeting_messages(mei)) == 2


def test_late_reminder_is_never_sent(chat: Chat) -> None:
    create_meeting_community(chat)
    [mei] = actors(chat, "Mei")
    mei.types("rsvp yes")
    chat.clock.move(local(2025, 10, 8, 15, 0))
    with Session(chat.engine) as session, session.begin():
        [timer] = [t for t in timers.upcoming(session, 1, chat.clock.now()) if t.value == "1.h"]
        at = timer.at
    assert at == datetime(2025, 10, 8, 19, tzinfo=UTC)
    chat.clock.move(local(2025, 10, 8, 16, 5) + timedelta(minutes=1))
    chat.deliver_all()
    assert meeting_messages(mei) == []
    with Session(chat.engine) as session:
        assert [r for r in outbox.copies(session, "meetings.reminder.1.0.h") if r.state == outbox.WAITING] == []


def test_reminder_of_a_monday_comes_on_friday(chat: Chat) -> None:
    """In the channel and privately, and the preview says when. The card and the last hour stay where they are."""
    create_meeting_community(chat, "second Monday of each month, 4pm")
    ben, mei = actors(chat, "Ben", "Mei")
    mei.types("rsvp yes")
    chat.until(local(2025, 10, 8, 12))
    [line] = [each for each in ben.types("preview", root="facilitator").splitlines() if "working day before" in each]
    assert line.startswith("- Fri, Oct 10")
    assert "4:00 PM: Reminder, the working day before" in line
    assert "I’ll send it on the working day before" in ben.types("meeting reminders", root="facilitator")
    chat.until(local(2025, 10, 10, 15, 59))
    assert posts_under_cards(chat) == meeting_messages(mei) == []
    chat.until(local(2025, 10, 10, 16, 1))
    assert first_lines(posts_under_cards(chat)) == ["In 3 days: the meeting Monthly circle, 2025-10-13 20:00 UTC."]
    assert len(meeting_messages(mei)) == 1
    chat.until(local(2025, 10, 13, 14, 59))
    assert len(posts_under_cards(chat)) == len(meeting_messages(mei)) == 1
    chat.until(local(2025, 10, 13, 15, 1))
    assert first_lines(posts_under_cards(chat))[1].startswith("In one hour")


def test_reminder_keeps_off_closed_days_added_later(chat: Chat) -> None:
    create_meeting_community(chat)
    ada = chat.person("Ada", manages=True)
    assert [at for value, at in waiting_timers(chat, "meetings.remind") if value == "1.d"] == ["Tue 07 Oct 16:00"]
    ada.types("closure add Oct 7", root="admin")
    chat.deliver_all()
    assert [at for value, at in waiting_timers(chat, "meetings.remind") if value == "1.d"] == ["Mon 06 Oct 16:00"]
