"""Meetings as a community experiences them: reminders in good time, RSVPs with one click, changes in the open."""

from datetime import UTC, date, datetime

import pytest
from sqlmodel import Session

from bot.core.events import Click
from bot.ui import Button
from storage.communities import communities
from storage.meetings import meetings
from storage.messaging import timers
from storage.people import people
from tests.support.chat import Chat, words
from tests.support.community import actors, create_community
from tests.support.meetings import (
    SECOND_WEDNESDAY,
    admin,
    create_meeting_community,
    local,
    meeting_messages,
    planned_meetings,
    waiting_timers,
)


def test_meeting_is_reminded_from_card_to_last_hour(chat: Chat) -> None:
    """The card follows every RSVP, those who come are reminded in private, and at the start it is too late to reply."""
    create_meeting_community(chat, link="https://meet.example/circle")
    mei, olu, ana = actors(chat, "Mei", "Olu", "Ana")
    chat.until(local(2025, 10, 1, 16, 1))
    card = next(p for p in chat.in_channel() if p.message.title == "Meeting: Monthly circle")
    assert "Where: Room 4" in card.words
    assert "Coming: 0 yes, 0 maybe, 0 no" in card.words

    assert "You said yes" in mei.presses("Yes, I’ll come", on=card)
    assert "You said maybe" in olu.types("rsvp maybe")
    assert "You said no" in ana.presses("No", on=card)
    assert "Coming: 1 yes, 1 maybe, 1 no" in card.words
    assert "You said yes" in olu.presses("Yes, I’ll come", on=card)
    assert "Coming: 2 yes, 0 maybe, 1 no" in card.words

    chat.until(local(2025, 10, 7, 16, 1))
    [soon] = [p for p in chat.in_channel() if p.under == card.id]
    assert "Tomorrow: the meeting Monthly circle" in soon.words
    assert [len(meeting_messages(who)) for who in (mei, olu, ana)] == [1, 1, 0]
    assert "Only you see this" in meeting_messages(mei)[0].words
    chat.until(local(2025, 10, 8, 15, 1))
    assert [len(meeting_messages(who)) for who in (mei, olu, ana)] == [2, 2, 0]

    chat.until(local(2025, 10, 8, 16, 1))
    assert "This meeting has begun" in card.words
    assert [a.label for a in card.message.actions] == ["Join", "Notes"]
    late = mei.chat.app.handle(Click(mei.place(), mei.who, "meetings.rsvp", "1:1.yes"))
    assert "too late to answer" in words(late)


def test_rule_plans_thirteen_months_and_planning_again_changes_nothing(chat: Chat) -> None:
    id = create_meeting_community(chat)
    before = planned_meetings(chat, id)
    assert [d.date() for d in before[:9]] == [
        date(2025, 10, 8), date(2025, 11, 12), date(2025, 12, 10), date(2026, 1, 14), date(2026, 2, 11),
        date(2026, 3, 11), date(2026, 4, 8), date(2026, 5, 13), date(2026, 6, 10),
    ]  # fmt: skip
    assert {d.hour for d in before} == {16}
    with Session(chat.engine) as session, session.begin():
        timers.put(session, id, "meetings.plan", "", chat.clock.now())
    chat.deliver_all()
    assert planned_meetings(chat, id) == before


def test_reminders_skip_members_who_switched_them_off_or_snooze(chat: Chat) -> None:
    id = create_meeting_community(chat, "second Wednesday of each month, 7am")
    mei, olu = actors(chat, "Mei", "Olu")
    mei.types("rsvp yes")
    olu.types("rsvp yes")
    with Session(chat.engine) as session, session.begin():
        person = people.get_or_create(session, platform=chat.name, space=chat.space, external="mei")
        row = people.membership(session, id, people.key(person))
        assert row
        row.reminders = False
    chat.until(local(2025, 10, 8, 7, 30))
    assert meeting_messages(mei) == []
    # Olu has quiet hours until eight, when the meeting has begun, so only the reminder of the day before reaches her.
    [only] = meeting_messages(olu)
    assert "You said yes" in only.words


