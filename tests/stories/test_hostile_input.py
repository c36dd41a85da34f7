"""Whatever is typed anywhere breaks nothing, is never half saved, and can be shown on every platform."""

from collections.abc import Sequence

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from bot.core.events import PlatformUser
from storage.operations import incidents
from tests.support.chat import Chat
from tests.support.community import ZONE, create_active_community
from tests.support.crawler import Crawler
from tests.support.renderers import assert_renders_everywhere

HOSTILE = {
    "markup": "@everyone <!channel> <@U1> <@1001> <@&5> <#C1> <!subteam^S1> </textarea><script>alert(1)</script> "
    "<img src=x onerror=alert(1)> &lt;b&gt; ]]> <!-- [click](javascript:alert(1)) [x](https://evil.example) "
    "<https://evil.example|bank> https://evil.example",
    "invisible": "\u202etxt.exe\u2066 \u200f\u061c שלום مرحبا \u202d\u2069\u200b\ufeff a\ud800b\udfff "
    "a\x00b\x1b[31m\x07\x7f a\u2028b\u2029c\x85d\x0be\x0cf",
    "emoji": "🎉" * 10_000,
    "joined": "👩‍👩‍👧‍👦" * 400 + "Z" + "\u0301" * 3_000,
    "long": "word " * 20_000,
    "one word": "x" * 100_000,
    "nothing": " \t\u00a0\u3000 \n\n" * 100,
    "marks": r"""!"#$%&'()*+,-./:;<=>?@[\]^_`{|}~""" * 60,
    "tokens": "[Ben](person:1) [`x`](command:admin) [t](at:9999999999999:full) [c](channel:1) 1:2 1.2 s1 t1\n- a\n"
    "1. b\n# c\n> d\n```\ncode\n```\n-# small\n||spoiler||\n=HYPERLINK(1) {0} {name} %s %(x)s ${x} {{7*7}}",
    "numbers": "99999999999999999999999 -1 ٣٤٥ ½ 0x10 1e9 " + "9" * 5_000,
}

# What is said in one walk. What one database may take in another way than the other stands in the first.
TOGETHER = (
    ("invisible", "numbers", "markup"),
    ("emoji", "joined", "long", "nothing"),
    ("one word", "marks", "tokens"),
)


def test_all_of_it_is_said() -> None:
    assert sorted(name for names in TOGETHER for name in names) == sorted(HOSTILE)


def choose_an_agenda(chat: Chat, names: Sequence[str]) -> None:
    """Look at the topics to choose from, which nobody can once a vote has begun."""
    ben = chat.person("1001", zone=ZONE)
    ben.channel = "100"
    for name in names:
        ben.types(f"topic {HOSTILE[name][:80]}")
    assert "What goes on the agenda?" in ben.types("agenda publish")
    assert_renders_everywhere(ben.sees)
    assert "tick at least one topic" in ben.fills(topics="")
    assert_renders_everywhere(ben.sees)


@pytest.mark.slow
@pytest.mark.parametrize(
    "names",
    [
        pytest.param(names, id=", ".join(names), marks=() if names is TOGETHER[0] else pytest.mark.anywhere)
        for names in TOGETHER
    ],
)
def test_hostile_input_breaks_nothing(engine: Engine, names: Sequence[str]) -> None:
    chat = Chat(engine)
    create_active_community(chat)
    choose_an_agenda(chat, names)
    who = PlatformUser("1001", "Ben", zone=ZONE, can_manage=True, groups=("r1",))
    crawler = Crawler(chat, who, [HOSTILE[name] for name in names], assert_renders_everywhere)
    crawler.walk()
    chat.wait(days=40)
    for post in chat.posts:
        assert_renders_everywhere(post.message)
    with Session(engine) as session:
        assert session.exec(select(incidents.Incident)).all() == []
