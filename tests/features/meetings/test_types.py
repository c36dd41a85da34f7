"""Meeting types, such as site visits and joint meetings: each brings its own questions, from one table."""

from dataclasses import replace
from datetime import UTC

import pytest
from sqlmodel import Session, select

from bot.domain.meeting_types import (
    CALL,
    DEFAULT_QUESTIONS,
    MeetingType,
    follow_up_questions,
    meeting_type,
    meeting_types,
)
from bot.features.feedback import survey_views
from bot.features.meetings.posts import card_section_views
from bot.features.meetings.types import views
from bot.ui import MAX_MESSAGE, Form, FormErrors, Message, Text
from bot.ui.markup import length
from storage.communities import programs
from storage.meetings import preparations
from storage.meetings.feedback import FollowUp
from storage.meetings.meetings import Meeting
from storage.people import people
from tests.support.chat import START, Actor, Chat
from tests.support.community import actors, create_community, join_program
from tests.support.meetings import create_meeting_community, join_members, local
from tests.support.scenes import scene


def chooses(ben: Actor, label: str) -> str:
    ben.types("meeting kind", root="facilitator")
    return _picks(ben, "What kind of meeting is it?", label)


def _picks(who: Actor, menu: str, label: str) -> str:
    [shown] = [a for a in who.shown.actions if a.label == menu]
    chosen = next(text for _value, text in shown.choices if text.startswith(f"{label}:"))  # type: ignore[union-attr]
    return who.chooses(menu, chosen)


@pytest.mark.parametrize(("name", "its"), meeting_types().items(), ids=meeting_types())
def test_every_meeting_type_fits_every_platform(name: str, its: MeetingType) -> None:
    meeting = Meeting(id=1, community_id=1, starts_at=START, minutes=60, title="T", meeting_type=name)
    assert set(its.after) <= {*DEFAULT_QUESTIONS, *follow_up_questions()}
    form = survey_views.form(meeting, {}, UTC)
    assert [field.name for field in form.fields] == list(its.after)
    if its.prepares:
        assert len(views.prepare_form(meeting, {}).fields) == len(its.prepares)
    assert isinstance(views.chosen(meeting, has_siblings=True), Message)


def test_unknown_type_is_the_default_type() -> None:
    assert meeting_type("barn dance") == meeting_types()[CALL]


def test_type_is_chosen_when_a_meeting_is_planned(chat: Chat) -> None:
    create_meeting_community(chat)
    [ben] = actors(chat, "Ben")
    ben.types("meeting schedule 24 Sep 3pm", root="facilitator")
    said = _picks(ben, "What kind of meeting is it?", "In-person deep-dive")
    assert "The check-in before it asks" in said
    ben.presses("Prepare it")
    assert "on the meeting’s card" in ben.fills(venue="12 Mill Lane, blue door", bring="A photo of your room")
    card = next(p for p in chat.in_channel() if p.message.title.startswith("Meeting: "))
    assert "In-person deep-dive" in card.words
    assert "12 Mill Lane, blue door" in card.words
    assert "A photo of your room" in card.words


def test_meetings_take_the_type_of_their_series_unless_changed(chat: Chat) -> None:
    id = create_meeting_community(chat)
    [ben] = actors(chat, "Ben")
    ben.types("meeting kind", root="facilitator")
    assert "All meetings of Monthly circle" in _picks(ben, "What kind of meetings are they?", "Quarterly gathering")
    chooses(ben, "Site visit")
    with Session(chat.engine) as session:
        rows = session.exec(select(Meeting).where(Meeting.community_id == id).order_by(Meeting.starts_at)).all()  # type: ignore[arg-type]
        assert [m.meeting_type for m in rows[:3]] == ["visit", "gathering", "gathering"]


def test_site_visit_asks_before_and_after_the_meeting(chat: Chat) -> None:
    """Before it, what to look for; after it, three questions."""
    id = create_meeting_community(chat)
    ben, mei, olu, ana = actors(chat, "Ben", "Mei", "Olu", "Ana")
    chooses(ben, "Site visit")
    ben.presses("Prepare it")
    ben.fills(look_for="How do children come in?")
    chat.until(local(2025, 10, 1, 16, 1))
    assert any("What will you look for when we visit" in p.words for p in chat.in_channel())
    card = next(p for p in chat.in_channel() if p.message.title == "Meeting: Monthly circle")
    assert "How do children come in?" in card.words
    chat.until(local(2025, 10, 8, 17, 31))
    [after] = [p for p in chat.in_channel() if p.message.title == "After the meeting"]
    for who in (mei, olu, ana, *join_members(chat, id, "Lee", "Kim")):
        form = who.presses("Answer", on=after)
        assert "What did you see?" in form
        assert "What worked?" not in form
        who.fills(saw="A basket for phones", now_what="Try it on Monday")
    mei.presses("Answer", on=after)
    assert isinstance(mei.sees, Form)
    assert mei.sees.fields[0].initial == "A basket for phones"
    chat.wait(days=7)
    said = ben.types("feedback show", root="facilitator")
    assert "A basket for phones" in said
    assert "Now what will we do with it?" in said
    mei.types("data download")
    assert any("A basket for phones" in p.message.attachment.body for p in mei.direct() if p.message.attachment)


