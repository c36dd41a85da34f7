"""RSVPs to one date or all, attendance, and catching up on a missed meeting."""

from dataclasses import replace
from datetime import timedelta

from sqlmodel import Session, select

from bot.core.events import Click, Submission
from bot.ui import Form, TickField
from storage.meetings import attendance, meetings, rsvps
from storage.meetings.rsvps import Rsvp
from storage.messaging import timers
from storage.people import people
from storage.privacy import personal_data
from tests.support.chat import Actor, Chat, Post, words
from tests.support.community import ZONE, actors, create_community, person_key
from tests.support.meetings import create_meeting_community, local
from tests.support.scenes import scene


def card(chat: Chat, number: int = 0) -> Post:
    return [p for p in chat.in_channel() if p.message.title.startswith("Meeting: ")][number]


@scene
def held(chat: Chat) -> Post:
    """The first meeting is over."""
    chat.until(local(2025, 10, 8, 18))
    return card(chat)


def offers(who: Actor) -> list[Post]:
    return [p for p in who.direct() if "If you could not be at" in p.words or "have caught up" in p.words]


def test_standing_reply_covers_every_date_without_a_reply_of_its_own(chat: Chat) -> None:
    id = create_meeting_community(chat)
    mei, ben = actors(chat, "Mei", "Ben")
    mei.types("rsvp no")
    said = mei.types("rsvp yes to all")
    assert "You said yes to all" in said
    assert "About 1 date you had said something else; that stays" in said
    with Session(chat.engine) as session:
        coming = meetings.between(session, id, chat.clock.now(), local(2027, 1, 1))
        answers = [rsvps.counts(session, meetings.key(m)) for m in coming]
    assert answers[0] == {"yes": 0, "maybe": 0, "no": 1}
    assert all(each["yes"] == 1 for each in answers[1:])
    # A date that nobody knew of.
    ben.types("meeting schedule 20 Oct 4pm", root="facilitator")
    with Session(chat.engine) as session:
        added = next(
            m for m in meetings.between(session, id, chat.clock.now(), local(2025, 11, 1)) if m.series_id is None
        )
        assert rsvps.counts(session, meetings.key(added))["yes"] == 1
    assert "you answer for each date by itself" in mei.presses("Each by itself")
    with Session(chat.engine) as session:
        assert [(r.answer, r.from_standing_reply) for r in session.exec(select(Rsvp))] == [("no", False)]


def test_note_with_a_reply_reaches_facilitators_only(chat: Chat) -> None:
    create_meeting_community(chat)
    mei, olu, ben = actors(chat, "Mei", "Olu", "Ben")
    mei.types("rsvp yes")
    mei.presses("Add a note")
    assert "Only the facilitators read it" in mei.fills(note="Ten minutes late *sorry*")
    assert "Ten minutes late *sorry*" in ben.types("meeting show", root="facilitator")
    # She manages the space, and is a member of nothing in it.
    ada = chat.person("Ada", manages=True, zone=ZONE)
    assert "Ten minutes late" not in ada.types("meeting show", root="facilitator")
    chat.until(local(2025, 10, 2, 10))
    assert "Ten minutes" not in card(chat).words
    olu.sees = None
    said = olu.chat.app.handle(Click(olu.place(), olu.who, "meetings.add_note", "1:1"))
    assert "say first whether you come" in words(said)
    mei.types("rsvp maybe")
    mei.presses("Add a note")
    assert "is gone" in mei.fills(note="")


