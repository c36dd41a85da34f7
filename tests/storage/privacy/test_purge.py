"""Purging a workspace: no row that names it is left, and people keep what they have elsewhere."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session, SQLModel, select

import storage.database.metadata  # noqa: F401
from storage.communities import communities, installations
from storage.communities.communities import Community, Space
from storage.communities.installations import Installation
from storage.learning import rounds
from storage.library import resources
from storage.library.resources import Content
from storage.messaging import outbox, timers
from storage.operations import audit_log, drafts
from storage.people import people
from storage.people.people import Account, Person
from storage.privacy import personal_data
from storage.privacy import purge as privacy_purge
from tests.support.chat import Chat
from tests.support.community import actors, create_community

GONE, NAME = "T0GONE", "Gone Street"


class Town:
    """Two communities of the workspace T0GONE, one of which is on Discord too, and a third that is elsewhere."""

    def __init__(self, chat: Chat) -> None:
        self.chat = chat
        there = Chat(chat.engine, name="slack", space=GONE)
        self.only_there = create_community(there, members=(), name="Only there", channel="C1", facilitator="Zed")
        with Session(chat.engine) as session, session.begin():
            now = chat.clock.now()
            session.add(Space(platform="slack", external=GONE, name="gone"))
            session.add(Space(platform="discord", external="900", name="Server"))
            session.add(
                Installation(
                    platform="slack", space=GONE, name=NAME, installed_by=f"{GONE}-U1", installed_at=now, locked="x"
                )
            )
            both = communities.add(session, name="Both", purpose="", zone="UTC", locale="en", now=now)
            self.both = communities.key(both)
            communities.bind(session, self.both, "slack", GONE, "C2")
            communities.bind(session, self.both, "discord", "900", "77")
            self.ana = self._joins(session, "U1", self.only_there, self.both)
            self.ben = self._joins(session, "U2", self.only_there, self.both)
            session.add(Account(person_id=self.ben, platform="discord", space="900", external="42", seen_at=now))
            for community in (self.only_there, self.both):
                self._wrote(session, community)
                timers.put(session, community, "meetings.remind", "1", now)
                audit_log.record(session, community, self.ana, "meetings.move", "meeting 1", now)
            session.flush()
            naming = f'{{"title":"[Ana](account:{GONE}-U1)"}}'
            self._posts(session, "card.1@1", "slack", GONE, address=f'{{"person":"{GONE}-U1"}}')
            self._posts(session, "card.2@2", "slack", GONE)
            self._posts(session, "card.3@9", "discord", "900", message=naming)
            drafts.save(session, self.ben, "form", f'{{"with":"{GONE}-U1"}}', now)

    def _posts(
        self, session: Session, key: str, platform: str, space: str, address: str = "{}", message: str = "{}"
    ) -> None:
        outbox.put(
            session,
            key=key,
            community=self.both,
            platform=platform,
            space=space,
            address=address,
            message=message,
            now=self.chat.clock.now(),
        )

    def _joins(self, session: Session, user: str, *where: int) -> int:
        now = self.chat.clock.now()
        person = people.key(
            people.get_or_create(session, platform="slack", space=GONE, external=f"{GONE}-{user}", name=user, now=now)
        )
        for community in where:
            people.enrol(session, community, person).joined_at = now
        return person

    def _wrote(self, session: Session, community: int) -> None:
        now = self.chat.clock.now()
        asked = rounds.Round(community_id=community, kind="prompt", question="How?", opened_at=now, closes_at=now)
        session.add(asked)
        session.flush()
        assert asked.id
        for person, words in ((self.ana, "Well"), (self.ben, f"Ask <@{GONE}-U1> about it")):
            session.add(
                rounds.Response(round_id=asked.id, person_id=person, body=words, audience="all", written_at=now)
            )


@pytest.fixture
def town(chat: Chat) -> Town:
    return Town(chat)


def every_value(engine: Engine) -> Iterator[str]:
    with engine.connect() as connection:
        for table in SQLModel.metadata.sorted_tables:
            for row in connection.execute(table.select()):
                yield f"{table.name}: {row}"


def purge(engine: Engine, space: str = GONE, platform: str = "slack") -> dict[str, int]:
    with Session(engine) as session, session.begin():
        return privacy_purge.purge(session, platform, space, "Someone who has left")


def test_no_row_names_a_purged_workspace(town: Town, engine: Engine) -> None:
    assert any(GONE in row for row in every_value(engine))
    counts = purge(engine)
    assert [row for row in every_value(engine) if GONE in row or NAME in row or "Only there" in row] == []
    assert counts["communities"] == 1
    # Ana and Zed.
    assert counts["people"] == 2
    assert counts["accounts"] == 3
    assert counts["installations"] == 1
    assert counts["messages"] == 3
    assert counts["moments to come"] == 1
    # Both of the purged community, and Ana's in the other.
    assert counts["answers"] == 3


def test_people_with_other_accounts_keep_the_rest(town: Town, engine: Engine) -> None:
    """People who are elsewhere too keep what they have there."""
    purge(engine)
    with Session(engine) as session:
        both = session.get(Community, town.both)
        assert both
        assert both.name == "Both"
        assert [c.platform for c in communities.channels(session, town.both)] == ["discord"]
        assert session.get(Community, town.only_there) is None
        assert session.get(Person, town.ana) is None
        assert [a.platform for a in people.accounts(session, town.ben)] == ["discord"]
        assert list(people.communities_of(session, town.ben)) == [town.both]
        assert session.connection().execute(text("select body from response")).scalars().all() == ["Ask @… about it"]
        assert session.exec(select(Space.external)).all() == ["900"]


def test_second_purge_finds_nothing_to_delete(town: Town, engine: Engine) -> None:
    purge(engine)
    before = sorted(every_value(engine))
    assert purge(engine) == {}
    assert sorted(every_value(engine)) == before


def test_other_space_loses_nothing(town: Town, chat: Chat, engine: Engine) -> None:
    create_community(chat)
    ben, mei = actors(chat, "Ben", "Mei")
    ben.types("checkin open Well?")
    mei.types("answer")
    mei.fills(body="In confidence")
    chat.deliver_all()
    before = {row for row in every_value(engine) if "Youth workers" in row or "In confidence" in row}
    purge(engine)
    assert before <= set(every_value(engine))
    assert purge(engine, "T0NOBODY") == {}


def test_discord_account_used_elsewhere_is_kept(town: Town, engine: Engine) -> None:
    """An account belongs to no server; only where it was last seen does."""
    with Session(engine) as session, session.begin():
        communities.bind(session, town.both, "discord", "901", "78")
    counts = purge(engine, "900", "discord")
    assert "people" not in counts
    with Session(engine) as session:
        discord = people.account_on(session, town.ben, "discord")
        assert discord
        assert discord.space == "901"
        assert {c.space for c in communities.channels(session, town.both)} == {GONE, "901"}
    assert not [row for row in every_value(engine) if "900" in row]


def test_deleted_person_is_no_longer_named_as_installer(town: Town, engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        personal_data.forget(session, town.ana, "Someone")
        row = installations.find_active(session, "slack", GONE)
        assert row
        assert row.installed_by == ""


def test_no_search_word_of_a_purged_community_is_left(town: Town, engine: Engine) -> None:
    """Words that a whole program could search are indexed apart from those of the community itself."""
    with Session(engine) as session, session.begin():
        home = session.get_one(Community, town.only_there)
        shared = Content("Zeppelin rides", audience=resources.PROGRAM)
        resources.add(session, home, town.ben, shared, town.chat.clock.now())
    assert [row for row in every_value(engine) if "zeppelin" in row]
    purge(engine)
    assert [row for row in every_value(engine) if "zeppelin" in row.lower()] == []
