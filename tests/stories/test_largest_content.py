"""With as much of everything as there can be, every card and form fits every platform."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from bot.core.events import PlatformUser
from storage.agenda import topics
from storage.communities import communities, role_mappings
from storage.communities.communities import Community
from storage.learning import commitments, community_prompts, prompts, rounds
from storage.library import resources
from storage.library.resources import Content
from storage.meetings import feedback, meetings, rsvps
from storage.messaging import outbox, skipped_posts
from storage.operations import audit_log
from storage.people import people
from tests.support.chat import Chat
from tests.support.community import ZONE, create_community, join_program
from tests.support.crawler import Crawler
from tests.support.renderers import assert_renders_everywhere
from tests.support.scenes import scene

WIDE = r"""(*_`~|<[Wide & "Long"]>|~`_*) """ * 60
CROWD = 40


@scene
def crowd(chat: Chat) -> None:
    ids = [str(10_000_000_000_000_000 + n) for n in range(CROWD)]
    now = chat.clock.now()
    for number in range(9):
        create_community(chat, ids if number == 0 else ids[:3], name=f"{number}{WIDE}"[:80], channel=f"{100 + number}")
    with Session(chat.engine) as session, session.begin():
        for number, (row, person) in enumerate(people.members(session, 1)):
            person.name, person.locale = f"{number}{WIDE}"[:80], "en-US"
            row.visible, row.organization, row.role_group = True, WIDE[:60], WIDE[:60]
            row.role, row.facilitates = (3, True) if number < 8 else (1, False)
        for community in communities.every(session):
            community.purpose = WIDE[:600]
        join_program(session, WIDE[:60], *range(1, 10))
        home = session.get_one(Community, 1)
        held = [
            meetings.add(
                session,
                1,
                title=WIDE[:80],
                starts_at=now + timedelta(days=days),
                minutes=60,
                place=WIDE[:200],
                link="https://example.org/" + "x" * 470,
            )
            for days in (-9, -2, *range(3, 90, 3))
        ]
        for meeting in held[4:8]:
            meeting.status, meeting.note = meetings.CANCELLED, WIDE[:300]
        for person_id in range(1, CROWD + 1):
            for meeting in held[:4]:
                rsvps.say(session, meeting.id or 0, person_id, rsvps.ANSWERS[person_id % 3], now)
            for meeting in held[:2]:
                words = {"worked": WIDE[:1_000], "change": WIDE[:1_000]}
                feedback.save(session, meeting.id or 0, person_id, **words, useful=4, now=now)
                mine = commitments.save_takeaway(session, 1, meeting.id or 0, person_id, WIDE[:1_000], now)
                assert mine
                mine.shared = True
        for meeting in held:
            commitments.save_commitment(session, 1, meeting.id or 0, 1, WIDE[:1_000], now)
        for number in range(30):
            topics.add(session, 1, 1, topics.KINDS[number % 3], f"{number}{WIDE}"[:150], now)
            prompts.queue(session, 1, 1, now, text=f"{number}{WIDE}"[:500])
            own = community_prompts.add(
                session, 1, 1, f"{number}{WIDE}"[:300], WIDE[:100], now, is_approved=number < 15
            )
            own.category, own.depth = "noticing practice", 1
            skipped_posts.add(session, 1, "prompts.due", "1", now + timedelta(hours=number))
            audit_log.record(session, 1, 1, WIDE[:60], WIDE[:300], now)
            content = Content(
                f"{number}{WIDE}"[:100],
                WIDE[:1_200],
                tuple(f"topic-{number}-{n}-{'x' * 14}" for n in range(5)),
                f"https://example.org/{number}" + "x" * 460,
                f"example.org/{number}",
                audience=resources.PROGRAM,
            )
            resources.add(session, home, 1 + number, content, now)
        for kind in (rounds.CHECKIN, rounds.REFLECTION):
            for closed in (now, None):
                question = rounds.open_round(
                    session, 1, kind, WIDE[:500], now=now, closes_at=now + timedelta(days=3), opened_by=1
                )
                question.starter, question.closed_at, question.themes = WIDE[:200], closed, WIDE[:800]
                for person_id in range(1, CROWD + 1):
                    rounds.save_answer(
                        session, question.id or 0, person_id, None, body=WIDE[:2_000], audience="group", now=now
                    )
        for number in range(30):
            outbox.put(
                session,
                key=f"x.{number}@1",
                platform=chat.name,
                space=chat.space,
                address='{"channel":"100","kind":"channel"}',
                message="{}",
                now=now,
                community=1,
            ).state = outbox.FAILED
            communities.close(session, 1, [(now + timedelta(days=2 * number)).date()])
            role_mappings.give(session, 1, chat.name, str(number) * 18, 2)


@pytest.mark.slow
@pytest.mark.anywhere
@pytest.mark.parametrize(
    ("who", "channel", "tries"),
    [
        pytest.param("10000000000000000", "100", 2, id="all at once"),
        pytest.param("10000000000000000", "999", 2, id="all at once, from elsewhere"),
        # What is shown again is no larger, and leads nowhere else.
        pytest.param("10000000000000030", "100", 1, id="member"),
        pytest.param("10000000000000030", "999", 1, id="member, from elsewhere"),
    ],
)
def test_largest_content_fits_every_platform(chat: Chat, who: str, channel: str, tries: int) -> None:
    crowd(chat)
    person = PlatformUser(who, WIDE[:80], zone=ZONE)
    Crawler(chat, person, "xxx", assert_renders_everywhere, channel=channel, max_tries=tries).walk()
    chat.wait(days=15)
    for post in chat.posts:
        assert_renders_everywhere(post.message)
