"""Whoever writes of harm is shown, alone, whom they can turn to. Nothing is concluded, told or stored."""

import pytest
from sqlmodel import Session, select

from bot.domain.safety.harm import has_words_of_harm
from storage.operations.drafts import Draft
from tests.support.chat import Chat
from tests.support.community import actors, create_community

TURN_TO = "talk to a person you trust"
OF_HARM = [
    "A girl told me that she wants to die.",
    "He cuts himself.",
    "She is afraid to go home.",
    "He was beaten last night.",
    "His stepfather beats him.",
    "Someone brought a gun to the gym.",
    "He threatened to kill him.",
    "She threatens to hurt her brother.",
    "Una niña me dijo que se quiere morir.",
    "Su padrastro le pega.",
    "Habla de suicidarse.",
    "Hay violencia en casa.",
    "Tiene miedo de volver a casa.",
]
OF_NOTHING = [
    "We killed it at the showcase.",
    "The kids beat the other team.",
    "I am dying to see it.",
    "They hit a wall with fractions.",
    "We cut paper for an hour.",
    "Se mueren de risa con ese juego.",
    "Pegan carteles en la pared.",
    "Cortaron papel toda la tarde.",
]


@pytest.mark.parametrize("text", OF_HARM)
def test_words_of_harm_are_seen(text: str) -> None:
    assert has_words_of_harm(text)


@pytest.mark.parametrize("text", OF_NOTHING)
def test_everyday_words_are_left_alone(text: str) -> None:
    assert not has_words_of_harm(text)


@pytest.mark.parametrize("audience", ["me", "group"])
def test_writer_alone_is_shown_whom_to_turn_to(chat: Chat, audience: str) -> None:
    create_community(chat, ["Mei"])
    [mei] = actors(chat, "Mei")
    mei.types("reflect")
    assert TURN_TO in mei.fills(body="A child told me that he wants to die.", audience=audience)
    assert not any(TURN_TO in post.words for post in chat.posts)
    with Session(chat.engine) as session:
        assert not any(TURN_TO in row.body for row in session.exec(select(Draft)))


def test_other_words_get_the_usual_reply(chat: Chat) -> None:
    create_community(chat, ["Mei"])
    [mei] = actors(chat, "Mei")
    mei.types("reflect")
    assert TURN_TO not in mei.fills(body="They hit a wall with fractions.", audience="me")
