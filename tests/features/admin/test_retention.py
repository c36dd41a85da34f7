"""Each kind of data is kept for its time and no longer, told by moving the clock."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import event, text
from sqlmodel import Session, SQLModel, col, select

from bot.features.admin.retention_labels import things, times
from bot.operations.maintenance import housekeeping
from storage.messaging import answer_messages, outbox
from storage.messaging.answer_messages import AnswerMessage
from storage.messaging.outbox import NO_WORDS, Outgoing
from storage.operations import audit_log, drafts, processed_events
from storage.operations.audit_log import Audit
from storage.operations.drafts import Draft
from storage.operations.incidents import Incident
from storage.operations.processed_events import ProcessedEvent
from storage.people import account_links, link_codes, page_links
from storage.people.account_links import AccountLink
from storage.people.link_codes import LinkCode
from storage.people.page_links import PageLink
from storage.privacy import retention
from storage.privacy.retention import TIMES, RetentionKind
from tests.support.chat import START, Chat
from tests.support.community import actors, create_community

MOMENT = timedelta(minutes=1)


def message(session: Session, key: str, at: datetime, state: str, receipt: str = "") -> Outgoing:
    row = outbox.put(session, key=key, platform="x", space="", address="", message='{"said": 1}', now=at)
    row.state, row.receipt, row.sent_at = state, receipt, at if state == outbox.SENT else None
    return row


Make = Callable[[Session, datetime], object]
KINDS: dict[RetentionKind, tuple[Make, type[SQLModel]]] = {
    RetentionKind.UNDELIVERED: (lambda s, at: message(s, "a@1", at, outbox.FAILED), Outgoing),
    RetentionKind.DELIVERED: (lambda s, at: message(s, "rounds.card.1@1", at, outbox.SENT, "m1"), Outgoing),
    RetentionKind.DRAFTS: (lambda s, at: drafts.save(s, 1, "form", "{}", at), Draft),
    RetentionKind.MESSAGES: (lambda s, at: answer_messages.add(s, 1, "x", "m1", at), AnswerMessage),
    RetentionKind.CODES: (lambda s, at: link_codes.keep_code(s, 1, "ABCD", at - link_codes.VALID), LinkCode),
    RetentionKind.LINKS: (lambda s, at: account_links.merge(s, 2, 1, at), AccountLink),
    RetentionKind.PAGES: (
        lambda s, at: page_links.replace(s, "t", person=1, community=1, page="reports.season", value="", now=at),
        PageLink,
    ),
    RetentionKind.PROCESSED: (lambda s, at: processed_events.mark_processed(s, "x:1", at), ProcessedEvent),
    RetentionKind.INCIDENTS: (
        lambda s, at: s.add(Incident(reference="ABCD", event_name="x", error="y", at=at)),
        Incident,
    ),
    RetentionKind.AUDIT: (lambda s, at: audit_log.record(s, 1, 1, "retention", "3", at), Audit),
}


def test_every_kind_of_data_has_a_time_words_and_a_deletion() -> None:
    assert set(TIMES) == set(RetentionKind) == set(things()) == {*KINDS, RetentionKind.WORDS}


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_data_is_deleted_after_its_time_and_not_before(chat: Chat, kind: RetentionKind) -> None:
    create_community(chat)
    make, table = KINDS[kind]
    with Session(chat.engine) as session, session.begin():
        make(session, START)

    def left() -> int:
        housekeeping(chat.app)
        with Session(chat.engine) as session:
            return len(session.exec(select(table)).all())

    chat.clock.move(START + TIMES[kind] - MOMENT)
    assert left() == 1
    chat.clock.move(START + TIMES[kind] + MOMENT)
    assert left() == 0


def test_words_of_a_delivered_message_are_deleted_and_its_place_stays(chat: Chat) -> None:
    create_community(chat)
    [ben] = actors(chat, "Ben")
    ben.types("checkin open What did you try?")

    def remaining_words() -> list[str]:
        housekeeping(chat.app)
        with Session(chat.engine) as session:
            query = select(Outgoing.message).where(col(Outgoing.key).startswith("rounds.card"))
            return [("What did you try" in m and "words") or m for m in session.exec(query)]

    chat.clock.move(START + TIMES[RetentionKind.WORDS] - MOMENT)
    assert remaining_words() == ["words"]
    chat.clock.move(START + TIMES[RetentionKind.WORDS] + MOMENT)
    assert remaining_words() == [NO_WORDS]
    before = len(chat.in_channel())
    ben.types("checkin close")
    [card] = [p for p in chat.in_channel() if p.edits]
    assert "What did you try?" in card.words, "it is rewritten where it stands"
    assert len(chat.in_channel()) <= before + 1


def test_card_of_a_resource_can_be_rewritten_years_later(chat: Chat) -> None:
    create_community(chat)
    [mei] = actors(chat, "Mei")
    mei.types("share https://example.org/a How we begin")
    mei.fills(title="Beginnings")
    chat.clock.move(START + timedelta(days=800))
    housekeeping(chat.app)
    with Session(chat.engine) as session:
        [row] = session.exec(select(Outgoing).where(col(Outgoing.key).startswith(outbox.LASTING)))
        assert (row.message, bool(row.receipt)) == (NO_WORDS, True)


def test_undelivered_rewrite_is_deleted_and_the_message_stays(chat: Chat) -> None:
    """Words that couldn't be delivered are deleted; the earlier words stay where they are."""
    create_community(chat)
    with Session(chat.engine) as session, session.begin():
        message(session, "rounds.card.1@1", START, outbox.FAILED, receipt="m1")
    chat.clock.move(START + TIMES[RetentionKind.UNDELIVERED] + MOMENT)
    housekeeping(chat.app)
    with Session(chat.engine) as session:
        [row] = session.exec(select(Outgoing))
        assert (row.state, row.message, row.receipt) == (outbox.SENT, NO_WORDS, "m1")


