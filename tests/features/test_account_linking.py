"""One person with accounts on two platforms."""

import re

from sqlalchemy import Engine
from sqlmodel import Session, select

from bot.core.events import Command
from storage.learning import rounds
from storage.learning.rounds import Answer
from storage.people import people
from storage.people.account_links import LinkCode
from storage.people.people import Membership, Person
from tests.support.chat import Actor, Chat, words
from tests.support.community import actors, create_community


def code_of(actor: Actor) -> str:
    shown = re.search(r"/cop link (\S+)\.", actor.types("link").replace(",", "."))
    assert shown
    return shown[1]


def test_linked_accounts_are_one_person_on_both_platforms(chat: Chat, engine: Engine) -> None:
    home, away = create_community(chat), Chat(engine, name="elsewhere", space="E1")
    far = create_community(away, ["Mei"], name="Staff leaders", facilitator="Chi")
    mei, mei_there = *actors(chat, "Mei"), away.person("Mei")
    code = code_of(mei)
    typed = Command(mei_there.place(), mei_there.who, f"link {code.lower()}")
    assert "one person now (Elsewhere, Pretend)" in words(away.app.handle(typed))
    # The notice goes to where the code was made.
    chat.deliver_all()
    with Session(engine) as session:
        one = people.account(session, "pretend", "mei")
        other = people.account(session, "elsewhere", "mei")
        assert one
        assert other
        assert one.person_id == other.person_id
        assert people.communities_of(session, one.person_id) == [home, far]
        assert session.exec(select(LinkCode)).all() == []
    assert "an account on Elsewhere is now you" in mei.direct()[-1].words


def test_one_answer_is_kept_when_both_accounts_answered(chat: Chat, engine: Engine) -> None:
    community = create_community(chat, ["Mei", "Zed"])
    mei, zed = actors(chat, "Mei", "Zed")
    with Session(engine) as session, session.begin():
        now = chat.clock.now()
        both = rounds.open_round(session, community, rounds.CHECKIN, "One?", now=now, closes_at=now)
        only = rounds.open_round(session, community, rounds.CHECKIN, "Two?", now=now, closes_at=now)
        for name, round, body in (("mei", both, "from Mei"), ("zed", both, "from Zed"), ("zed", only, "only Zed")):
            who = people.account(session, chat.name, name)
            assert who
            rounds.save_answer(session, round.id or 0, who.person_id, body=body, mood=0, audience="group", now=now)
    zed.types(f"link {code_of(mei)}")
    with Session(engine) as session:
        answers = session.exec(select(Answer).order_by(Answer.body)).all()
        assert [a.body for a in answers] == ["from Mei", "only Zed"]
        assert len({a.person_id for a in answers}) == 1
        # Mei and Ben.
        assert len(session.exec(select(Membership)).all()) == 2
        assert {p.name for p in session.exec(select(Person))} == {"Mei", "Ben"}


def test_role_survives_linking(chat: Chat) -> None:
    community = create_community(chat)
    mei, ben = actors(chat, "Mei", "Ben")
    ben.types(f"link {code_of(mei)}")
    with Session(chat.engine) as session:
        who = people.account(session, chat.name, "ben")
        assert who
        row = people.membership(session, community, who.person_id)
        assert row
        assert row.role == 2


def test_own_code_does_nothing(chat: Chat) -> None:
    mei = chat.person("Mei")
    assert "That code is your own" in mei.types(f"link {code_of(mei)}")


def test_code_works_once_and_for_a_quarter_of_an_hour(chat: Chat) -> None:
    mei, zed, olu = (chat.person(n) for n in ("Mei", "Zed", "Olu"))
    code = code_of(mei)
    assert "one person now" in zed.types(f"link {code}")
    assert "wrong or too old" in olu.types(f"link {code}")
    code = code_of(mei)
    chat.wait(minutes=16)
    assert "wrong or too old" in olu.types(f"link {code}")


def test_new_code_replaces_the_old(chat: Chat) -> None:
    mei, zed = chat.person("Mei"), chat.person("Zed")
    old = code_of(mei)
    new = code_of(mei)
    assert "wrong or too old" in zed.types(f"link {old}")
    assert "one person now" in zed.types(f"link {new}")


def test_five_wrong_codes_have_to_wait(chat: Chat) -> None:
    mei, zed = chat.person("Mei"), chat.person("Zed")
    right = code_of(mei)
    assert "You have 4 more tries." in zed.types("link AAAA-AAAA")
    for _i in range(3):
        zed.types("link AAAA-AAAA")
    assert "one try too many" in zed.types("link AAAA-AAAA")
    assert "too many wrong codes" in zed.types(f"link {right}")
    chat.wait(minutes=16)
    assert "one person now" in zed.types(f"link {code_of(mei)}")


def test_code_is_not_stored(chat: Chat) -> None:
    mei = chat.person("Mei")
    code = code_of(mei)
    with Session(chat.engine) as session:
        [row] = session.exec(select(LinkCode)).all()
        assert code.replace("-", "") not in row.hashed.upper()