def test_tasks_of_a_joint_event_are_taken_given_back_and_done(chat: Chat) -> None:
    create_meeting_community(chat)
    ben, mei, olu = actors(chat, "Ben", "Mei", "Olu")
    chooses(ben, "Joint event")
    ben.presses("Add a task")
    assert "in one line" in ben.fills(words="")
    ben.fills(words="Chairs")
    chat.until(local(2025, 10, 1, 16, 1))
    card = next(p for p in chat.in_channel() if p.message.title == "Meeting: Monthly circle")
    assert "Chairs: nobody yet" in card.words
    assert "It is yours" in mei.chooses("Take on a task", "Chairs", on=card)
    assert "Chairs: Mei" in card.words
    theirs = mei.sees
    olu.sees = theirs
    assert "Somebody else has taken that on" in olu.presses("Done")
    mei.sees = theirs
    mei.presses("Done")
    assert "Chairs: Mei (done)" in card.words
    mei.sees = theirs
    assert "Given back" in mei.presses("Give it back")
    assert "Chairs: nobody yet" in card.words


@scene
def program(chat: Chat) -> tuple[int, int]:
    """Create youth workers in #general and Leaders in #leaders, facilitated by Sol, in one program."""
    here, there = (
        create_meeting_community(chat),
        create_community(chat, ["Tam"], name="Leaders", channel="leaders", facilitator="Sol"),
    )
    with Session(chat.engine) as session, session.begin():
        join_program(session, "OST", here, there)
    return here, there


def test_joint_meeting_is_held_with_those_who_accept_and_follows_its_host(chat: Chat) -> None:
    program(chat)
    ben, sol, tam = actors(chat, "Ben", "Sol", "Tam")
    sol.channel = tam.channel = "leaders"
    chooses(ben, "Kick-off")
    assert "facilitators of Leaders are asked" in ben.presses("Invite the other communities")
    assert "invites your community: Kick-off" in sol.direct()[-1].words
    assert "No meeting is planned yet" in tam.types("next")
    invitation = sol.direct()[-1]
    as_it_was = replace(invitation)
    assert "among your meetings now" in sol.presses("Put it among ours", on=invitation)
    assert "held by Youth workers, is among your meetings" in invitation.words
    assert invitation.message.actions == ()
    assert "already" in sol.presses("Put it among ours", on=as_it_was)
    assert "Oct 8" in tam.types("next")
    tam.types("rsvp yes")
    ben.types("meeting move 9 Oct 4pm", root="facilitator")
    told = [p for p in chat.in_channel("leaders") if "moved by those who hold it" in p.words]
    assert len(told) == 1
    assert "moved by those who hold it" in tam.direct()[-1].words
    ben.types("meeting cancel", root="facilitator")
    ben.fills()
    ben.presses("Cancel the meeting")
    assert any("cancelled by those who hold it" in p.words for p in chat.in_channel("leaders"))
    assert "cancelled by those who hold it" in tam.direct()[-1].words
    assert "No meeting is planned yet" in tam.types("next")
    ben.types("meeting restore", root="facilitator")
    assert any("takes place after all" in p.words for p in chat.in_channel("leaders"))
    assert "takes place after all" in tam.direct()[-1].words
    assert "Oct 9" in tam.types("next")


def test_invitation_follows_the_hosts_meeting_and_ends_with_it(chat: Chat) -> None:
    program(chat)
    ben, sol = actors(chat, "Ben", "Sol")
    sol.channel = "leaders"
    chooses(ben, "Kick-off")
    ben.presses("Invite the other communities")
    [invitation] = sol.direct()
    ben.types("meeting move 9 Oct 4pm", root="facilitator")
    assert "2025-10-09 20:00 UTC, and invites your community" in invitation.words
    ben.types("meeting cancel", root="facilitator")
    ben.fills()
    ben.presses("Cancel the meeting")
    assert "The invitation has ended" in invitation.words
    assert invitation.message.actions == ()
    ben.types("meeting restore", root="facilitator")
    assert "invites your community" in invitation.words
    chat.until(local(2025, 10, 9, 16))
    assert "The invitation has ended" in invitation.words


def test_history_of_a_guest_names_the_host_for_every_change(chat: Chat) -> None:
    """A guest community finds every change in its own history, under its host's name."""
    program(chat)
    ben, sol = actors(chat, "Ben", "Sol")
    sol.channel = "leaders"
    chooses(ben, "Kick-off")
    ben.presses("Invite the other communities")
    sol.presses("Put it among ours", on=sol.direct()[-1])
    ben.types("meeting move", root="facilitator")
    ben.fills(when="9 Oct 4pm", note="The hall is taken")
    ben.types("meeting cancel", root="facilitator")
    ben.fills()
    ben.presses("Cancel the meeting")
    ben.types("meeting restore", root="facilitator")
    said = sol.types("meeting history", root="facilitator").splitlines()
    for line, change in zip(
        said[1:],
        ("Youth workers brought back", "Youth workers cancelled", "Youth workers moved", "Sol planned"),
        strict=False,
    ):
        assert change in line
    assert "(The hall is taken)" in said[3]
    # Who did it is told only in the community where it was done.
    assert "Ben" not in "".join(said)


