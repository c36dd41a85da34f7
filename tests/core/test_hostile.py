"""Whatever is typed, wherever it may be typed: nothing breaks, nothing is half kept, and every platform can show it."""

import json
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from adapters.discord import render as on_discord
from adapters.playground import render_forms as on_page
from adapters.playground.render import Pen
from adapters.playground.time_format import Reader
from adapters.slack import render as on_slack
from bot.core.events import Person
from bot.ui import Form, FormErrors, Message, Reply
from storage.meetings import feedback
from storage.meetings import meetings as meeting_rows
from storage.operations import audit_log
from storage.people import people
from tests.adapters.slack.pretend import SHARED
from tests.core.crawler import Crawler
from tests.support.chat import START, Chat
from tests.support.community import ZONE, create_community

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

KEPT_HARD = ("invisible", "long", "one word", "numbers")  # what a database may take in another way than the next


def shows(reply: Reply) -> None:
    """Draw it as every platform would, and hold it to their limits."""
    match reply:
        case Message():
            slack = on_slack.message(reply)
            assert wrong_on_slack(json.dumps(slack["blocks"]), "message") == ()
            assert len(slack["text"]) <= 4_000
            on_discord.message(reply)
            str(PEN.message(reply, "p1", "/file/p1")).encode()
        case Form():
            _shows_form(reply, {})
        case FormErrors(form, problems):
            _shows_form(form, dict(problems))
            shows(on_slack.corrections(reply))
            json.dumps(on_slack.errors(dict(problems), [f.name for f in form.fields])).encode()


def _shows_form(form: Form, problems: dict[str, str]) -> None:
    assert wrong_on_slack(json.dumps(on_slack.view(form, "100")), "view") == ()
    on_discord.modal(form).to_dict()
    assert all(isinstance(text, str) and text for text in problems.values())
    str(on_page.drawn(form, PEN, "t", [("1001", "Ben")], [("100", "general")], problems)).encode()


@cache
def wrong_on_slack(drawn: str, surface: str) -> tuple[str, ...]:
    """What Slack's own rules find; whoever walks everywhere is shown the same card again and again."""
    if not SHARED.exists():
        return ()
    from peers.slack.validate_calls import check_blocks, check_view

    return tuple(check_view(json.loads(drawn)) if surface == "view" else check_blocks(json.loads(drawn), surface))


PEN = Pen(Reader("1001", ZoneInfo(ZONE), START))


def lively(chat: Chat) -> int:
    """A community in the middle of its season: a meeting held, one to come, a question open, an admin who does all."""
    community = create_community(chat, ["1002", "1003"], facilitator="1001", channel="100")
    ada = chat.person("1001", zone=ZONE, manages=True)
    ada.channel = "100"
    ada.types("role map facilitator <@1001>")
    with Session(chat.engine) as session, session.begin():
        row = people.membership(session, community, 1)
        for number in range(1, 4):
            row = people.membership(session, community, number)
            if row and row.role == 2:
                row.role, row.facilitates, row.organization = 3, True, "The Y"
        held = meeting_rows.add(
            session, community, title="Autumn", starts_at=chat.clock.now().replace(day=20), minutes=60
        )
        assert held.id
        for number in range(1, 4):
            feedback.save(
                session, held.id, number, worked="The start", change="The end", useful=4, now=chat.clock.now()
            )
    ada.types("cadence set second Wednesday, 4pm")
    ada.presses("Save")
    ada.types("checkin open What did you try?")
    return community


@pytest.mark.slow
@pytest.mark.parametrize(
    "says",
    [
        pytest.param(says, id=name, marks=() if name in KEPT_HARD else pytest.mark.anywhere)
        for name, says in HOSTILE.items()
    ],
)
def test_nothing_that_is_typed_breaks_anything(engine: Engine, says: str) -> None:
    chat = Chat(engine)
    lively(chat)
    crawler = Crawler(
        chat, Person("1001", says[:200] or "Ben", zone=ZONE, can_manage=True, groups=("r1",)), says, shows
    )
    crawler.walk()
    chat.wait(days=40)
    for post in chat.posts:
        shows(post.message)
    with Session(engine) as session:
        assert session.exec(select(audit_log.Trouble)).all() == []
