"""Renders a reply for every platform, and checks the platforms' limits."""

import json
from functools import cache
from zoneinfo import ZoneInfo

from adapters.discord import render as on_discord
from adapters.html.time_format import Reader
from adapters.playground import render_forms as on_page
from adapters.playground.render import Pen
from adapters.slack import render as on_slack
from bot.core.unsaved import corrections
from bot.ui import Form, FormErrors, Message, NotSaved, Reply
from tests.adapters.slack.pretend import SHARED
from tests.support.chat import START
from tests.support.community import ZONE


def assert_renders_everywhere(reply: Reply) -> None:
    """Render a reply for every platform, and check the platforms' limits."""
    match reply:
        case Message():
            slack = on_slack.message(reply)
            assert wrong_on_slack(json.dumps(slack["blocks"]), "message") == ()
            assert len(slack["text"]) <= 4_000
            on_discord.message(reply)
            str(PEN.message(reply, "p1", "/file/p1")).encode()
        case NotSaved(problem, messages):
            for each in messages:
                assert_renders_everywhere(each)
            assert on_slack.errors({"": problem}, ["body"]) if problem else True
        case Form():
            _shows_form(reply, {})
        case FormErrors(form, problems):
            _shows_form(form, dict(problems))
            assert_renders_everywhere(corrections(reply))
            json.dumps(on_slack.errors(dict(problems), [f.name for f in form.fields])).encode()


def _shows_form(form: Form, problems: dict[str, str]) -> None:
    assert wrong_on_slack(json.dumps(on_slack.view(form, "100")), "view") == ()
    on_discord.modal(form).to_dict()
    assert all(isinstance(text, str) and text for text in problems.values())
    str(on_page.drawn(form, PEN, "t", [("1001", "Ben")], [("100", "general")], problems)).encode()


@cache
def wrong_on_slack(drawn: str, surface: str) -> tuple[str, ...]:
    """Return what Slack's own rules find wrong. Cached, since a crawler gets the same message again and again."""
    if not SHARED.exists():
        return ()
    from peers.slack.validate_calls import check_blocks, check_view

    return tuple(check_view(json.loads(drawn)) if surface == "view" else check_blocks(json.loads(drawn), surface))


PEN = Pen(Reader("1001", ZoneInfo(ZONE), START))