def test_member_reports_attendance_and_takes_it_back(chat: Chat) -> None:
    create_meeting_community(chat)
    mei, olu = actors(chat, "Mei", "Olu")
    mei.types("rsvp yes")
    early = mei.chat.app.handle(Click(mei.place(), mei.who, "meetings.there", "1:1"))
    assert "has not taken place" in words(early)
    over = held(chat)
    assert "you were at Monthly circle" in mei.presses("I was there", on=over)
    assert "1 person was there" in over.words
    assert "Noted" in olu.presses("I was there", on=over)
    assert "2 people were there" in over.words
    assert "Taken back" in olu.presses("I was not there")
    assert "1 person was there" in over.words
    assert "Monthly circle: there" in mei.types("my attendance")
    assert "Monthly circle: not there" in olu.types("my attendance")
    as_it_was = replace(over)
    chat.wait(days=61)
    assert [action.label for action in over.message.actions] == ["Notes"]
    assert "too long ago" in olu.presses("I was there", on=as_it_was)


def test_member_who_missed_a_meeting_is_offered_to_catch_up_once(chat: Chat) -> None:
    """They meant to come and weren't there."""
    create_meeting_community(chat)
    mei, olu, ana, ben = actors(chat, "Mei", "Olu", "Ana", "Ben")
    for who in (mei, olu):
        who.types("rsvp yes")
    olu.types("topic Quiet arrivals")
    ben.types("agenda publish")
    ben.fills(topics="1")
    over = held(chat)
    mei.presses("I was there", on=over)
    chat.wait(days=2)
    # That some said they were there doesn't tell who wasn't.
    assert offers(olu) == []
    ben.types("meeting attendance", root="facilitator")
    ben.presses("Mark who came")
    assert isinstance(ben.sees, Form)
    assert "1 person was at Monthly circle" in ben.fills()
    chat.wait(days=3)
    [offer] = offers(olu)
    assert [offers(who) for who in (mei, ana)] == [[], []]
    assert "only privately" in offer.words
    assert "- Quiet arrivals" in olu.presses("Catch up", on=offer)
    olu.presses("Answer the question")
    assert "You have made up for Monthly circle" in olu.fills(answer="Arrivals: I would bring our *song*")
    assert "Monthly circle: made up for" in olu.types("my attendance")
    assert "Arrivals: I would bring our *song*" in ben.types("meeting attendance", root="facilitator")
    ben.presses("All who said yes came")
    chat.wait(days=3)
    assert len(offers(olu)) == 1
    # Olu was marked, and having been there outweighs.
    assert "1 person was there" not in over.words
    assert "What you missed" in ana.types("notes missed")


def test_roster_of_a_hundred_is_split_into_lists_that_fit(chat: Chat) -> None:
    """Every platform can show each list."""
    id = create_meeting_community(chat)
    with Session(chat.engine) as session, session.begin():
        for n in range(100):
            row = people.enrol(session, id, person_key(chat=chat, session=session, name=f"Member {n:03}", now=chat.now))
            row.joined_at = chat.now
    [ben] = actors(chat, "Ben")
    held(chat)
    ben.types("meeting attendance", root="facilitator")
    ben.presses("Mark who came")
    listed: list[str] = []
    for _page in range(3):
        form = ben.sees
        assert isinstance(form, Form)
        ticks = {
            f.name: " ".join(value for value, _label in f.choices) for f in form.fields if isinstance(f, TickField)
        }
        listed += [value for values in ticks.values() for value in values.split()]
        said = ben.fills(**ticks)
        if "Go on" in str(ben.sees):
            ben.presses("Go on with the next list")
    assert len(listed) == len(set(listed)) == 104
    assert "104 people were at Monthly circle" in said
    assert "+" in ben.types("meeting attendance", root="facilitator")


def test_self_report_during_the_roster_is_kept(chat: Chat) -> None:
    """Someone says that they were there while a facilitator has the roster open."""
    create_meeting_community(chat)
    mei, ben = actors(chat, "Mei", "Ben")
    over = held(chat)
    ben.types("meeting attendance", root="facilitator")
    ben.presses("Mark who came")
    mei.presses("I was there", on=over)
    assert "1 person was at" in ben.fills()
    ben.types("meeting attendance", root="facilitator")
    ben.presses("Mark who came")
    assert "0 people were at" in ben.fills(list0="")
    assert "Taken" not in mei.types("my attendance")


