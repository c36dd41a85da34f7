"""A check-in that goes to some of the community's channels only."""

import pytest
from sqlmodel import Session

from bot.ui import Form, TickField
from storage.communities import communities
from tests.support.chat import Actor, Chat
from tests.support.meetings import admin, local
from tests.support.schedules import set_up

EVERY_MONTH = "schedule add energy and load third Monday at 9, may move"


@pytest.fixture
def ada(chat: Chat) -> Actor:
    """An admin of a community with a channel for everyone, and one for mentors."""
    set_up(chat)
    ada = admin(chat)
    ada.types("channel bind <#mentors>", root="admin")
    return ada


def cards(chat: Chat) -> list[str]:
    """Return the channels of the cards of the check-in."""
    return [p.channel for p in chat.posts if "Energy and load" in p.words and p.channel and not p.under]


def summaries(chat: Chat) -> list[str]:
    """Return in whose threads the summary of the check-in is."""
    ids = {post.id for post in chat.posts if "Energy and load" in post.words and not post.under}
    return [post.channel for post in chat.posts if post.under in ids and post.message.title == "Summary"]


def told(chat: Chat) -> list[str]:
    return [post.words for post in chat.posts if not post.channel and "I can’t post" in post.words]


def test_checkin_goes_to_the_channel_that_was_named(chat: Chat, ada: Actor) -> None:
    shown = ada.types(f"{EVERY_MONTH} in #mentors", root="admin")
    assert "third Monday of each month, 9:00 AM, in #mentors, may move" in shown
    assert "Energy and load in #mentors" in shown.partition("The next month")[2]
    ada.presses("Save")
    assert "in #mentors" in ada.types("schedule show", root="admin")
    chat.deliver_all()
    chat.until(local(2025, 10, 31, 12))
    assert cards(chat) == ["mentors"]
    assert summaries(chat) == ["mentors"]
    assert told(chat) == []


def test_channel_that_was_picked_from_the_list_is_understood(chat: Chat, ada: Actor) -> None:
    assert "in #mentors" in ada.types(f"{EVERY_MONTH} in <#mentors|mentors>", root="admin")


@pytest.mark.parametrize(
    ("clause", "why", "instead"),
    [
        ("in #mentor", "This community isn’t connected to #mentor. Its channels: ", "in #mentors"),
        ("in <#C9|attic>", "This community isn’t connected to #attic", "in #"),
        ("privately in #mentors", "privately or to a channel, not both", "privately, may move"),
    ],
)
def test_channel_that_can_not_be_is_refused_with_the_corrected_line(
    chat: Chat, ada: Actor, clause: str, why: str, instead: str
) -> None:
    shown = ada.types(f"{EVERY_MONTH} {clause}", root="admin")
    assert why in shown
    assert instead in shown
    assert "Nothing is saved" in shown


def test_built_in_question_goes_to_every_channel(chat: Chat, ada: Actor) -> None:
    shown = ada.types("schedule set check-in every Monday in #mentors", root="admin")
    assert "always goes to everyone" in shown
    assert "Try check-in every Monday, 9:00 AM." in shown


def test_form_lets_channels_be_checked(chat: Chat, ada: Actor) -> None:
    ada.types("schedule add energy and load", root="admin")
    assert isinstance(ada.sees, Form)
    field = ada.sees.fields[1]
    assert isinstance(field, TickField)
    mentors = next(value for value, label in field.choices if label == "#mentors")
    assert "in #mentors" in ada.fills(when="first Monday at 9", channels=mentors)
    ada.presses("Change the words")
    assert isinstance(ada.sees, Form)
    assert ada.sees.fields[1].initial == (mentors,)
    ada.fills(when="first Monday at 9", channels=mentors)
    ada.presses("Save")
    ada.types("schedule set energy and load", root="admin")
    assert isinstance(ada.sees, Form)
    assert [each.initial for each in ada.sees.fields] == ["first Monday of each month, 9:00 AM", (mentors,)]
    assert "in #" not in ada.fills(when="first Monday at 9", channels="")


def test_channel_that_was_disconnected_is_not_the_end_of_a_checkin(chat: Chat, ada: Actor) -> None:
    ada.types(f"{EVERY_MONTH} in #mentors", root="admin")
    ada.presses("Save")
    ada.types("channel unbind <#mentors>", root="admin")
    shown = ada.types("schedule show", root="admin")
    assert "#mentors isn’t connected, so it goes to all your channels" in shown
    chat.deliver_all()
    chat.until(local(2025, 10, 31, 12))
    assert cards(chat) == ["general"]
    assert len(told(chat)) == 1
    assert "Energy and load is for #mentors, where I can’t post now" in told(chat)[0]
    # Connected again, it is the same channel, though its row is another.
    ada.types("channel bind <#mentors>", root="admin")
    assert "isn’t connected" not in ada.types("schedule show", root="admin")


def test_one_of_two_channels_that_is_archived_is_left_out_and_said(chat: Chat, ada: Actor) -> None:
    ada.types("channel bind <#attic>", root="admin")
    ada.types(f"{EVERY_MONTH} in #mentors and #attic", root="admin")
    ada.presses("Save")
    with Session(chat.engine) as session, session.begin():
        row = next(each for each in communities.channels(session, 1) if each.channel == "attic")
        row.unreachable = "channel gone"
    chat.deliver_all()
    chat.until(local(2025, 10, 31, 12))
    assert cards(chat) == ["mentors"]
    assert "is also for #attic" in told(chat)[0]


def test_channel_that_is_disconnected_while_a_round_is_open_gives_its_summary_elsewhere(chat: Chat, ada: Actor) -> None:
    ada.types(f"{EVERY_MONTH} in #mentors", root="admin")
    ada.presses("Save")
    chat.deliver_all()
    while not cards(chat):
        chat.wait(hours=6)
    ada.types("channel unbind <#mentors>", root="admin")
    chat.wait(days=10)
    assert summaries(chat) == ["general"]