def test_only_the_nearest_reminder_is_sent_after_an_outage(chat: Chat) -> None:
    create_meeting_community(chat)
    [mei] = actors(chat, "Mei")
    mei.types("rsvp yes")
    # The bot didn't run in the meantime.
    chat.clock.move(local(2025, 10, 8, 9, 0))
    chat.deliver_all()
    assert len([p for p in chat.in_channel() if p.message.title == "Meeting: Monthly circle"]) == 1
    assert len(meeting_messages(mei)) == 1
    chat.clock.move(local(2025, 11, 12, 16, 30))
    chat.deliver_all()
    assert len(meeting_messages(mei)) == 1
    assert len([p for p in chat.in_channel() if p.message.title == "Meeting: Monthly circle"]) == 1


def test_next_meeting_is_told_in_the_members_zone(chat: Chat) -> None:
    create_meeting_community(chat)
    lee = chat.person("Mei", zone="America/Los_Angeles")
    said = lee.types("next")
    assert "Wed, Oct 8, 2025, 1:00 PM" in said
    assert "Wed, Nov 12, 2025, 1:00 PM" in said
    assert "your time zone, Los Angeles" in said


def test_moved_meeting_takes_everything_with_it(chat: Chat) -> None:
    create_meeting_community(chat)
    ben, mei = actors(chat, "Ben", "Mei")
    mei.types("rsvp yes")
    chat.until(local(2025, 10, 2, 10))
    card = next(p for p in chat.in_channel() if p.message.title == "Meeting: Monthly circle")
    said = ben.types("meeting move 15 Oct 4pm", root="facilitator")
    assert "Moved: Monthly circle" in said
    assert "- reminder a day before: Tue, Oct 14, 2025, 4:00 PM, not Tue, Oct 7, 2025, 4:00 PM" in said
    assert "- after-meeting card: Wed, Oct 15, 2025, 5:30 PM, not Wed, Oct 8, 2025, 5:30 PM" in said
    assert "2025-10-15 20:00 UTC" in card.words
    assert "has moved from 2025-10-08 20:00 UTC to 2025-10-15 20:00 UTC" in chat.last.words
    assert "has moved from" in meeting_messages(mei)[-1].words
    assert waiting_timers(chat, "feedback.ask")[0] == ("1", "Wed 15 Oct 17:30")
    told = len(meeting_messages(mei))
    chat.until(local(2025, 10, 14, 16, 1))
    assert len(meeting_messages(mei)) == told + 1
    # Planning again leaves what was moved where it is.
    chat.wait(days=8)
    assert "Wed, Nov 12, 2025" in mei.types("next").splitlines()[1]


def test_meeting_moved_into_the_coming_week_shows_its_card_at_once(chat: Chat) -> None:
    create_meeting_community(chat)
    [ben] = actors(chat, "Ben")
    said = ben.types("meeting move 25 Sep 4pm", root="facilitator")
    assert "- reminder a week before: no longer on Wed, Oct 1, 2025, 4:00 PM" in said
    assert "Meeting: Monthly circle" in [p.message.title for p in chat.in_channel()]
    chat.until(local(2025, 9, 25, 15, 1))
    assert len([p for p in chat.in_channel() if p.message.title == "Meeting: Monthly circle"]) == 1


def test_typed_text_never_becomes_markup(chat: Chat) -> None:
    create_meeting_community(chat)
    [ben] = actors(chat, "Ben")
    ben.types("meeting schedule", root="facilitator")
    ben.fills(
        title="**Visit** [x](https://evil.example) <!channel>", when="24 Sep 4pm", minutes="60", place="@everyone"
    )
    shown = [p for p in chat.in_channel() if "Visit" in p.message.title][-1]
    assert "Where: @everyone" in shown.words
    ben.types("meeting cancel", root="facilitator")
    assert "Cancel **Visit** [x](https://evil.example) <!channel>" in ben.fills(note="[y](https://evil.example)")
    ben.presses("Cancel the meeting")
    assert "Why: [y](https://evil.example)" in chat.last.words


