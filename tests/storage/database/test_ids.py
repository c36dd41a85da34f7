"""No id is used twice, so that an old button or card never comes to mean something new."""

from sqlalchemy import Engine
from sqlmodel import Session, SQLModel

import storage.database.metadata  # noqa: F401  every table
from storage.communities import communities
from tests.support.chat import Chat
from tests.support.community import actors, create_community


def test_resource_shared_after_a_removal_gets_its_own_card(chat: Chat) -> None:
    create_community(chat)
    [mei] = actors(chat, "Mei")
    for title in ("Quiet arrivals", "Jobs board"):
        mei.types(f"share https://example.org/{title.split()[0]}")
        mei.fills(title=title, note="It calmed us")
        if title == "Quiet arrivals":
            mei.presses("Remove")
            mei.presses("Remove it")
    assert ["removed" in p.words or p.message.title for p in chat.in_channel()] == [True, "Jobs board"]


def test_community_in_another_channel_is_read_there(chat: Chat) -> None:
    create_community(chat)
    [mei] = actors(chat, "Mei")
    mei.types("share https://example.org/one")
    mei.fills(title="One", note="It calmed us")
    with Session(chat.engine) as session, session.begin():
        communities.unbind(session, 1, chat.name, chat.space, "general")
        session.flush()
        communities.bind(session, 1, chat.name, chat.space, "new-home")
    mei.presses("Edit")
    mei.fills(title="Two")
    assert [p.message.title for p in chat.in_channel()] == ["One"]
    assert [p.message.title for p in chat.in_channel("new-home")] == ["Two"]


def test_no_table_reuses_ids(engine: Engine) -> None:
    if engine.dialect.name != "sqlite":
        # Sequences never go back.
        return
    with Session(engine) as session:
        rows = session.connection().exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
        made = {str(row[0]): str(row[1]) for row in rows}
    for table in SQLModel.metadata.tables.values():
        if "id" in table.c:
            assert "AUTOINCREMENT" in made[table.name], table.name
