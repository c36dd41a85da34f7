"""The line of reflection prompts: the same one twice only if somebody says so."""

from sqlmodel import Session

from storage.communities import communities
from storage.learning import prompts
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
    assert "in line already" in ben.types(f"prompt queue  {QUESTION.upper()}")
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
