"""Home and help, for a stranger, a member, and a person in several communities."""

from datetime import timedelta

from sqlmodel import Session

from bot.core.events import HomeOpened
from bot.ui import Button, Message
from storage.learning import rounds
from storage.meetings import meetings, rsvps
from storage.people import people
from tests.support.chat import Chat, words
from tests.support.community import actors, create_community


def add_meeting(chat: Chat, community: int) -> int:
    with Session(chat.engine) as session, session.begin():
        at = chat.clock.now() + timedelta(days=3)
        return meetings.key(meetings.add(session, community, title="October", starts_at=at, minutes=90, place="Room 2"))


def open_round(chat: Chat, community: int, question: str) -> int:
    with Session(chat.engine) as session, session.begin():
        now = chat.clock.now()
        row = rounds.open_round(
            session, community, rounds.CHECKIN, question, now=now, closes_at=now + timedelta(days=5)
        )
        return row.id or 0


def test_stranger_reads_what_this_is_and_may_join(chat: Chat) -> None:
    create_community(chat)
    zed = chat.person("Zed")
    said = zed.types("")
    assert "learning between its meetings" in said
    assert "Youth workers meets here." in said
    assert "Join Youth workers?" in zed.presses("Join")


def test_stranger_reads_in_a_direct_message_how_to_join_but_not_what(chat: Chat) -> None:
    create_community(chat)
    zed = chat.person("Zed")
    said = zed.whispers("home")
    assert "use /cop join in its channel" in said
    assert "Youth workers" not in said
    assert zed.shown.actions == ()


def test_setup_is_offered_only_to_a_manager(chat: Chat) -> None:
    """Where nothing is set up, only a person who manages the space is offered to."""
    assert "Set up a community" not in chat.person("Zed").types("home")
    ada = chat.person("Ada", manages=True)
    ada.types("home")
    assert isinstance(ada.sees, Message)
    assert [a.action for a in ada.sees.actions if isinstance(a, Button)] == ["setup.begin"]


def test_home_shows_the_next_meeting_and_open_questions(chat: Chat) -> None:
    community = create_community(chat)
    [mei] = actors(chat, "Mei")
    assert "No meeting is planned yet." in mei.types("home")
    add_meeting(chat, community)
    open_round(chat, community, "What did you *try*?")
    said = words(chat.app.handle(HomeOpened(mei.place(direct=True), mei.who)))
    assert "Next meeting: 2025-09-25 13:00 UTC, Room 2." in said
    assert "What did you *try*?" in said


def test_home_shows_the_members_reply(chat: Chat) -> None:
    community = create_community(chat)
    [mei] = actors(chat, "Mei")
    meeting = add_meeting(chat, community)
    with Session(chat.engine) as session, session.begin():
        who = people.account(session, chat.name, "mei")
        assert who
        rsvps.say(session, meeting, who.person_id, rsvps.MAYBE, chat.clock.now())
    assert "You said maybe." in mei.types("home")
    assert isinstance(mei.sees, Message)
    styles = {a.label: a.style for a in mei.sees.actions if isinstance(a, Button)}
    assert styles == {"Yes": "plain", "Maybe": "primary", "No": "plain", "Improvement cycles": "plain"}


def test_member_of_several_communities_sees_each_in_short(chat: Chat) -> None:
    create_community(chat)
    staff = create_community(chat, ["Mei"], name="Staff leaders", channel="staff")
    open_round(chat, staff, "Ready?")
    [mei] = actors(chat, "Mei")
    said = mei.whispers("home")
    assert "Youth workers\nNo meeting is planned yet.\nNo question waits for you." in said
    assert "One question waits for you." in said
    assert "Ready?" in mei.chooses("Open one of them", "Staff leaders")
    assert isinstance(mei.sees, Message)
    # The button carries the right community.
    assert {a.value for a in mei.sees.actions if isinstance(a, Button)} == {f"{staff}:1", f"{staff}:"}


def test_help_names_only_permitted_commands(chat: Chat) -> None:
    create_community(chat)
    zed, mei, ben = chat.person("Zed"), *actors(chat, "Mei", "Ben")
    assert "/cop leave" not in zed.types("help")
    assert "/cop join" in zed.types("help")
    assert "/cop leave" in mei.types("help")
    assert "For facilitators" not in mei.types("help")
    assert "For facilitators" in ben.types("help")


def test_help_explains_one_command(chat: Chat) -> None:
    create_community(chat)
    [mei] = actors(chat, "Mei")
    assert "Like this: /cop snooze 2w" in mei.types("help snooze")
    assert "Like this: /cop snooze 2w" in mei.types("help /cop snooze")
    assert "for facilitators of this community" in mei.types("help checkin open")
    assert "Did you mean /cop snooze?" in mei.types("help snoze")
    assert "Like this: /cop snooze 2w" in mei.presses("Run /cop help snooze")


def test_help_fits_every_platform(chat: Chat) -> None:
    community = create_community(chat)
    with Session(chat.engine) as session, session.begin():
        who = people.account(session, chat.name, "ben")
        assert who
        people.enrol(session, community, who.person_id).role = 3
    [ben] = actors(chat, "Ben")
    said = ben.types("help")
    assert "For admins" in said
    for spec in chat.app.commands:
        assert f"/cop {spec.name}" in said or spec.name.split()[-1] in said
        assert spec.name in ben.types(f"help {spec.name}")


def test_bare_root_command_says_what_the_person_can_do(chat: Chat) -> None:
    create_community(chat)
    ben, mei = actors(chat, "Ben", "Mei")
    assert "For facilitators" in ben.types("", root="facilitator")
    assert "For everybody" not in words(ben.sees)
    assert "/cop help lists the rest" in words(ben.sees)
    assert "For facilitators" in ben.types("help", root="facilitator")
    assert "For facilitators" not in mei.types("", root="facilitator")
    assert "Next meeting" in mei.types("", root="member") or "No meeting" in words(mei.sees)


def test_facilitator_is_told_where_to_look_ahead(chat: Chat) -> None:
    create_community(chat)
    ben, mei = actors(chat, "Ben", "Mei")
    assert "You help to run it" in ben.types("home")
    assert "You help to run it" not in mei.types("home")