def test_second_move_of_a_meeting_asks_before_overriding_the_first(chat: Chat) -> None:
    create_meeting_community(chat)
    ben, cam = actors(chat, "Ben", "Ben")
    ben.types("meeting move", root="facilitator")
    cam.types("meeting move", root="facilitator")
    assert "Moved" in ben.fills(when="15 Oct 4pm")
    said = cam.fills(when="16 Oct 4pm")
    assert "Ben has changed this meeting since you looked: it is now planned, 2025-10-15 20:00 UTC" in said
    assert "You wanted to move it to 2025-10-16 20:00 UTC" in said
    assert "I have changed nothing" in said
    assert "Moved" in cam.presses("Move it all the same")
    assert "has moved from 2025-10-15 20:00 UTC to 2025-10-16 20:00 UTC" in chat.last.words


def test_meeting_cannot_be_moved_onto_another_or_into_the_past(chat: Chat) -> None:
    """It can be moved into the night, but only after a question."""
    create_meeting_community(chat)
    [ben] = actors(chat, "Ben")
    assert "Two meetings cannot overlap" in ben.types("meeting move 12 Nov 5pm", root="facilitator")
    assert "has passed" in ben.types("meeting move 1 Sep 2025 4pm", root="facilitator")
    assert "two readings" in ben.types("meeting move 5/6 4pm", root="facilitator")
    said = ben.types("meeting move 15 Oct 9pm", root="facilitator")
    assert "quiet hours" in said
    assert "Not done yet" in said
    assert "Moved" in ben.presses("Move it anyway")


@pytest.mark.parametrize("typed", ["15 Oct 17h", "15 Oct 1700", "15.10. 17.00", "Oct 15 5p"])
def test_time_is_read_as_people_write_it(chat: Chat, typed: str) -> None:
    create_meeting_community(chat)
    [ben] = actors(chat, "Ben")
    assert "Moved: Monthly circle" in ben.types(f"meeting move {typed}", root="facilitator")
    assert "to 2025-10-15 21:00 UTC" in chat.last.words


def test_date_that_has_just_passed_is_asked_about_before_next_years_is_told(chat: Chat) -> None:
    create_meeting_community(chat)
    [ben] = actors(chat, "Ben")
    before = len(chat.in_channel())
    said = ben.types("meeting move 20 Aug 4pm", root="facilitator")
    assert "That is far away: the next one is August 20, 2026" in said
    assert len(chat.in_channel()) == before
    asked = ben.presses("Run /cop-facilitate meeting move 20 August 2026 16:00")
    assert "Not done yet" in asked
    assert "after the season, which ends on June 30, 2026" in asked


def test_no_button_does_what_nobody_said(chat: Chat) -> None:
    create_meeting_community(chat)
    [ben] = actors(chat, "Ben")
    for typed in ("15 Oct", "4pm", "soonish", "1 Sep 2025 4pm"):
        ben.types(f"meeting move {typed}", root="facilitator")
        assert not ben.sees.actions, typed  # type: ignore[union-attr]


def test_meeting_is_cancelled_and_restored(chat: Chat) -> None:
    create_meeting_community(chat)
    ben, mei = actors(chat, "Ben", "Mei")
    mei.types("rsvp yes")
    chat.until(local(2025, 10, 2, 10))
    card = next(p for p in chat.in_channel() if p.message.title == "Meeting: Monthly circle")
    ben.types("meeting cancel", root="facilitator")
    assert "Cancel Monthly circle" in ben.fills(note="Snow")
    assert "Cancelled" in ben.presses("Cancel the meeting")
    assert "is cancelled" in card.words
    assert card.message.actions == ()
    assert "Why: Snow" in chat.last.words
    assert "is cancelled" in meeting_messages(mei)[-1].words
    assert not [v for v, _at in waiting_timers(chat, "meetings.remind") if v.startswith("1.")]
    assert "is cancelled" in words(chat.app.handle(Click(mei.place(), mei.who, "meetings.rsvp", "1:1.yes")))
    assert "Brought back" in ben.types("meeting restore", root="facilitator")
    assert "Coming: 1 yes" in card.words
    assert ("1.d", "Tue 07 Oct 16:00") in waiting_timers(chat, "meetings.remind")
    assert "none to bring back" in ben.types("meeting restore", root="facilitator")