def test_waiting_message_is_never_deleted_as_old(chat: Chat) -> None:
    """It was made long ago, and rewritten just now."""
    create_community(chat)
    with Session(chat.engine) as session, session.begin():
        for state in (*outbox.TO_SEND, outbox.SENDING):
            message(session, f"a@{state}", START, state)
    chat.clock.move(START + timedelta(days=3_000))
    housekeeping(chat.app)
    with Session(chat.engine) as session:
        assert len(session.exec(select(Outgoing)).all()) == 3


def test_more_rows_than_one_batch_are_deleted(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "MOST", 3)
    create_community(chat)
    with Session(chat.engine) as session, session.begin():
        for number in range(10):
            processed_events.mark_processed(session, f"x:{number}", START)
            message(session, f"rounds.card.{number}@1", START, outbox.SENT, "m")
    chat.clock.move(START + timedelta(days=300))
    housekeeping(chat.app)
    with Session(chat.engine) as session:
        assert session.exec(select(ProcessedEvent)).all() == []
        assert session.exec(select(Outgoing)).all() == []


def test_old_rows_are_found_by_an_index(chat: Chat) -> None:
    """On SQLite: every search uses an index, except in tables with few rows."""
    if chat.engine.dialect.name != "sqlite":
        pytest.skip("EXPLAIN QUERY PLAN is SQLite's")
    few = {"incident", "linkcode", "linkrequest", "accountlink"}
    asked: list[tuple[str, object]] = []
    with Session(chat.engine) as session, session.begin():
        run = session.connection().exec_driver_sql

        def record(_c: object, _cursor: object, sql: str, params: object, _ctx: object, _many: bool) -> None:
            asked.append((sql, params))

        event.listen(chat.engine, "before_cursor_execute", record)
        try:
            retention.forget(session, START)
        finally:
            event.remove(chat.engine, "before_cursor_execute", record)
        plans = [str(row[3]) for sql, params in asked for row in run(f"EXPLAIN QUERY PLAN {sql}", params)]  # type: ignore[arg-type]
    assert plans
    assert [p for p in plans if p.startswith("SCAN") and p.split()[1] not in few] == []


def test_retention_command_lists_every_time(chat: Chat) -> None:
    create_community(chat)
    said = chat.person("Ada", manages=True).types("retention", root="admin")
    assert "Answers are deleted 12 months after" in said
    for what, time in times():
        assert f"{what}: {time}" in said


def test_answers_are_deleted_in_a_transaction_for_each_community(chat: Chat) -> None:
    """Housekeeping goes from one community to the next, each in its own transaction."""
    create_community(chat)
    create_community(chat, ["Zed"], name="Neighbours", channel="next-door", facilitator="Yan")
    ben, mei = actors(chat, "Ben", "Mei")
    ben.types("checkin open What did you try?")
    mei.types("answer")
    mei.fills(body="Silent starts")
    chat.clock.move(START + timedelta(days=500))
    housekeeping(chat.app)
    with Session(chat.engine) as session:
        assert session.connection().execute(text("select count(*) from response")).scalar() == 0
