"""How much of Discord's rate limit a process uses."""

import pytest

from adapters.discord.adapter import PER_SECOND, PER_SECOND_SHARED, Discord
from bot.core.platform import Address, Delivery, DirectMessage, InCalendar, InChannel, InThread
from bot.ui import card
from storage import database
from storage.database.leases import Leases
from tests.adapters.discord.small_app import small_app


def discord(leases: Leases | None = None) -> Discord:
    return Discord(small_app(), token="none", leases=leases)


def test_single_process_uses_the_whole_limit() -> None:
    among_others = Leases(database.connect("postgresql://localhost/never_opened"))
    assert discord().rate_limit("S1").per_second == PER_SECOND
    assert discord(among_others).rate_limit("S1").per_second == PER_SECOND_SHARED < PER_SECOND


@pytest.mark.parametrize(
    ("to", "earlier", "requests"),
    [
        (InChannel("1"), "", 1),
        (InThread("1 2"), "", 2),
        (InThread("1 2"), "3 4", 1),
        (DirectMessage("5"), "", 2),
        (DirectMessage("5"), "3 4", 1),
        (InCalendar(), "", 2),
        (InCalendar(), "6", 2),
    ],
)
def test_every_request_of_a_delivery_is_counted(to: Address, earlier: str, requests: int) -> None:
    assert discord().requests(Delivery("S1", to, card("Hello"), "r1", earlier)) == requests
