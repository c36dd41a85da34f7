"""Joining and leaving a community."""

from sqlmodel import Session, select

from bot.ui import Form
from storage.learning import rounds
from storage.learning.rounds import Response
from storage.meetings import meetings, rsvps
from storage.people import people
from storage.people.people import Membership, Person
from tests.support.chat import Chat
from tests.support.community import actors, create_community


def membership(chat: Chat, name: str, community: int) -> Membership | None:
    with Session(chat.engine) as session:
        who = people.account(session, chat.name, name.lower())
        return people.membership(session, community, who.person_id) if who else None


def answered(chat: Chat, community: int, name: str, body: str, audience: str = rounds.GROUP) -> None:
    with Session(chat.engine) as session, session.begin():
        now = chat.clock.now()
        round = rounds.open_round(session, community, rounds.CHECKIN, "How is it going?", now=now, closes_at=now)
        who = people.account(session, chat.name, name.lower())
        assert who
        rounds.save_answer(session, round.id or 0, who.person_id, None, body=body, audience=audience, now=now)


def test_person_joins_after_agreeing(chat: Chat) -> None:
    community = create_community(chat)
    zed = chat.person("Zed")
    said = zed.types("join")
    assert "What I save: your name and account here" in said
    assert "I delete answers 12 months after" in said
    # Nothing is saved before he agrees.
    assert membership(chat, "Zed", community) is None
    assert "You have joined Youth workers" in zed.presses("Join")
    assert "No question is waiting" in zed.presses("See what is open")
    row = membership(chat, "Zed", community)
    assert row
    assert row.joined_at == chat.clock.now()
    assert [p.words.splitlines()[0] for p in zed.direct()] == ["Welcome"]
    # The facilitators are told, and nobody else.
    assert chat.in_channel() == []
    assert {p.person for p in chat.posts} == {"zed", "ben"}


def test_joining_twice_changes_nothing(chat: Chat) -> None:
    create_community(chat)
    zed = chat.person("Zed")
    zed.types("join")
    consent = zed.sees
    zed.presses("Join")
    zed.sees = consent
    assert "belong to Youth workers already" in zed.presses("Join")
    assert "belong to Youth workers already" in zed.types("join")
    assert len(zed.direct()) == 1


def test_declining_saves_nothing(chat: Chat) -> None:
    community = create_community(chat)
    zed = chat.person("Zed")
    zed.types("join")
    assert "nothing is kept" in zed.presses("Not now")
    assert membership(chat, "Zed", community) is None


def test_several_communities_are_offered_in_a_menu(chat: Chat) -> None:
    """Only those that know of the person: here a facilitator of each has invited him."""
    create_community(chat, [], name="Youth workers", channel="youth")
    staff = create_community(chat, [], name="Staff leaders", channel="staff")
    [ben, zed] = actors(chat, "Ben", "Zed")
    for ben.channel in ("youth", "staff"):
        ben.types("member invite <@zed>")
    assert "Several communities meet here" in zed.types("join")
    assert "Join Staff leaders?" in zed.chooses("Choose a community", "Staff leaders")
    zed.presses("Join")
    assert people.is_member(membership(chat, "Zed", staff))
    # The only community left.
    assert "Join Youth workers?" in zed.types("join")


def test_joining_is_refused_in_a_channel_without_a_community(chat: Chat) -> None:
    assert "use /cop join in its channel" in chat.person("Zed").types("join")


def test_leaving_removes_the_name_from_what_was_shared(chat: Chat) -> None:
    community = create_community(chat)
    [mei] = actors(chat, "Mei")
    answered(chat, community, "Mei", "Silent starts work")
    answered(chat, community, "Mei", "I am tired", rounds.ME)
    mei.types("leave")
    assert "You have left Youth workers" in mei.presses("Leave")
    with Session(chat.engine) as session:
        shared, own = session.exec(select(Response).order_by(Response.body)).all()[::-1]
        assert shared.body == "Silent starts work"
        writer = session.get_one(Person, shared.person_id)
        assert (writer.name, list(people.accounts(session, shared.person_id))) == ("Someone who has left", [])
        # Only she could read it, so it stays hers.
        assert session.get_one(Person, own.person_id).name == "Mei"
    assert "you have not joined here yet" in mei.types("settings")


def test_leaving_may_delete_what_was_written(chat: Chat) -> None:
    community = create_community(chat)
    [mei] = actors(chat, "Mei")
    answered(chat, community, "Mei", "Silent starts work")
    answered(chat, community, "Olu", "Snacks first")
    mei.types("leave")
    assert "has been deleted" in mei.presses("Leave and delete what I wrote")
    with Session(chat.engine) as session:
        assert [a.body for a in session.exec(select(Response))] == ["Snacks first"]


def test_old_button_tells_a_person_that_they_left(chat: Chat) -> None:
    create_community(chat)
    [mei] = actors(chat, "Mei")
    mei.types("leave")
    asked = mei.sees
    mei.presses("Leave")
    mei.sees = asked
    assert "nothing to leave" in mei.presses("Leave")


def test_person_who_left_may_return(chat: Chat) -> None:
    community = create_community(chat)
    [ben] = actors(chat, "Ben")
    assert "give up your role" in ben.types("leave")
    ben.presses("Leave")
    ben.types("join")
    ben.presses("Join")
    row = membership(chat, "Ben", community)
    assert people.is_member(row)
    assert row
    # An admin gives roles; coming back doesn't.
    assert row.role == 1


def test_staying_changes_nothing(chat: Chat) -> None:
    community = create_community(chat)
    [mei] = actors(chat, "Mei")
    mei.types("leave")
    assert "nothing has changed" in mei.presses("Stay")
    assert people.is_member(membership(chat, "Mei", community))


def test_leaving_withdraws_replies_to_meetings(chat: Chat) -> None:
    community = create_community(chat)
    [mei] = actors(chat, "Mei")
    with Session(chat.engine) as session, session.begin():
        meeting = meetings.add(session, community, title="Meeting", starts_at=chat.clock.now(), minutes=60)
        who = people.account(session, chat.name, "mei")
        assert who
        rsvps.say(session, meetings.key(meeting), who.person_id, rsvps.YES, chat.clock.now())
    mei.types("leave")
    mei.presses("Leave")
    with Session(chat.engine) as session:
        assert session.exec(select(rsvps.Rsvp)).all() == []


def test_member_says_what_they_do_and_welcome(chat: Chat) -> None:
    community = create_community(chat)
    [mei] = actors(chat, "Mei")
    mei.types("settings")
    assert isinstance(mei.sees, Form)
    # With one language there is no choice.
    assert [f.name for f in mei.sees.fields] == ["role_group", "organization", "ticks"]
    said = mei.fills(role_group="Youth worker", organization="*Northside* <!channel>", ticks="reminders")
    assert "You do: Youth worker" in said
    # It is shown as typed.
    assert "Where: *Northside* <!channel>" in said
    row = membership(chat, "Mei", community)
    assert row
    assert (row.nudges, row.reminders) == (False, True)


def test_long_setting_is_asked_again_with_what_was_typed(chat: Chat) -> None:
    create_community(chat)
    [mei] = actors(chat, "Mei")
    mei.types("settings")
    assert "at most 60 characters" in mei.fills(role_group="x" * 100, organization="Northside")
    assert "Where: Northside" in mei.fills(role_group="Youth worker")
