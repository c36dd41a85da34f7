"""Answers of the longest size and of unusual characters: kept whole, shown shortened, and all readable, everywhere."""

import json
import re
from collections.abc import Callable

import pytest
from sqlmodel import Session, select

from adapters.discord import render as on_discord
from adapters.slack import render as on_slack
from bot.domain.questions import LONGEST_ANSWER, Question, Questionnaire, QuestionType
from bot.features.rounds import summary_views
from bot.ui import Form, Message, TextField
from storage.learning.rounds import Response
from tests.support.chat import Actor, Chat
from tests.support.checkins import open_check_in
from tests.support.community import actors, create_community
from tests.support.renderers import PEN, assert_renders_everywhere
from tests.support.wire import words_on_slack

ASKED = Questionnaire("Week", (Question("words", "What happened?", QuestionType.LONG),))
# Each word is there once, so that one that is missing is noticed.
NUMBERED = " ".join(f"w{n:04}" for n in range(LONGEST_ANSWER))[: LONGEST_ANSWER - 1].rpartition(" ")[0]
LONGEST = NUMBERED + " " + "e" * (LONGEST_ANSWER - len(NUMBERED) - 1)
ARABIC = "نص طويل جدا "
SAID = {
    "as long as it can be": LONGEST,
    "emoji only": "👩🏽‍🏫🎉" * 500,
    "right to left": (ARABIC * 400)[:LONGEST_ANSWER].strip(),
    "combining marks": "e\u0301" * (LONGEST_ANSWER // 2),
}


def on_discord_shown(message: Message) -> str:
    view, _files = on_discord.message(message)
    return "\n".join(on_discord.texts(view.to_components()))  # type: ignore[no-untyped-call]


# What Slack, Discord, and the playground show of a message.
SHOWN: dict[str, Callable[[Message], str]] = {
    "slack": lambda message: "\n".join(words_on_slack(on_slack.message(message)["blocks"])),
    "discord": on_discord_shown,
    "playground": lambda message: re.sub(r"<[^>]+>", "", str(PEN.message(message, "p1", "/file/p1"))),
}


def pages(who: Actor) -> list[Message]:
    """Return the pages that somebody turns over."""
    assert isinstance(who.sees, Message)
    seen = [who.sees]
    while any(getattr(action, "label", "") == "Next page" for action in seen[-1].actions):
        who.presses("Next page")
        assert isinstance(who.sees, Message)
        seen.append(who.sees)
    return seen


def bare(text: str) -> str:
    """Return a text without what a platform adds to break or mark lines."""
    return re.sub(r"[\s>]", "", text)


@pytest.mark.parametrize("name", SAID)
@pytest.mark.parametrize("platform", SHOWN)
def test_answer_is_kept_whole_shown_shortened_and_all_readable(chat: Chat, platform: str, name: str) -> None:
    said, shown = SAID[name], SHOWN[platform]
    create_community(chat)
    _ben, mei, olu = actors(chat, "Ben", "Mei", "Olu")
    card, _id = open_check_in(chat, ASKED)
    mei.presses("Answer", on=card)
    mei.fills(words=said)
    with Session(chat.engine) as session:
        assert session.exec(select(Response)).one().by_question == {"words": said}
    assert isinstance(mei.sees, Message)
    assert_renders_everywhere(mei.sees)
    assert "…" in shown(mei.sees)
    assert len(shown(mei.sees)) < 2_000
    chat.wait(days=5)
    assert "…" in shown(chat.last.message)
    olu.presses("Read all answers", on=chat.last)
    read = [shown(page) for page in pages(olu)]
    whole = bare("".join(read))
    for word in said.split() if " " in said else [said[:500], said[-500:]]:
        assert bare(word) in whole


def test_long_answer_is_split_between_signs_that_people_see() -> None:
    teacher = "👩🏽‍🏫"
    for said in (teacher * 999, "e\u0301" * 1_999, "a" + "e\u0301" * 1_999):
        pieces = summary_views.pieces_of(said)
        assert "".join(pieces) == said
        assert len(pieces) > 1
        assert all(piece[0] in "👩ea" for piece in pieces)


@pytest.mark.parametrize("said", ["\u200b\u200b", "\u200d", " \u2060\ufeff "])
def test_answer_that_shows_nothing_is_none(chat: Chat, said: str) -> None:
    create_community(chat)
    [mei] = actors(chat, "Mei")
    card, _id = open_check_in(chat, ASKED)
    mei.presses("Answer", on=card)
    assert "Answer at least one question" in mei.fills(words=said)
    with Session(chat.engine) as session:
        assert session.exec(select(Response)).all() == []


def test_form_says_on_slack_how_to_hand_over_more_than_a_box_takes(chat: Chat) -> None:
    create_community(chat)
    [mei] = actors(chat, "Mei")
    card, _id = open_check_in(chat, ASKED)
    mei.presses("Answer", on=card)
    assert isinstance(mei.sees, Form)
    assert any(isinstance(field, TextField) for field in mei.sees.fields)
    drawn = json.dumps(on_slack.view(mei.sees, "100"))
    assert "Up to 3,000 characters fit here. If yours is longer, write it to me in a direct message." in drawn
    # And that way works.
    mei.whispers(LONGEST)
    mei.presses("Keep it")
    with Session(chat.engine) as session:
        assert session.exec(select(Response)).one().by_question == {"words": LONGEST}
