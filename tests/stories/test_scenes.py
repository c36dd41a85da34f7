"""Scenes restore a chat as playing them would leave it."""

from sqlalchemy import text

from bot.ui import card
from tests.support.chat import Chat, Post
from tests.support.community import create_community
from tests.support.scenes import Stage, played_for_real, scene

PLAYED: list[str] = []


@scene
def first(chat: Chat) -> Post:
    PLAYED.append("first")
    create_community(chat)
    chat.posts.append(Post("m1", card("Welcome"), channel="general"))
    return chat.posts[0]


@scene
def second(chat: Chat) -> Post:
    PLAYED.append("second")
    chat.posts[0].edits += 1
    return chat.posts[0]


def tell(chat: Chat) -> tuple[Post, Post]:
    return first(chat), second(chat)


def test_post_held_before_a_scene_is_restored_stays_current(chat: Chat) -> None:
    tell(chat)
    PLAYED.clear()
    assert chat.stage
    again = Chat(chat.engine, stage=Stage(chat.stage.scenes))
    held, now = tell(again)
    assert PLAYED == []
    assert held is now is again.posts[0]
    assert held is not chat.posts[0]
    assert held.edits == chat.posts[0].edits


def test_scene_is_played_again_after_anything_else(chat: Chat) -> None:
    first(chat)
    PLAYED.clear()
    with chat.engine.begin() as connection:
        connection.execute(text("DELETE FROM timer"))
    second(chat)
    assert PLAYED == ["second"]


def test_scene_is_played_where_every_call_must_be_seen(chat: Chat) -> None:
    PLAYED.clear()
    with played_for_real():
        first(chat)
    assert PLAYED == ["first"]