def test_meeting_cancelled_by_a_guest_stays_cancelled(chat: Chat) -> None:
    """What its own facilitators cancelled stays so, whatever the host does."""
    program(chat)
    ben, sol, tam = actors(chat, "Ben", "Sol", "Tam")
    sol.channel = tam.channel = "leaders"
    chooses(ben, "Kick-off")
    ben.presses("Invite the other communities")
    sol.presses("Put it among ours", on=sol.direct()[-1])
    sol.types("meeting cancel", root="facilitator")
    sol.fills()
    sol.presses("Cancel the meeting")
    ben.types("meeting move 9 Oct 4pm", root="facilitator")
    assert "No meeting is planned yet" in tam.types("next")


def test_standing_reply_covers_joint_meetings(chat: Chat) -> None:
    """Someone who comes to every date comes to a meeting held with others too."""
    _here, there = program(chat)
    join_members(chat, there, "Tam", organization="Library")
    ben, sol, tam = actors(chat, "Ben", "Sol", "Tam")
    sol.channel = tam.channel = "leaders"
    tam.types("rsvp yes to all")
    chooses(ben, "Kick-off")
    ben.presses("Invite the other communities")
    sol.presses("Put it among ours", on=sol.direct()[-1])
    assert "Yes: Tam" in sol.types("meeting show", root="facilitator")


def test_community_of_another_program_is_not_invited(chat: Chat) -> None:
    _here, there = program(chat)
    with Session(chat.engine) as session, session.begin():
        row = programs.part(session, 1, there)
        assert row
        programs.end(session, row)
        join_program(session, "OST", there)
    [ben] = actors(chat, "Ben")
    chooses(ben, "Kick-off")
    assert "no other community of this program" in ben.presses("Invite the other communities")


def test_members_of_an_organization_see_where_their_team_meets(chat: Chat) -> None:
    """They see where else their team meets that evening."""
    here, there = program(chat)
    join_members(chat, here, "Mei", organization="East Side House")
    join_members(chat, here, "Ana", organization="Library")
    join_members(chat, there, "Tam", organization="East Side House")
    mei, ana, sol = actors(chat, "Mei", "Ana", "Sol")
    sol.channel = "leaders"
    sol.types("meeting schedule 8 Oct 6pm", root="facilitator")
    said = mei.types("rsvp yes")
    assert "Your team at East Side House also meets that day: Leaders" in said
    assert "Tam" not in said
    assert "also meets" in mei.types("next")
    assert "also meets" not in mei.types("rsvp no")
    assert "also meets" not in ana.types("rsvp yes")
    mei.types("rsvp yes")
    chat.until(local(2025, 10, 7, 16, 1))
    assert "also meets that day" in mei.direct()[-1].words
    assert not any("also meets" in p.words for p in chat.in_channel() + chat.in_channel("leaders"))
    with Session(chat.engine) as session, session.begin():
        for person in people.members(session, there):
            person[0].left_at = chat.clock.now()
    assert "also meets" not in mei.types("next")


def test_full_card_fits_every_platform(chat: Chat) -> None:
    create_meeting_community(chat, link="https://example.org/" + "x" * 100)
    ben, mei = actors(chat, "Ben", "Mei")
    chooses(ben, "Joint event")
    ben.presses("Prepare it")
    assert isinstance(ben.sees, Form)
    ben.fills(**{field.name: "w" * 300 for field in ben.sees.fields})
    with Session(chat.engine) as session, session.begin():
        meeting = session.get(Meeting, 1)
        assert meeting
        meeting.place = "p" * 200
        for n in range(9):
            preparations.add_task(session, meeting, f"{n}" * 120, None)
    for n in range(7):
        mei.types(f"topic {chr(97 + n) * 150}")
    chat.until(local(2025, 10, 1, 16, 1))
    card = next(p for p in chat.in_channel() if p.message.title == "Meeting: Monthly circle")
    reply = FollowUp(community_id=1, meeting_id=1, said="s" * 300, did="d" * 300, at=START)
    [said] = card_section_views.follow_ups([reply] * 5)
    assert isinstance(said, Text)
    assert card.message.size + length(said.body) <= MAX_MESSAGE


def test_empty_site_visit_form_is_asked_again_at_its_own_fields(chat: Chat) -> None:
    """The error is at a question that the form asked."""
    create_meeting_community(chat)
    ben, mei = actors(chat, "Ben", "Mei")
    chooses(ben, "Site visit")
    chat.until(local(2025, 10, 8, 18))
    mei.presses("Answer", on=next(p for p in chat.in_channel() if p.message.title == "After the meeting"))
    assert "Any one answer is enough" in mei.fills()
    assert isinstance(mei.sees, FormErrors)
    assert set(mei.sees.problems) <= {field.name for field in mei.sees.form.fields}