def test_attendance_history_names_only_those_who_agreed(chat: Chat) -> None:
    """How steadily people come is told by name only of those who agreed."""
    id = create_meeting_community(chat)
    with Session(chat.engine) as session, session.begin():
        row = people.enrol(session, id, person_key(session, chat, "Lin", chat.now))
        row.joined_at = chat.now
    mei, olu, ben = actors(chat, "Mei", "Olu", "Ben")
    mei.types("settings")
    mei.fills(ticks="nudges reminders shows_attendance")
    for over in (local(2025, 10, 8, 18), local(2025, 11, 12, 18)):
        chat.until(over)
        for who in (mei, olu):
            who.presses("I was there", on=card(chat, -1))
    said = ben.types("meeting attendance", root="facilitator")
    assert "Over the last 2 meetings, 2 of 5 members were at three quarters or more" in said
    assert "- Mei: 2 of 2" in said
    assert "- Olu" not in said
    assert "is for facilitators" in mei.types("meeting attendance", root="facilitator")


def join(chat: Chat, community: int, *names: str) -> None:
    with Session(chat.engine) as session, session.begin():
        for name in names:
            row = people.enrol(session, community, person_key(session, chat, name, chat.clock.now()))
            row.joined_at, row.shows_attendance = chat.clock.now(), True


def test_meetings_before_joining_are_not_missed(chat: Chat) -> None:
    id = create_meeting_community(chat)
    lin, max_, mei = actors(chat, "Lin", "Max", "Mei")
    chat.until(local(2025, 10, 9, 12))
    join(chat, id, "Lin", "Max")
    assert "hasn’t met since you joined" in lin.types("my attendance")
    # Max came to the meeting before he joined.
    max_.presses("I was there", on=card(chat))
    assert "Monthly circle: there" in max_.types("my attendance")
    chat.until(local(2025, 11, 12, 18))
    assert "Of the last meeting of Youth workers you were at 0" in lin.types("my attendance")
    assert "2025-10-08" not in lin.types("my attendance")
    assert "2025-11-12" in lin.types("my attendance")
    assert "Of the last 2 meetings of Youth workers you were at 1" in max_.types("my attendance")
    assert "Of the last 2 meetings of Youth workers you were at 0" in mei.types("my attendance")


def test_attendance_history_counts_meetings_since_joining(chat: Chat) -> None:
    """Who joined in between is measured by the meetings since, and who joined after the last one is not measured."""
    id = create_meeting_community(chat)
    mei, olu, lin, ben = actors(chat, "Mei", "Olu", "Lin", "Ben")
    chat.until(local(2025, 10, 8, 18))
    for who in (mei, olu):
        who.presses("I was there", on=card(chat))
    join(chat, id, "Lin")
    chat.until(local(2025, 11, 12, 18))
    for who in (mei, lin):
        who.presses("I was there", on=card(chat, -1))
    said = ben.types("meeting attendance", root="facilitator")
    assert "Over the last 2 meetings, 2 of 5 members were at three quarters or more" in said
    assert "- Lin: 1 of 1" in said
    join(chat, id, "Max")
    said = ben.types("meeting attendance", root="facilitator")
    assert "2 of 5 members" in said
    assert "Max" not in said


def test_own_attendance_is_counted_exported_and_deleted(chat: Chat) -> None:
    id = create_meeting_community(chat)
    [mei] = actors(chat, "Mei")
    mei.presses("I was there", on=held(chat))
    assert "1 meetings you were at" in mei.types("data show")
    with Session(chat.engine) as session:
        person = people.key(people.get_or_create(session, platform=chat.name, space=chat.space, external="mei"))
        [row] = personal_data.everything(session, person)["meetings you were at"]
        assert (row["how"], row["meeting"]) == ("said so", "Monthly circle")
    mei.types("data delete")
    mei.presses("Delete my data")
    with Session(chat.engine) as session:
        assert attendance.at_meeting(session, 1) == {}
    assert id


