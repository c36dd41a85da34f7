"""A program: conveners invite, a facilitator of each community accepts, and either side ends it."""

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from bot.core.events import Click
from bot.operations.maintenance import housekeeping
from storage.communities import programs
from storage.communities.programs import Convener, Program, ProgramCommunity
from storage.library.resources import COMMUNITY, PROGRAM, Resource
from storage.meetings.meetings import Meeting
from storage.people import people
from tests.support.chat import Actor, Chat, words
from tests.support.community import actors, create_community, join_program, person_key
from tests.support.meetings import create_meeting_community, end_first_meeting, join_members

NAME = "Riverside after school"


def two_communities(chat: Chat) -> tuple[Actor, Actor, Actor, Actor]:
    """Return Ben and Mei of the youth workers in #general, Chi and Lena of the stewards in #stewards; Ben is admin."""
    create_community(chat)
    create_community(chat, ["Lena"], name="Quality stewards", channel="stewards", facilitator="Chi")
    with Session(chat.engine) as session, session.begin():
        row = people.membership(session, 1, person_key(session, chat, "Ben", chat.clock.now()))
        assert row
        row.role, row.facilitates = 3, True
    ben, mei, chi, lena = actors(chat, "Ben", "Mei", "Chi", "Lena")
    chi.channel = lena.channel = "stewards"
    return ben, mei, chi, lena


def share(who: Actor, title: str, audience: str = PROGRAM) -> str:
    who.types("share")
    return who.fills(title=title, note="It helped", topics="music", audience=audience)


def invited(chat: Chat) -> tuple[Actor, Actor, Actor, Actor]:
    ben, mei, chi, lena = two_communities(chat)
    assert "Youth workers is part of it" in ben.types(f"program create {NAME}", root="admin")
    ben.presses("Invite a community")
    assert "asked the facilitators of Quality stewards" in ben.chooses("Invite", "Quality stewards")
    return ben, mei, chi, lena


def joined(chat: Chat) -> tuple[Actor, Actor, Actor, Actor]:
    ben, mei, chi, lena = invited(chat)
    assert f"now belongs to {NAME}" in chi.presses("Join the program", chi.direct()[-1])
    return ben, mei, chi, lena


def test_community_joins_by_both_sides_yes(chat: Chat) -> None:
    ben, mei, chi, lena = invited(chat)
    share(mei, "Open marimba")
    # Invited is not joined.
    assert "Nothing here matches" in lena.types("find marimba")
    assert "Invited: Quality stewards" in ben.types("program")
    said = chi.types("program")
    assert "There’s an invitation" in said
    assert "Conveners: Ben" in said
    assert "Communities: Youth workers" in said
    chi.presses("Join the program", chi.direct()[-1])
    assert f"Quality stewards has joined {NAME}" in ben.direct()[-1].words
    assert any(f"now part of the program {NAME}" in p.words for p in chat.in_channel("stewards"))
    assert "Open marimba" in lena.types("find marimba")
    assert "Communities: Youth workers, Quality stewards" in lena.types("program")
    share(lena, "Quiet drums", "community")
    assert "Nothing here matches" in mei.types("find drums")


def test_facilitator_declines_and_the_convener_is_told(chat: Chat) -> None:
    ben, _mei, chi, _lena = invited(chat)
    assert "Declined" in chi.presses("Decline", chi.direct()[-1])
    assert f"Quality stewards doesn’t belong to {NAME}" in ben.direct()[-1].words
    assert "That invitation has ended" in chi.presses("Join the program", chi.direct()[-1])
    assert "doesn’t belong to a program" in chi.types("program")