def test_extra_meeting_is_planned_by_line_or_form(chat: Chat) -> None:
    create_meeting_community(chat)
    [ben] = actors(chat, "Ben")
    assert "Its card is in the channel now" in ben.types("meeting schedule 24 Sep 4pm", root="facilitator")
    assert chat.last.message.title == "Meeting: Monthly circle"
    ben.types("meeting schedule", root="facilitator")
    said = ben.fills(title="", when="sometime", minutes="many", link="javascript:alert(1)")
    assert "Please give the meeting a name" in said
    assert "number of minutes" in said
    assert "not a link that can be opened" in said
    said = ben.fills(title="Site visit", when="20 Oct 10am", minutes="120", link="https://maps.example/x")
    assert "Its card comes to the channel on 2025-10-13" in said
    assert "Mei" not in ben.types("meeting show", root="facilitator")


def test_member_cannot_plan_meetings(chat: Chat) -> None:
    create_meeting_community(chat)
    [mei] = actors(chat, "Mei")
    assert "is for facilitators: Ben" in mei.types("meeting move 15 Oct 4pm", root="facilitator")


def test_facilitators_see_who_comes(chat: Chat) -> None:
    create_meeting_community(chat)
    ben, mei = actors(chat, "Ben", "Mei")
    mei.types("rsvp maybe")
    said = ben.types("meeting show", root="facilitator")
    assert "Maybe: Mei" in said
    assert "Yes: nobody yet" in said


def test_cadence_is_said_back_and_saved_after_a_yes(chat: Chat) -> None:
    """The bot says the cadence back in plain words, and saves it only after a yes."""
    id = create_community(chat)
    ada = admin(chat)
    said = ada.types(f"cadence set {SECOND_WEDNESDAY}", root="admin")
    assert "I understood: second Wednesday of each month, October to June, 4:00 PM, New York time." in said
    assert "Wed, Oct 8, 2025, 4:00 PM" in said
    assert "Nothing is saved yet" in said
    assert planned_meetings(chat, id) == []
    assert "Saved" in ada.presses("Save")
    assert planned_meetings(chat, id)[0] == local(2025, 10, 8, 16)
    # The first cadence surprises nobody, so nothing is posted.
    assert chat.in_channel() == []

    ada.types("cadence set", root="admin")
    said = ada.fills(phrase="third Thursday of each month, 3pm")
    assert "Thu, Oct 16, 2025, 3:00 PM" in said
    ada.presses("Save")
    assert planned_meetings(chat, id)[0] == local(2025, 10, 16, 15)
    assert "From now on we meet: third Thursday" in chat.last.words
    assert "third Thursday" in ada.types("cadence show", root="admin")


def test_new_cadence_keeps_the_usual_length(chat: Chat) -> None:
    create_community(chat)
    ada = admin(chat)
    ada.types("cadence set second Wednesday of each month, 4pm to 5:30pm", root="admin")
    ada.presses("Save")
    assert "third Thursday of each month, 3:00 PM to 4:30 PM" in ada.types(
        "cadence set third Thursday of each month, 3pm", root="admin"
    )
    ada.presses("Save")
    assert "3:00 PM to 4:30 PM" in ada.types("cadence show", root="admin")