def test_three_hundred_replies_within_a_minute_are_counted(chat: Chat) -> None:
    id = create_meeting_community(chat)
    chat.until(local(2025, 10, 1, 17))
    with Session(chat.engine) as session, session.begin():
        for n in range(300):
            row = people.enrol(session, id, person_key(session, chat, f"m{n}", chat.now))
            row.joined_at = chat.now
    shown = card(chat)
    edits = shown.edits
    for n in range(300):
        who = chat.person(f"m{n}", zone=ZONE)
        answer = ("yes", "maybe", "no")[n % 3]
        said = chat.app.handle(Click(who.place(), who.who, "meetings.rsvp", f"{id}:1.{answer}"))
        assert f"You said {answer}" in words(said)
    chat.deliver_all()
    assert "Coming: 100 yes, 100 maybe, 100 no" in shown.words
    # The channel sees one change, not three hundred.
    assert shown.edits == edits + 1


def test_meeting_of_another_community_is_out_of_reach(chat: Chat) -> None:
    """Forged buttons with its id are refused, and change nothing."""
    create_meeting_community(chat)
    there = create_community(chat, ("Zoe",), name="Site leaders", channel="leaders", facilitator="Cam")
    zoe, cam = actors(chat, "Zoe", "Cam")
    held(chat)
    for verb, value in [("there", "1"), ("missed", "1"), ("make_up", "1"), ("add_note", "1"), ("one", "1")]:
        zoe.channel = "leaders"
        said = chat.app.handle(Click(zoe.place(), zoe.who, f"meetings.{verb}", f"{there}:{value}"))
        assert "no longer planned" in words(said), verb
    for verb, value in [
        ("mark", "1.0"),
        ("mark_yes", "1"),
        ("attendance_of", "1"),
        ("adjust", "1"),
        ("as_ruled", "1.0"),
    ]:
        cam.channel = "leaders"
        said = chat.app.handle(Click(cam.place(), cam.who, f"meetings.{verb}", f"{there}:{value}"))
        assert "no longer planned" in words(said), verb
    odd = Submission(cam.place(), cam.who, "meetings.marked", f"{there}:999", {})
    assert "no longer remember" in words(chat.app.handle(odd))
    with Session(chat.engine) as session:
        assert attendance.at_meeting(session, 1) == {}
        assert [
            t for t in timers.upcoming(session, 1, chat.clock.now() + timedelta(days=30)) if "makeup" in t.kind
        ] == []


def test_roster_and_report_have_one_continuity(chat: Chat) -> None:
    """Olu caught up on the first meeting, which isn't being there. Ana was away, so the second isn't one she missed."""
    id = create_meeting_community(chat)
    mei, olu, ana, ben = actors(chat, "Mei", "Olu", "Ana", "Ben")
    chat.until(local(2025, 10, 5, 12))
    join(chat, id, "Lin")
    first = held(chat)
    for who in (mei, ana):
        who.presses("I was there", on=first)
    with Session(chat.engine) as session, session.begin():
        [meeting] = attendance.held(session, id, local(2025, 10, 1), chat.clock.now())
        olus = person_key(session, chat, "Olu", chat.clock.now())
        attendance.put(session, meetings.key(meeting), olus, attendance.MADE_UP, chat.clock.now(), "Arrivals")
    chat.until(local(2025, 11, 10, 12))
    ana.types("away until 2025-11-20")
    chat.until(local(2025, 11, 12, 18))
    for who in (mei, olu):
        who.presses("I was there", on=card(chat, -1))
    # Mei 2 of 2, Olu 1 of 2, Ana 1 of 1, Ben and Lin none.
    said = ben.types("meeting attendance", root="facilitator")
    assert "Over the last 2 meetings, 2 of 5 members were at three quarters or more of theirs." in said
    assert "Continuity: 2 of 5 members were at three quarters" in ben.types("report")
