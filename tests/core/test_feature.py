"""What a feature declares: within the limits of the platforms, under its own name, and each thing once."""

import pytest

from bot.core.context import Context
from bot.core.events import Event
from bot.core.feature import Feature
from bot.core.permissions import Role
from bot.core.routes import Route
from bot.ui import Message, Reply


def handler(_ctx: Context, _event: Event) -> Reply:
    return None


def preview(_ctx: Context, _value: str) -> Message | None:
    return None


@pytest.fixture
def bells() -> Feature:
    return Feature("bells")


def test_route_needs_a_member_and_a_community_unless_said_otherwise(bells: Feature) -> None:
    bells.command("ring", help="Ring")(handler)
    bells.shortcut("ring", "Ring")(handler)
    bells.click("ring")(handler)
    bells.form("ring")(handler)
    bells.timer("ring")(handler)
    member = Route(handler, Role.MEMBER, community=True, reads=False, immediate=False)
    assert bells.commands["ring"].route == bells.shortcuts["bells.ring"].route == member
    assert bells.clicks == bells.forms == {"bells.ring": member}
    assert bells.timers == {"bells.ring": Route(handler, Role.BOT)}


def test_route_is_what_was_declared(bells: Feature) -> None:
    bells.command("look", help="Look", needs=Role.ADMIN, community=False, reads=True, immediate=True)(handler)
    bells.shortcut("save", "Save", needs=Role.ANYONE)(handler)
    bells.click("look", needs=Role.ANYONE, community=False, reads=True)(handler)
    bells.form("look", needs=Role.FACILITATOR, community=False)(handler)
    bells.timer("look", community=False)(handler)
    assert bells.commands["look"].route == Route(handler, Role.ADMIN, False, True, True)
    assert bells.shortcuts["bells.save"].route == Route(handler, Role.ANYONE)
    assert bells.clicks["bells.look"] == Route(handler, Role.ANYONE, False, True)
    assert bells.forms["bells.look"] == Route(handler, Role.FACILITATOR, False)
    assert bells.timers["bells.look"] == Route(handler, Role.BOT, False)


def test_name_from_signals_is_not_prefixed_again(bells: Feature) -> None:
    bells.click("bells.ring")(handler)
    bells.timer("bellsound")(handler)
    assert [*bells.clicks, *bells.timers] == ["bells.ring", "bells.bellsound"]


def test_command_with_choices_shows_them_as_its_argument(bells: Feature) -> None:
    bells.command("rule", help="Rule", choices=("on", "off"))(handler)
    bells.command("tune", help="Tune", argument="[tune]", choices=("a", "b"))(handler)
    bells.command("stop", help="Stop", needs=Role.FACILITATOR)(handler)
    assert [spec.usage for spec in bells.commands.values()] == ["rule on|off", "tune [tune]", "stop"]
    assert [spec.root for spec in bells.commands.values()] == ["member", "member", "facilitator"]


def test_help_and_label_fit_the_platforms(bells: Feature) -> None:
    bells.command("ring", help="x" * 100)(handler)
    bells.shortcut("ring", "x" * 24)(handler)
    with pytest.raises(AssertionError, match="too long for Discord"):
        bells.command("long", help="x" * 101)
    with pytest.raises(AssertionError, match="too long for Slack"):
        bells.shortcut("long", "x" * 25)


def test_nothing_is_declared_twice(bells: Feature) -> None:
    def declare() -> None:
        for register in (
            bells.command("ring", help="Ring"),
            bells.shortcut("ring", "Ring"),
            bells.click("ring"),
            bells.form("ring"),
            bells.timer("ring"),
        ):
            register(handler)

    declare()
    bells.preview("ring")(preview)
    bells.label_timer("ring", "a bell")
    bells.audit("bells.ring", "rang the bell")
    for again in (
        lambda: bells.command("ring", help="Ring")(handler),
        lambda: bells.shortcut("ring", "Ring")(handler),
        lambda: bells.click("ring")(handler),
        lambda: bells.form("ring")(handler),
        lambda: bells.timer("ring")(handler),
        lambda: bells.preview("ring")(preview),
        lambda: bells.label_timer("ring", "a bell"),
        lambda: bells.audit("bells.ring", "rang the bell"),
    ):
        with pytest.raises(ValueError, match="ring is handled twice"):
            again()


def test_timer_is_called_what_its_feature_says(bells: Feature) -> None:
    bells.label_timer("ring", "a bell")
    bells.label_timer("toll", "a toll", title="Toll", short=lambda value: f"toll {value}", skippable=False)
    ring, toll = bells.timer_labels["bells.ring"], bells.timer_labels["bells.toll"]
    assert (ring.titled("1"), ring.shortened("1"), ring.foretold, ring.skippable) == ("", "", "", True)
    assert (toll.titled("1"), toll.shortened("1"), toll.skippable) == ("Toll", "toll 1", False)
