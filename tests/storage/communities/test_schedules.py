"""A community's own schedule as rows, and the count of requests in its weeks."""

from datetime import UTC, date, datetime

import pytest
from sqlmodel import Session

from storage.communities import request_quota, schedules
from tests.support.chat import Chat
from tests.support.community import actors, create_community
from tests.support.deliveries import person_id

NOW = datetime(2025, 10, 6, 13, tzinfo=UTC)


@pytest.fixture
def community(chat: Chat) -> int:
    return create_community(chat, ["Mei", "Olu"])


def test_touchpoint_keeps_its_age_when_it_is_saved_again(chat: Chat, community: int) -> None:
    mei, olu = person_id(chat, "Mei"), person_id(chat, "Olu")
    with Session(chat.engine) as session, session.begin():
        assert schedules.get(session, community) is None
        schedules.begin(session, community, "light", NOW)
        first = schedules.save(session, community, "prompts.due", definition="{}", yields="move", people=[mei, olu])
        schedules.save(session, community, "checkins.due", definition="{}", yields="keep")
        again = schedules.save(
            session,
            community,
            "prompts.due",
            definition="[]",
            yields="keep",
            paused_until=date(2026, 1, 5),
            people=[mei],
        )
        assert again.id == first.id
        assert [row.what for row in schedules.touchpoints(session, community)] == ["prompts.due", "checkins.due"]
        assert schedules.guests(session, community) == {first.id: [mei]}
        schedules.begin(session, community, "usual", NOW)
        assert schedules.touchpoints(session, community) == []
        assert schedules.guests(session, community) == {}


def test_week_has_as_many_requests_as_the_community_chose(chat: Chat, community: int) -> None:
    with Session(chat.engine) as session, session.begin():
        claims = [request_quota.claim(session, community, "2025-W41", what, NOW) for what in ("a 1", "b 1", "a 1")]
        assert claims == [True, False, True]
        schedules.begin(session, community, "usual", NOW).requests_a_week = 2
        claims = [request_quota.claim(session, community, "2025-W41", what, NOW) for what in ("b 1", "c 1")]
        assert claims == [True, False]
        schedules.save(session, community, "c", definition="{}", yields=schedules.ANYWAY)
        assert request_quota.claim(session, community, "2025-W41", "c 1", NOW)
        request_quota.record(session, community, "2025-W41", "rounds 1", NOW)
        assert request_quota.made(session, community, "2025-W41") == ["a 1", "b 1", "rounds 1"]


def test_mutes_go_with_the_member(chat: Chat, community: int) -> None:
    mei, olu = person_id(chat, "Mei"), person_id(chat, "Olu")
    with Session(chat.engine) as session, session.begin():
        schedules.set_muted(session, community, mei, ["prompts.due", "checkin 1"])
        schedules.set_muted(session, community, olu, ["prompts.due"])
        schedules.set_muted(session, community, mei, ["prompts.due"])
        assert schedules.muted(session, community, mei) == {"prompts.due"}
        assert schedules.muted_by(session, community, "prompts.due") == {mei, olu}
    [member] = actors(chat, "Mei")
    member.types("leave")
    member.presses("Leave")
    with Session(chat.engine) as session:
        assert schedules.muted_by(session, community, "prompts.due") == {olu}
