"""Each feature declares what its own timers are called."""

from bot.core.router import Router
from bot.domain.between_meetings import REQUESTS
from bot.features import ALL
from bot.features.meetings import planner

routes = Router(ALL)


def test_label_names_a_timer_that_exists() -> None:
    assert set(routes.timer_labels) <= set(routes.timers)


def test_preview_belongs_to_a_labelled_timer() -> None:
    assert set(routes.previews) <= set(routes.timer_labels)


def test_timer_with_a_preview_has_a_title() -> None:
    """The week ahead lists these timers by title; one without would be listed by its kind, such as agenda.vote."""
    assert [kind for kind in routes.previews if not routes.timer_labels[kind].titled("1.d")] == []


def test_request_has_a_preview_before_a_community_starts() -> None:
    assert all(routes.timer_labels[kind].foretold for kind in REQUESTS)


def test_everything_that_moves_with_a_meeting_has_a_short_label() -> None:
    moving = set(planner.OWN) - {planner.BEGAN, planner.ENDED}
    assert all(routes.timer_labels[kind].shortened("1.d") for kind in moving)
