"""No feature names anything of another one in text: names that cross features are in `core.signals`."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import bot
from bot.core import signals
from bot.core.feature import Feature
from bot.core.router import Router
from bot.features import ALL

FEATURES = Path(bot.__file__).parent / "features"
# The list of all features is the one page there that names them.
PAGES = sorted(set(FEATURES.rglob("*.py")) - {FEATURES / "__init__.py"})
PROPER_NAME = re.compile(r"([a-z]+)\.[a-z_]+(\..*)?|([a-z]+)\.")
# `meetings/joint` adds its handlers to the feature of meeting types.
LODGERS = {FEATURES / "meetings/joint": "kinds"}
routes = Router(ALL)


def owner(page: Path) -> str:
    """Return the name of the feature that a module adds its parts to."""
    for folder in page.parents:
        if folder in LODGERS:
            return LODGERS[folder]
        if (folder / "feature.py").exists():
            [name] = re.findall(r'Feature\("(\w+)"\)', (folder / "feature.py").read_text(encoding="utf-8"))
            return str(name)
    return ""


def foreign_names(source: str, own: str) -> Iterator[str]:
    """Yield the text in `source` that names a route, timer, or post of a feature other than `own`."""
    others = {feature.name for feature in ALL} - {own}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found = PROPER_NAME.fullmatch(node.value)
            if found and (found[1] or found[3]) in others:
                yield f"line {node.lineno}: {node.value}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(FEATURES)))
def test_feature_names_no_other_feature(page: Path) -> None:
    assert list(foreign_names(page.read_text(encoding="utf-8"), owner(page))) == []


@pytest.mark.parametrize(
    "line",
    [
        'ctx.schedule_timer("meetings.plan", at=ctx.now)',
        'Button(_("Answer"), "rounds.answer", str(id))',
        'key = f"meetings.card.{meeting.id}"',
        '{"checkins.due": _("a check-in")}',
    ],
)
def test_name_of_another_feature_is_found(line: str) -> None:
    assert len(list(foreign_names(line, "home"))) == 1


def test_own_name_and_sentences_are_allowed() -> None:
    assert list(foreign_names('"""home.open is a click. rounds. And so on."""\nx = "home.open", "e.g."', "home")) == []


def test_every_module_of_a_feature_has_an_owner() -> None:
    assert {owner(page) for page in PAGES} == {feature.name for feature in ALL}


def test_every_name_that_crosses_features_is_answered_to() -> None:
    names = {name: value for name, value in vars(signals).items() if name.isupper() and isinstance(value, str)}
    posts = {"MEETING_CARD", "MEETING_CHANGED", "ROUND_CARD", "ROUND_QUESTION", "ROUND_REMINDER", "WELCOME"}
    unanswered = {n for n, value in names.items() if value not in {**routes.timers, **routes.clicks}}
    assert unanswered - posts == set()


@pytest.mark.parametrize("room", ["cli", "delivery", "domain", "operations"])
def test_name_of_a_feature_outside_features_is_answered_to(room: str) -> None:
    """Rooms below the features can't import them, so what they name must at least exist."""
    named = [
        found.partition(": ")[2]
        for page in (FEATURES.parent / room).rglob("*.py")
        for found in foreign_names(page.read_text(encoding="utf-8"), "")
    ]
    assert set(named) <= {*routes.timers, *routes.clicks}


def test_whole_name_of_its_own_is_taken_as_it_is() -> None:
    feature = Feature("rounds")
    feature.timer(signals.ROUND_OPENED)(lambda _ctx, _event: None)
    feature.timer("close")(lambda _ctx, _event: None)
    assert list(feature.timers) == ["rounds.opened", "rounds.close"]
