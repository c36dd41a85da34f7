"""Whatever is typed anywhere breaks nothing, is never half saved, and can be shown on every platform."""

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

# What one database may take in another way than the other.
KEPT_HARD = ("invisible", "numbers")


@pytest.mark.slow
@pytest.mark.parametrize(
    "says",
    [
        pytest.param(says, id=name, marks=() if name in KEPT_HARD else pytest.mark.anywhere)
        for name, says in HOSTILE.items()
    ],
)
def test_hostile_input_breaks_nothing(engine: Engine, says: str) -> None:
    chat = Chat(engine)
    create_active_community(chat)
    crawler = Crawler(
        chat,
        PlatformUser("1001", says[:200] or "Ben", zone=ZONE, can_manage=True, groups=("r1",)),
        says,
        assert_renders_everywhere,
    )
    crawler.walk()
    chat.wait(days=40)
    for post in chat.posts:
        assert_renders_everywhere(post.message)
    with Session(engine) as session:
        assert session.exec(select(incidents.Incident)).all() == []
