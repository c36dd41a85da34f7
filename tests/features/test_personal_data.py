"""What is stored about a person: shown, downloaded, deleted."""

import json

import pytest
from sqlmodel import Session, SQLModel, select

from bot.ui import Message
from storage.database import foreign_keys
from storage.database.personal import ErasureAction, Policy, policy
from storage.learning import reflections, rounds
from storage.learning.rounds import Response
from storage.messaging.outbox import Outgoing
from storage.people import people
from storage.people.people import Account, Person
from tests.support.chat import Chat
from tests.support.community import actors, create_community


@pytest.fixture
def community(chat: Chat) -> int:
    return create_community(chat)


def answered(chat: Chat, community: int, name: str, body: str) -> None:
    with Session(chat.engine) as session, session.begin():
        now = chat.clock.now()
        row = rounds.open_round(session, community, rounds.CHECKIN, "How is it going?", now=now, closes_at=now)
        who = people.account(session, chat.name, name.lower())
        assert who
        rounds.save_answer(session, row.id or 0, who.person_id, None, body=body, audience="group", now=now)
        reflections.add(session, who.person_id, community, f"{body}, privately", "", rounds.ME, now)


def test_member_sees_what_is_kept(chat: Chat, community: int) -> None:
    [mei] = actors(chat, "Mei")
    answered(chat, community, "Mei", "Silent starts")
    said = mei.types("data show")
    assert "Communities: Youth workers" in said
    assert "1 answer, 1 reflection" in said
    # Answers are in the download, not on a screen that others may see.
    assert "Silent starts" not in said


def test_member_downloads_their_data(chat: Chat, community: int) -> None:
    mei, ben = actors(chat, "Mei", "Ben")
    answered(chat, community, "Mei", "Silent starts\n# not a heading")
    answered(chat, community, "Ben", "Snacks first")
    assert "two files privately" in mei.types("data download")
    files = {p.message.attachment.name[-5:]: p.message.attachment.body for p in mei.direct() if p.message.attachment}
    assert json.loads(files[".json"])["answers"][0]["body"] == "Silent starts\n# not a heading"
    assert "> # not a heading" in files["00.md"]
    assert "How is it going?" in files["00.md"]
    assert all("Snacks" not in body for body in files.values())
    assert ben.direct() == []


def test_member_deletes_their_data(chat: Chat, community: int) -> None:
    [mei] = actors(chat, "Mei")
    answered(chat, community, "Mei", "Silent starts")
    answered(chat, community, "Ben", "Snacks first")
    mei.types("data download")
    assert "This removes 1 answer, 1 reflection" in mei.types("data delete")
    assert "nothing that says who you are is kept" in mei.presses("Delete my data")
    with Session(chat.engine) as session:
        assert [a.body for a in session.exec(select(Response))] == ["Snacks first"]
        assert people.account(session, chat.name, "mei") is None
        assert "Mei" not in [p.name for p in session.exec(select(Person))]
        assert [o for o in session.exec(select(Outgoing)) if "Silent" in o.message] == []
        for table in SQLModel.metadata.sorted_tables:
            for row in session.connection().execute(table.select()):
                assert "Silent" not in str(row), table.name
    # To the bot she is a new person.
    assert "Join Youth workers?" in mei.types("join")
    with Session(chat.engine) as session:
        assert len(session.exec(select(Account).where(Account.external == "mei")).all()) == 1


def test_keeping_the_data_changes_nothing(chat: Chat, community: int) -> None:
    [mei] = actors(chat, "Mei")
    answered(chat, community, "Mei", "Silent starts")
    mei.types("data delete")
    assert "Nothing has been deleted" in mei.presses("Keep it")
    assert "1 answer" in mei.types("data show")


def test_deleting_twice_is_harmless(chat: Chat, community: int) -> None:
    [mei] = actors(chat, "Mei")
    mei.types("data delete")
    asked = mei.sees
    mei.presses("Delete my data")
    mei.sees = asked
    assert isinstance(asked, Message)
    assert "nothing that says who you are" in mei.presses("Delete my data")


def test_copies_of_posts_that_quote_a_deleted_member_are_removed(chat: Chat, community: int) -> None:
    mei, ben = actors(chat, "Mei", "Ben")
    ben.types("checkin open How are you?", root="facilitator")
    chat.deliver_all()
    with Session(chat.engine) as session, session.begin():
        [round] = rounds.open_in(session, community)
        who = people.account(session, chat.name, "mei")
        assert who
        said = {"body": "Silent starts", "audience": "group"}
        rounds.save_answer(session, round.id or 0, who.person_id, None, now=chat.clock.now(), **said)  # type: ignore[arg-type]
    chat.wait(days=14)
    assert any("Silent starts" in p.words for p in chat.posts)
    mei.types("data delete")
    mei.presses("Delete my data")
    with Session(chat.engine) as session:
        assert [o.key for o in session.exec(select(Outgoing)) if "Silent" in o.message] == []


def test_every_table_that_names_a_person_has_a_policy() -> None:
    import storage.database.metadata  # noqa: F401

    assert [str(c) for _table, c in foreign_keys.to_people() if not isinstance(c.info.get("personal"), Policy)] == []


def test_policy_belongs_to_a_column_that_points_to_a_person() -> None:
    declared = {str(c) for table in SQLModel.metadata.tables.values() for c in table.columns if "personal" in c.info}
    assert declared == {str(column) for _table, column in foreign_keys.to_people()}


def test_every_policy_can_be_carried_out() -> None:
    """What leaving changes must be found by community, and what loses its name must be findable at all."""
    for table, column in foreign_keys.to_people():
        fates = policy(column)
        if fates.leave is not ErasureAction.KEEP:
            assert foreign_keys.within(table, 1) is not None, str(column)
        if fates.written:
            assert fates.written in table.c, str(column)
        if fates.own:
            assert fates.own[0] in table.c, str(column)