def test_changed_end_is_named_before_saving_and_to_the_channel(chat: Chat) -> None:
    """A change back to the usual length is shown before it is saved, and told to everyone after."""
    create_community(chat)
    ada = admin(chat)
    hour = "second Wednesday of each month, 4:00 PM to 5:00 PM"
    ada.types("cadence set second Wednesday of each month, 4pm to 5:30pm", root="admin")
    ada.presses("Save")
    assert hour in ada.types("cadence set second Wednesday of each month, 4pm to 5pm", root="admin")
    assert hour in ada.presses("Save")
    assert f"From now on we meet: {hour}" in chat.last.words
    again = ada.types("cadence set third Thursday of each month, 4pm", root="admin")
    # The length is the same as before, so no end is named.
    assert "third Thursday of each month, 4:00 PM, " in again


def test_unreadable_phrase_is_answered_with_the_nearest_readable(chat: Chat) -> None:
    create_community(chat)
    ada = admin(chat)
    said = ada.types("cadence set every wendesday at noon", root="admin")
    assert "The nearest I can read" in said
    assert "Nothing is saved" in said
    [button] = [a for a in ada.sees.actions if isinstance(a, Button)]  # type: ignore[union-attr]
    assert button.label.startswith("Run /cop-admin cadence set every Wednesday, 12:00 PM")
    assert "I understood" in ada.presses(button.label)


@pytest.mark.parametrize("typed", ["whenever we feel like it", "not in June July Aug", "Meet in room 12"])
def test_nothing_is_suggested_where_nothing_like_it_was_said(chat: Chat, typed: str) -> None:
    create_community(chat)
    ada = admin(chat)
    said = ada.types(f"cadence set {typed}", root="admin")
    assert "Nothing is saved" in said
    assert "second Wednesday" not in said
    assert not ada.sees.actions  # type: ignore[union-attr]


def test_new_rule_keeps_past_and_moved_meetings(chat: Chat) -> None:
    """Past meetings stay, and so do those moved by hand."""
    id = create_meeting_community(chat)
    [ben] = actors(chat, "Ben")
    ada = admin(chat)
    chat.until(local(2025, 10, 9, 9))
    ben.types("meeting move 13 Nov 5pm", root="facilitator")
    said = ada.types("cadence set first Monday of each month, October to June, 4pm", root="admin")
    gone, _heading, stay = said.partition("No longer\n")[2].partition("Stay, as they were moved by hand\n")
    assert gone.startswith("- Wed, Dec 10, 2025, 4:00 PM\n- Wed, Jan 14, 2026, 4:00 PM\n")
    assert stay.startswith("- Thu, Nov 13, 2025, 5:00 PM\n")
    assert "are new. Past meetings stay as they were." in stay
    ada.presses("Save")
    assert "No longer\n- 2025-12-10 21:00 UTC" in chat.last.words
    coming = planned_meetings(chat, id)
    assert coming[:3] == [local(2025, 11, 3, 16), local(2025, 11, 13, 17), local(2025, 12, 1, 16)]
    with Session(chat.engine) as session:
        past = meetings.last_meeting(session, id, chat.clock.now())
        assert past
        assert past.starts_at == local(2025, 10, 8, 16)


def test_rule_without_effect_says_that_meetings_stay(chat: Chat) -> None:
    id = create_meeting_community(chat)
    before = planned_meetings(chat, id)
    said = admin(chat).types(f"cadence set {SECOND_WEDNESDAY}", root="admin")
    assert f"{len(before)} meetings stay as they are" in said
    assert "No longer" not in said


def test_card_of_a_meeting_dropped_by_a_new_rule_says_so(chat: Chat) -> None:
    create_meeting_community(chat)
    [mei] = actors(chat, "Mei")
    ada = admin(chat)
    chat.until(local(2025, 10, 2, 9))
    card = next(p for p in chat.in_channel() if p.message.title == "Meeting: Monthly circle")
    mei.presses("Yes, I’ll come", on=card)
    ada.types("cadence set first Monday of each month, 4pm", root="admin")
    ada.presses("Save")
    assert "there is no meeting on" in card.words
    assert "no longer planned" in words(chat.app.handle(Click(mei.place(), mei.who, "meetings.rsvp", "1:1.yes")))
    ada.types(f"cadence set {SECOND_WEDNESDAY}", root="admin")
    ada.presses("Save")
    # RSVPs come back with the meeting.
    assert "Coming: 1 yes" in card.words


