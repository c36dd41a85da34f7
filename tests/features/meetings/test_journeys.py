"""Two long journeys through meetings never call back up: posts and reminders ask nothing of a module above them."""

from collections.abc import Callable

import pytest

from tests.journeys import MEETINGS, Journey, move_meeting, save_cadence
from tests.support.chat import Chat

PLAYS = pytest.mark.parametrize("play", [save_cadence, move_meeting])
Play = Callable[..., list[Journey]]


@PLAYS
def test_journey_enters_no_module_of_meetings_again_from_below(chat: Chat, play: Play) -> None:
    """Not through the core either: what `ctx.post` calls is a view that has everything it needs."""
    [journey] = play(chat, "bot")
    assert [str(step) for step in journey.back_up if step.callee[0].startswith(MEETINGS)] == []


@PLAYS
def test_journey_reaches_posts_through_one_module_and_the_news(chat: Chat, play: Play) -> None:
    [journey] = play(chat, MEETINGS)
    posts = f"{MEETINGS}.posts."
    into = {str(step) for step in journey.steps if step.callee[0].startswith(posts) > step.caller[0].startswith(posts)}
    entries = {step.partition(" -> ")[2] for step in into} - {f"{posts}news.announce", f"{posts}news.state"}
    assert entries == {f"{posts}sync.sync_posts"}


@PLAYS
def test_planner_asks_only_rules(chat: Chat, play: Play) -> None:
    [journey] = play(chat, MEETINGS)
    planner = f"{MEETINGS}.planner"
    asked = {step.callee[0] for step in journey.between_modules if step.caller[0] == planner}
    assert asked == {f"{MEETINGS}.rules"}


@pytest.mark.parametrize(("play", "most"), [(save_cadence, 65), (move_meeting, 110)])
def test_journey_stays_short(chat: Chat, play: Play, most: int) -> None:
    [journey] = play(chat, MEETINGS)
    assert len(journey.steps) <= most