@pytest.mark.parametrize("side", ["the community", "the convener"])
def test_either_side_ends_it_and_sharing_with_it(side: str, chat: Chat) -> None:
    ben, mei, chi, lena = joined(chat)
    share(mei, "Open marimba")
    share(lena, "Quiet drums")
    assert "Quiet drums" in mei.types("find drums")
    if side == "the community":
        chi.types("program")
        chi.presses("Leave the program")
        assert f"has left {NAME}" in chi.presses("Leave the program")
        assert f"doesn’t belong to {NAME}" in ben.direct()[-1].words
    else:
        ben.types("program")
        ben.presses("Remove a community")
        assert f"no longer part of {NAME}" in ben.chooses("Remove", "Quality stewards")
        assert "A convener took Quality stewards out" in chi.direct()[-1].words
    assert any(f"no longer part of the program {NAME}" in p.words for p in chat.in_channel("stewards"))
    chat.deliver_all()
    assert "Nothing here matches" in mei.types("find drums")
    assert "Nothing here matches" in lena.types("find marimba")
    assert "Quiet drums" in lena.types("find drums")
    with Session(chat.engine) as session:
        assert [r.audience for r in session.exec(select(Resource).where(Resource.community_id == 2))] == [COMMUNITY]
    # What was shared with this program is not shared with the next one.
    with Session(chat.engine) as session, session.begin():
        create = programs.create(session, "Another", 1, chat.clock.now())
        programs.join(session, programs.invite(session, programs.key(create), 2, chat.clock.now()), chat.clock.now())
        create_in_other = programs.invite(session, programs.key(create), 1, chat.clock.now())
        programs.end(session, programs.part(session, 1, 1) or create_in_other)
        programs.join(session, create_in_other, chat.clock.now())
    assert "Nothing here matches" in mei.types("find drums")


def test_same_name_joins_nothing(chat: Chat, engine: Engine) -> None:
    """In one workspace or another: two programs that are called the same are two."""
    _ben, mei, _chi, lena = two_communities(chat)
    away = Chat(engine, name="elsewhere", space="E1")
    create_community(away, ["Sol"], name="Leaders", facilitator="Tam")
    [sol] = actors(away, "Sol")
    with Session(engine) as session, session.begin():
        for community in (1, 2, 3):
            join_program(session, NAME, community)
    share(mei, "Open marimba")
    assert "Nothing here matches" in lena.types("find marimba")
    assert "Nothing here matches" in sol.types("find marimba")


def test_creator_who_does_not_facilitate_invites_their_own_community(chat: Chat) -> None:
    create_community(chat)
    ada, ben = chat.person("Ada", manages=True), *actors(chat, "Ben")
    assert "joins once one of its facilitators says yes" in ada.types(f"program create {NAME}", root="admin")
    ben.presses("Join the program", ben.direct()[-1])
    assert "Communities: Youth workers" in ben.types("program")
    assert "belongs to Riverside after school" in ada.types("program create Another", root="admin")


@pytest.mark.parametrize(
    ("action", "chosen"),
    [
        ("programs.invite", ""),
        ("programs.invite_one", "2"),
        ("programs.remove", ""),
        ("programs.remove_one", "1"),
        ("programs.convener", ""),
        ("programs.step_down", ""),
    ],
)
def test_forged_button_of_somebody_who_does_not_convene_changes_nothing(action: str, chosen: str, chat: Chat) -> None:
    _ben, mei, chi, _lena = invited(chat)
    with Session(chat.engine) as session:
        before = session.exec(select(ProgramCommunity)).all(), session.exec(select(Convener)).all()
    for who, stamp in ((mei, "1:1"), (chi, "2:1"), (chi, ":1")):
        said = words(chat.app.handle(Click(who.place(), who.who, action, stamp, (chosen,) if chosen else ())))
        assert "Only conveners" in said
    with Session(chat.engine) as session:
        assert (session.exec(select(ProgramCommunity)).all(), session.exec(select(Convener)).all()) == before


def test_only_a_facilitator_of_the_invited_community_accepts(chat: Chat) -> None:
    ben, _mei, chi, lena = invited(chat)
    for who, stamp in ((lena, "2:1"), (ben, "2:1"), (ben, "1:1"), (chi, "1:1")):
        chat.app.handle(Click(who.place(), who.who, "programs.accept", stamp))
    with Session(chat.engine) as session:
        row = programs.part(session, 1, 2)
        assert row
        assert row.joined_at is None


def test_community_belongs_to_one_program(chat: Chat) -> None:
    ben, _mei, chi, _lena = invited(chat)
    with Session(chat.engine) as session, session.begin():
        join_program(session, "Another", 2)
    assert "It can belong to one program only" in chi.presses("Join the program", chi.direct()[-1])
    ben.types("program")
    ben.presses("Invite a community")
    assert "I don’t know a community you could invite" in words(ben.sees)