def test_closures_remove_meetings_and_public_holidays_only_ask(chat: Chat) -> None:
    id = create_meeting_community(chat, "second Tuesday of each month, October to June, 4pm")
    with Session(chat.engine) as session, session.begin():
        community = communities.get(session, id)
        assert community
        community.country, community.region = "US", "PA"
        communities.close(session, id, [date(2025, 10, 14)], "Staff day")
        timers.put(session, id, "meetings.plan", "", chat.clock.now())
    chat.until(local(2025, 10, 14, 17))
    # Veterans Day.
    assert planned_meetings(chat, id)[0] == local(2025, 11, 11, 16)
    [ben] = actors(chat, "Ben")
    [asked] = [p for p in ben.direct() if "falls on a public holiday" in p.words]
    chat.wait(days=10)
    assert len([p for p in ben.direct() if "falls on a public holiday" in p.words]) == 1
    ben.presses("Move it", on=asked)
    assert "Moved" in ben.fills(when="18 Nov 4pm")


@pytest.mark.parametrize(("said", "asked"), [("", 1), (", even on holidays", 0), (", except holidays", 0)])
def test_holiday_question_follows_the_rule(chat: Chat, said: str, asked: int) -> None:
    """Where the rule itself says that they meet on holidays, nobody is asked about one."""
    id = create_meeting_community(chat, f"second Tuesday of each month, October to June, 4pm{said}")
    with Session(chat.engine) as session, session.begin():
        community = communities.get(session, id)
        assert community
        community.country = "US"
    # The day before Veterans Day.
    chat.until(local(2025, 11, 10, 17))
    assert (local(2025, 11, 11, 16) in planned_meetings(chat, id)) == (said != ", except holidays")
    [ben] = actors(chat, "Ben")
    assert len([p for p in ben.direct() if "falls on a public holiday" in p.words]) == asked


def test_preview_promises_no_holiday_question_when_the_rule_keeps_holidays(chat: Chat) -> None:
    id = create_community(chat)
    with Session(chat.engine) as session, session.begin():
        community = communities.get(session, id)
        assert community
        community.country = "US"
    ada, question = admin(chat), "facilitators are asked about each"
    assert question in ada.types("cadence set second Tuesday of each month, 4pm", root="admin")
    said = ada.types("cadence set second Tuesday of each month, 4pm, even on holidays", root="admin")
    assert "a public holiday" in said
    assert question not in said


def test_paused_community_is_not_reminded(chat: Chat) -> None:
    create_meeting_community(chat)
    ada = admin(chat)
    assert "Paused" in ada.types("cadence pause", root="admin")
    chat.until(local(2025, 10, 7, 17))
    assert chat.in_channel() == []
    assert "Resumed. The next meeting is 2025-10-08" in ada.presses("Resume")
    chat.until(local(2025, 10, 8, 15, 1))
    assert [p.message.title for p in chat.in_channel()] == ["Meeting: Monthly circle"]


def test_meeting_of_another_community_is_out_of_reach(chat: Chat) -> None:
    create_meeting_community(chat)
    create_community(chat, ["Zoe"], name="Stewards", channel="stewards", facilitator="Sam")
    sam = chat.person("Sam")
    sam.channel = "stewards"
    assert "no longer planned" in words(chat.app.handle(Click(sam.place(), sam.who, "meetings.cancel", "2:1")))


@pytest.mark.parametrize(
    ("day", "said"),
    [(datetime(2025, 10, 1, tzinfo=UTC), "Wed, Oct 8, 2025"), (datetime(2026, 6, 20, tzinfo=UTC), "Wed, Oct 14, 2026")],
)
def test_season_repeats_every_year(chat: Chat, day: datetime, said: str) -> None:
    create_meeting_community(chat)
    [mei] = actors(chat, "Mei")
    chat.clock.move(day)
    chat.deliver_all()
    assert said in mei.types("next")
