"""The line of reflection prompts: the same one twice only if somebody says so."""

from datetime import timedelta

from sqlmodel import Session

from storage.communities import communities
from storage.learning import prompts
from storage.messaging import timers
from storage.people import people
from tests.support.chat import Actor, Chat
from tests.support.community import actors, create_community

QUESTION = "What surprised you this week?"


def in_line(chat: Chat) -> list[str]:
    with Session(chat.engine) as session:
        [community] = communities.in_space(session, chat.name, chat.space)
        return [row.text for row in prompts.queued(session, communities.key(community))]


def facilitator(chat: Chat) -> Actor:
    create_community(chat)
    [ben] = actors(chat, "Ben")
    return ben


def test_prompt_typed_twice_is_asked_about(chat: Chat) -> None:
    ben = facilitator(chat)
    ben.types(f"prompt queue {QUESTION}")
    assert "in the queue already" in ben.types(f"prompt queue  {QUESTION.upper()}")
    assert in_line(chat) == [QUESTION]


def test_prompt_is_queued_twice_if_asked_for_and_no_more_than_that(chat: Chat) -> None:
    ben = facilitator(chat)
    ben.types(f"prompt queue {QUESTION}")
    ben.types(f"prompt queue {QUESTION}")
    asked = ben.sees
    assert "number 2 in line" in ben.presses("Queue it again")
    ben.sees = asked
    assert "I no longer have it" in ben.presses("Queue it again")
    assert in_line(chat) == [QUESTION, QUESTION]


def test_form_sent_twice_queues_one(chat: Chat) -> None:
    ben = facilitator(chat)
    ben.types("prompt queue")
    form = ben.sees
    first = ben.fills(text=QUESTION)
    ben.sees = form
    assert ben.fills(text=QUESTION) == first
    assert in_line(chat) == [QUESTION]


def second_facilitator(chat: Chat) -> Actor:
    ada, cal = chat.person("Ada", manages=True), chat.person("Cal")
    ada.types("role map facilitator <@cal>", root="admin")
    return cal


def told(who: Actor) -> list[str]:
    return [p.words for p in who.direct() if "prompt" in p.words]


def test_facilitator_is_told_once_that_another_took_their_prompt_out(chat: Chat) -> None:
    ben = facilitator(chat)
    cal = second_facilitator(chat)
    ben.types(f"prompt queue {QUESTION}")
    cal.types("prompt list")
    menu = cal.sees
    assert "I’ve told them" in cal.chooses("Take one out of the queue", QUESTION)
    assert told(ben) == [f"\nA facilitator took your prompt out of the queue: “{QUESTION}”"]
    cal.sees = menu
    assert "no longer in the queue" in cal.chooses("Take one out of the queue", QUESTION)
    assert len(told(ben)) == 1
    assert told(cal) == []


def test_facilitator_who_takes_their_own_prompt_out_is_told_nothing(chat: Chat) -> None:
    ben = facilitator(chat)
    second_facilitator(chat)
    ben.types(f"prompt queue {QUESTION}")
    ben.types("prompt list")
    ben.chooses("Take one out of the queue", QUESTION)
    assert in_line(chat) == []
    assert told(ben) == []


def test_prompt_that_the_bank_no_longer_has_is_left_out_and_its_facilitator_told(chat: Chat) -> None:
    """As after an upgrade to a version whose bank has lost it. The next in line is asked."""
    ben = facilitator(chat)
    with Session(chat.engine) as session, session.begin():
        row = people.account(session, chat.name, "ben")
        assert row
        prompts.queue(session, 1, row.person_id, chat.clock.now(), prompt_id="noticing-long-gone")
    assert "number 1 in line" in ben.types(f"prompt queue {QUESTION}")
    assert "1. What surprised you" in ben.types("prompt list")
    with Session(chat.engine) as session, session.begin():
        timers.put(session, 1, "prompts.due", "1", chat.clock.now() + timedelta(hours=1))
    chat.wait(hours=2)
    assert QUESTION in chat.last.words
    assert in_line(chat) == []
    [note] = told(ben)
    assert "I left out a prompt you queued" in note
