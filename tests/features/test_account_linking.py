"""One person with accounts on two platforms: both accounts say yes, and for a week either can undo it."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from bot.operations.maintenance import housekeeping
from storage.learning import reflections, rounds
from storage.learning.reflections import Reflection
from storage.learning.rounds import Response, Round
from storage.people import people
from storage.people.account_links import AccountLink, ReplacedRow
from storage.people.link_codes import LinkCode, LinkRequest
from storage.people.people import Membership, Person
from tests.support.chat import Actor, Chat, Post
from tests.support.community import actors, create_community


def code_of(actor: Actor) -> str:
    shown = re.search(r"/cop link (\S+)\.", actor.types("link").replace(",", "."))
    assert shown
    return shown[1]


@pytest.fixture
def away(chat: Chat, engine: Engine) -> Chat:
    return Chat(engine, name="elsewhere", space="E1")


def link(owner: Actor, asker: Actor) -> None:
    """Link two accounts with the yes of both."""
    asker.types(f"link {code_of(owner)}")
    asker.presses("Link accounts")
    owner.chat.deliver_all()
    assert "are one person now" in owner.presses("Link accounts", owner.direct()[-1])
    asker.chat.deliver_all()


def ids(session: Session, *who: Actor) -> list[int]:
    found = [people.account(session, a.chat.name, a.who.id) for a in who]
    return [account.person_id for account in found if account]


def test_linked_accounts_are_one_person_on_both_platforms(chat: Chat, away: Chat) -> None:
    home, far = create_community(chat), create_community(away, ["Mei"], name="Staff leaders", facilitator="Chi")
    [mei], mei_there = actors(chat, "Mei"), away.person("Mei")
    link(mei, mei_there)
    with Session(chat.engine) as session:
        one, other = ids(session, mei, mei_there)
        assert one == other
        assert people.communities_of(session, one) == [home, far]
        assert session.exec(select(LinkCode)).all() == []
        assert session.exec(select(LinkRequest)).all() == []
    assert "are one person now" in mei.direct()[-1].words
    assert "are one person now" in mei_there.direct()[-1].words


def test_question_reaches_a_person_of_another_community(chat: Chat, away: Chat) -> None:
    """And so does the answer: the two have no community in common, and both are in one."""
    create_community(chat, ["Mei"])
    create_community(away, ["Zed"], name="Staff leaders", facilitator="Chi")
    mei, zed = chat.person("Mei"), away.person("Zed")
    link(mei, zed)
    assert "are one person now" in zed.direct()[-1].words
    zed.types("unlink")
    zed.presses("Undo linking")
    chat.deliver_all()
    assert "a person of its own again" in mei.direct()[-1].words


def test_both_names_and_platforms_are_shown_and_nothing_is_linked_before_both_say_yes(chat: Chat, away: Chat) -> None:
    mei, zed = chat.person("Mei"), away.person("Zed")
    said = zed.types(f"link {code_of(mei).lower()}")
    assert "You here: Zed on Elsewhere" in said
    assert "Who made the code: Mei on Pretend" in said
    assert "the other account" in zed.presses("Link accounts")
    chat.deliver_all()
    asked = mei.direct()[-1]
    assert "Who typed your code: Zed on Elsewhere" in asked.words
    with Session(chat.engine) as session:
        assert len(set(ids(session, mei, zed))) == 2
    assert "nothing is linked" in mei.presses("That isn’t me", asked)
    assert "has ended" in mei.presses("Link accounts", asked)
    away.deliver_all()
    assert "said no" in zed.direct()[-1].words
    with Session(chat.engine) as session:
        assert len(set(ids(session, mei, zed))) == 2
        assert session.exec(select(LinkRequest)).all() == []


def test_code_sent_to_somebody_else_gives_the_sender_nothing(chat: Chat, away: Chat) -> None:
    """The victim types the code and says yes; a stranger's card can't answer for the sender, nor can the victim."""
    sender, victim, third = chat.person("Sender"), away.person("Victim"), away.person("Third")
    victim.types(f"link {code_of(sender)}")
    question = victim.shown
    assert "has ended" in third.presses("Link accounts", Post("m0", question))
    assert "has ended" in sender.presses("Link accounts", Post("m0", question))
    victim.presses("Don’t link")
    chat.deliver_all()
    assert sender.direct() == []
    with Session(chat.engine) as session:
        assert len(set(ids(session, sender, victim, third))) == 3


@pytest.mark.parametrize("elsewhere_too", [False, True])
def test_accounts_on_one_platform_are_never_linked(chat: Chat, away: Chat, elsewhere_too: bool) -> None:
    mei, zed = actors(chat, "Mei", "Zed")
    if elsewhere_too:
        link(mei, away.person("Mei"))
        zed = away.person("Zed")
    said = zed.types(f"link {code_of(mei)}")
    assert f"an account on {'Elsewhere' if elsewhere_too else 'Pretend'}" in said
    assert "Nothing is linked" in said
    with Session(chat.engine) as session:
        assert len(set(ids(session, mei, zed))) == 2


def test_accounts_that_share_a_platform_by_now_are_not_linked(chat: Chat, away: Chat, engine: Engine) -> None:
    """Between the two yeses, the owner's account was linked to another one on the asker's platform."""
    mei, one, other = chat.person("Mei"), away.person("One"), away.person("Other")
    one.types(f"link {code_of(mei)}")
    one.presses("Link accounts")
    chat.deliver_all()
    question = mei.direct()[-1]
    with Session(engine) as session, session.begin():
        moved = people.account(session, "elsewhere", "other")
        if moved is None:
            people.get_or_create(session, platform="elsewhere", space="E1", external="other", name="Other")
            moved = people.account(session, "elsewhere", "other")
        assert moved
        moved.person_id = ids(session, mei)[0]
    assert "Nothing is linked" in mei.presses("Link accounts", question)
    with Session(engine) as session:
        assert len(set(ids(session, mei, one, other))) == 2


def answer(session: Session, round: Round, person: int, body: str, chat: Chat) -> None:
    assert round.id
    rounds.save_answer(session, round.id, person, None, body=body, audience="me", now=chat.clock.now())


def everything(session: Session) -> list[object]:
    """Return whose everything is that linking moves or replaces."""
    return [
        session.exec(select(Person).order_by(Person.id)).all(),  # type: ignore[arg-type]
        session.exec(select(Response.id, Response.person_id, Response.body).order_by(Response.id)).all(),  # type: ignore[arg-type]
        session.exec(select(Reflection.id, Reflection.person_id, Reflection.body).order_by(Reflection.id)).all(),  # type: ignore[arg-type]
        session.exec(select(Membership).order_by(Membership.id)).all(),  # type: ignore[arg-type]
    ]


def two_with_a_history(chat: Chat, away: Chat, engine: Engine) -> tuple[Actor, Actor]:
    """Mei and Zed, in one community, answered the same question, and each wrote something; Zed facilitates."""
    community = create_community(chat, ["Mei", "Olu"])
    create_community(away, ["Zed"], name="Staff leaders", facilitator="Chi")
    mei, zed = chat.person("Mei"), away.person("Zed")
    with Session(engine) as session, session.begin():
        now = chat.clock.now()
        one, other = ids(session, mei, zed)
        row = people.enrol(session, community, other)
        row.joined_at, row.role, row.organization, row.nudges = now, 2, "The Y", False
        both = rounds.open_round(session, community, rounds.CHECKIN, "One?", now=now, closes_at=now)
        only = rounds.open_round(session, community, rounds.CHECKIN, "Two?", now=now, closes_at=now)
        answer(session, both, one, "from Mei", chat)
        answer(session, both, other, "from Zed", chat)
        answer(session, only, other, "only Zed", chat)
        reflections.add(session, one, community, "thought by Mei", "", "me", now)
        reflections.add(session, other, community, "thought by Zed", "", "me", now)
        person = people.get(session, other)
        assert person
        person.quiet_from = 22
    return mei, zed


def test_one_answer_is_kept_when_both_accounts_answered(chat: Chat, away: Chat, engine: Engine) -> None:
    mei, zed = two_with_a_history(chat, away, engine)
    link(mei, zed)
    with Session(engine) as session:
        answers = session.exec(select(Response).order_by(Response.body)).all()
        assert [a.body for a in answers] == ["from Mei", "only Zed"]
        assert len({a.person_id for a in answers}) == 1
        assert "Zed" not in {p.name for p in session.exec(select(Person))}
        [row] = session.exec(
            select(Membership).where(Membership.role == 2, Membership.person_id == ids(session, mei)[0])
        )
        assert (row.role, row.organization, row.nudges) == (2, "The Y", False)


@pytest.mark.parametrize("by", ["the maker of the code", "the other account"])
def test_undoing_gives_each_side_back_what_it_had(by: str, chat: Chat, away: Chat, engine: Engine) -> None:
    mei, zed = two_with_a_history(chat, away, engine)
    with Session(engine) as session:
        before = everything(session)
    link(mei, zed)
    who = mei if by == "the maker of the code" else zed
    who.types("reflect")
    who.fills(body="since linked")
    chat.clock.move(chat.clock.now() + timedelta(days=6, hours=23))
    away.clock.move(chat.clock.now())
    assert "Zed on Elsewhere" in who.types("unlink")
    assert "is a person of its own again" in who.presses("Undo linking")
    chat.deliver_all()
    away.deliver_all()
    assert "is a person of its own again" in mei.direct()[-1].words
    assert "is a person of its own again" in zed.direct()[-1].words
    with Session(engine) as session, session.begin():
        one, other = ids(session, mei, zed)
        assert one != other
        [new] = session.exec(select(Reflection).where(Reflection.body == "since linked"))
        assert new.person_id == one
        session.delete(new)
        session.flush()
        assert everything(session) == before
        assert session.exec(select(AccountLink)).all() == []
        assert session.exec(select(ReplacedRow)).all() == []
    assert "No accounts of yours were linked" in who.types("unlink")


def test_undoing_is_offered_on_the_message_that_both_get(chat: Chat, away: Chat) -> None:
    mei, zed = chat.person("Mei"), away.person("Zed")
    link(mei, zed)
    zed.presses("Undo linking", zed.direct()[-1])
    zed.presses("Undo linking")
    with Session(chat.engine) as session:
        assert len(set(ids(session, mei, zed))) == 2


def test_undoing_ends_after_a_week_and_its_copies_go(chat: Chat, away: Chat, engine: Engine) -> None:
    mei, zed = two_with_a_history(chat, away, engine)
    link(mei, zed)
    mei.types("unlink")
    chat.clock.move(chat.clock.now() + timedelta(days=7, minutes=1))
    assert "can’t be undone anymore" in mei.presses("Undo linking")
    housekeeping(chat.app)
    with Session(engine) as session:
        assert session.exec(select(AccountLink)).all() == []
        assert session.exec(select(ReplacedRow)).all() == []


def test_nobody_else_can_undo(chat: Chat, away: Chat) -> None:
    mei, zed, olu = chat.person("Mei"), away.person("Zed"), chat.person("Olu")
    link(mei, zed)
    mei.types("unlink")
    assert "can’t be undone anymore" in olu.presses("Undo linking", Post("m0", mei.shown))
    with Session(chat.engine) as session:
        assert len(set(ids(session, mei, zed))) == 1


def test_what_was_changed_since_linking_stays_changed(chat: Chat, away: Chat, engine: Engine) -> None:
    """The role that linking gave goes; a setting that was chosen since stays; left means left for both."""
    mei, zed = two_with_a_history(chat, away, engine)
    link(mei, zed)
    mei.types("settings")
    mei.fills(role_group="coach")
    mei.types("unlink")
    mei.presses("Undo linking")
    with Session(engine) as session:
        one, other = ids(session, mei, zed)
        mine, theirs = people.membership(session, 1, one), people.membership(session, 1, other)
        assert mine
        assert theirs
        assert (mine.role, mine.role_group, mine.organization) == (1, "coach", "")
        assert (theirs.role, theirs.organization) == (2, "The Y")


def test_leaving_since_linking_leaves_for_both(chat: Chat, away: Chat, engine: Engine) -> None:
    mei, zed = two_with_a_history(chat, away, engine)
    link(mei, zed)
    mei.types("leave")
    mei.presses("Leave and delete what I wrote")
    with Session(engine) as session:
        assert [row for row in session.exec(select(ReplacedRow)) if row.community_id == 1] == []
    mei.types("unlink")
    mei.presses("Undo linking")
    with Session(engine) as session:
        _one, other = ids(session, mei, zed)
        assert people.communities_of(session, other) == [2]
        assert "from Zed" not in [a.body for a in session.exec(select(Response))]


def test_deleting_everything_deletes_the_copies_too(chat: Chat, away: Chat, engine: Engine) -> None:
    mei, zed = two_with_a_history(chat, away, engine)
    link(mei, zed)
    mei.types("data delete")
    mei.presses("Delete my data")
    with Session(engine) as session:
        assert session.exec(select(AccountLink)).all() == []
        assert session.exec(select(ReplacedRow)).all() == []
        assert ids(session, mei, zed) == []


def test_own_code_does_nothing(chat: Chat) -> None:
    mei = chat.person("Mei")
    assert "That code is your own" in mei.types(f"link {code_of(mei)}")


def test_code_works_once_and_for_a_quarter_of_an_hour(chat: Chat, away: Chat) -> None:
    mei, zed, olu = chat.person("Mei"), away.person("Zed"), away.person("Olu")
    code = code_of(mei)
    assert "Link these accounts?" in zed.types(f"link {code}")
    assert "wrong or too old" in olu.types(f"link {code}")
    code = code_of(mei)
    chat.clock.move(chat.clock.now() + timedelta(minutes=16))
    away.clock.move(chat.clock.now())
    assert "wrong or too old" in olu.types(f"link {code}")
    # The request ended as well.
    assert "has ended" in zed.presses("Link accounts")


def test_new_code_replaces_the_old(chat: Chat, away: Chat) -> None:
    mei, zed = chat.person("Mei"), away.person("Zed")
    old = code_of(mei)
    new = code_of(mei)
    assert "wrong or too old" in zed.types(f"link {old}")
    assert "Link these accounts?" in zed.types(f"link {new}")


def test_request_is_shown_again_to_who_made_the_code(chat: Chat, away: Chat) -> None:
    """As when the direct message could not be delivered."""
    mei, zed = chat.person("Mei"), away.person("Zed")
    zed.types(f"link {code_of(mei)}")
    zed.presses("Link accounts")
    assert "Who typed your code: Zed on Elsewhere" in mei.types("link")
    assert "are one person now" in mei.presses("Link accounts")


def test_five_wrong_codes_have_to_wait(chat: Chat, away: Chat) -> None:
    mei, zed = chat.person("Mei"), away.person("Zed")
    right = code_of(mei)
    assert "You have 4 more tries." in zed.types("link AAAA-AAAA")
    for _i in range(3):
        zed.types("link AAAA-AAAA")
    assert "one try too many" in zed.types("link AAAA-AAAA")
    assert "too many wrong codes" in zed.types(f"link {right}")
    for each in (chat, away):
        each.clock.move(each.clock.now() + timedelta(minutes=16))
    assert "Link these accounts?" in zed.types(f"link {code_of(mei)}")


def test_sixth_code_has_to_wait(chat: Chat) -> None:
    mei = chat.person("Mei")
    for _i in range(5):
        code_of(mei)
    assert "another one after" in mei.types("link")
    chat.clock.move(chat.clock.now() + timedelta(minutes=16))
    assert code_of(mei)


def test_code_is_not_stored(chat: Chat) -> None:
    mei = chat.person("Mei")
    code = code_of(mei)
    with Session(chat.engine) as session:
        [row] = session.exec(select(LinkCode)).all()
        assert code.replace("-", "") not in row.hashed.upper()