def test_conveners_share_the_work(chat: Chat) -> None:
    ben, _mei, chi, _lena = joined(chat)
    ben.types("program")
    assert "You’re the only convener" in ben.presses("Step down")
    ben.types("program")
    ben.presses("Add a convener")
    assert "Conveners of Riverside after school too now: Chi" in ben.fills(who="chi")
    assert "You’re now a convener" in chi.direct()[-1].words
    ben.types("program")
    assert "You no longer convene" in ben.presses("Step down")
    assert "Conveners: Chi" in ben.types("program")


def test_last_community_takes_the_program_with_it(chat: Chat) -> None:
    create_community(chat)
    with Session(chat.engine) as session, session.begin():
        join_program(session, NAME, 1)
    [ben] = actors(chat, "Ben")
    ben.types("program")
    ben.presses("Leave the program")
    ben.presses("Leave the program")
    with Session(chat.engine) as session:
        assert session.exec(select(Program)).all() == []
        assert session.exec(select(Convener)).all() == []


def test_deleted_convener_convenes_nothing(chat: Chat) -> None:
    ben, _mei, chi, _lena = joined(chat)
    ben.types("data delete")
    ben.presses("Delete my data")
    housekeeping(chat.app)
    assert "no one at the moment" in chi.types("program")


def test_facilitator_convenes_a_program_that_has_no_convener(chat: Chat) -> None:
    ben, mei, chi, lena = joined(chat)
    with Session(chat.engine) as session, session.begin():
        row = people.membership(session, 1, person_key(session, chat, "Mei", chat.clock.now()))
        assert row
        row.role, row.facilitates = 2, True
    assert "It has no convener now" not in chi.types("program")
    ben.types("data delete")
    ben.presses("Delete my data")
    assert "It has no convener now" not in lena.types("program")
    forged = Click(lena.place(), lena.who, "programs.take_on", "2:1")
    assert "for facilitators" in words(chat.app.handle(forged))
    assert "It has no convener now" in chi.types("program")
    assert "You now convene Riverside after school" in chi.presses("Convene it")
    assert "Conveners: Chi" in lena.types("program")
    assert "no longer had a convener. Chi convenes it now" in mei.direct()[-1].words
    again = Click(chi.place(), chi.who, "programs.take_on", "2:1")
    assert "Chi convenes it already" in words(chat.app.handle(again))


def test_joint_meetings_to_come_are_separate_after_leaving(chat: Chat) -> None:
    _ben, _mei, chi, _lena = joined(chat)
    with Session(chat.engine) as session, session.begin():
        when = chat.clock.now().replace(day=30)
        host = Meeting(community_id=1, title="Together", starts_at=when, minutes=60)
        session.add(host)
        session.flush()
        session.add(Meeting(community_id=2, title="Together", starts_at=when, minutes=60, host_id=host.id))
    chi.types("program")
    chi.presses("Leave the program")
    chi.presses("Leave the program")
    with Session(chat.engine) as session:
        assert [row.host_id for row in session.exec(select(Meeting).where(Meeting.community_id == 2))] == [None]


def test_takeaways_shared_before_the_program_do_not_reach_it(chat: Chat) -> None:
    create_meeting_community(chat)
    create_community(chat, ["Lena"], name="Quality stewards", channel="stewards", facilitator="Chi")
    [mei] = join_members(chat, 1, "Mei", organization="East Side House")
    [lena] = join_members(chat, 2, "Lena", organization="East Side House")
    lena.channel = "stewards"
    mei.presses("Answer", on=end_first_meeting(chat))
    mei.fills(home="A quiet corner")
    mei.presses("Share with colleagues")
    with Session(chat.engine) as session, session.begin():
        program = join_program(session, NAME, 1, 2)
        for community in (1, 2):
            row = programs.part(session, program, community)
            assert row
            row.joined_at = chat.clock.now().replace(microsecond=1)
    assert "A quiet corner" not in lena.types("my takeaways")
    chat.wait(minutes=1)
    mei.types("my takeaways")
    mei.presses("Answer", on=next(p for p in chat.in_channel() if p.message.title == "After the meeting"))
    mei.fills()
    chat.app.handle(Click(mei.place(), mei.who, "feedback.share_home", "1:1"))
    assert "A quiet corner" in lena.types("my takeaways")
