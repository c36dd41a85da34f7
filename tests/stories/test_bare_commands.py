"""Every command typed without its argument says what is missing, and shows a line that works."""

import pytest

from bot.core.command_parser import wanted
from bot.core.routes import CommandSpec
from bot.features import ALL
from tests.support.chat import START, Actor, Chat
from tests.support.community import actors, create_community

SPECS = [spec for feature in ALL for spec in feature.commands.values()]
NEEDY = [s for s in SPECS if s.argument and not s.argument.startswith("[")]
REFUSED = ("needs", "is not one of", "cannot read", "do not know", "don’t know", "Something broke")


def typist(chat: Chat, spec: CommandSpec) -> Actor:
    create_community(chat)
    if spec.root == "admin":
        return chat.person("Ada", manages=True)
    return actors(chat, "Ben" if spec.root == "facilitator" else "Mei")[0]


def test_some_commands_need_an_argument() -> None:
    assert {"find", "quiet", "timezone", "rsvp", "closure remove", "role map"} <= {spec.name for spec in NEEDY}


@pytest.mark.parametrize("spec", NEEDY, ids=lambda spec: spec.name)
def test_bare_command_says_what_it_needs_with_an_example(chat: Chat, spec: CommandSpec) -> None:
    said = typist(chat, spec).types(spec.name, root=spec.root)
    what = ", ".join(spec.choices) if spec.choices else wanted()[spec.argument]
    assert what in said
    shown = said.partition("Like this: ")[2].rstrip(".")
    root = {"member": "/cop", "facilitator": "/cop-facilitate", "admin": "/cop-admin"}[spec.root]
    assert shown == f"{root} {spec.example}" or shown in [f"{root} {spec.name} {choice}" for choice in spec.choices]


@pytest.mark.parametrize("spec", [s for s in SPECS if s.example], ids=lambda spec: spec.name)
def test_example_of_a_command_works(chat: Chat, spec: CommandSpec) -> None:
    # Adapters pass on a person who was picked in this form.
    line = spec.example.replace("@Ben", "<@ben>")
    actor = typist(chat, spec)
    if spec.name == "closure remove":
        actor.types("closure add Dec 24", root="admin")
    said = actor.types(line, root=spec.root)
    assert chat.clock.now() == START
    assert not [refused for refused in REFUSED if refused in said], said


@pytest.mark.parametrize("spec", [s for s in SPECS if s.argument.startswith("[")], ids=lambda spec: spec.name)
def test_optional_argument_may_be_left_out(chat: Chat, spec: CommandSpec) -> None:
    said = typist(chat, spec).types(spec.name, root=spec.root)
    assert not [refused for refused in REFUSED if refused in said], said
