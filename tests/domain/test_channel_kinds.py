"""Which kinds of channel a community can live in: each has a decision, and each no has words."""

from typing import get_args

from discord import ChannelType

from adapters.discord import channels
from bot.domain import channel_kinds
from bot.domain.channel_kinds import CAN_HOLD, ChannelKind


def test_every_kind_has_a_decision_and_every_no_says_what_to_do() -> None:
    for kind in get_args(ChannelKind):
        words = channel_kinds.problem(kind)
        assert bool(words) is (kind not in CAN_HOLD), kind
        assert not words or any(verb in words for verb in ("Pick", "pick", "Make", "Add")), words


def test_every_kind_of_channel_of_discord_is_known() -> None:
    assert set(ChannelType) <= set(channels.KINDS)
    assert set(channels.KINDS.values()) <= set(get_args(ChannelKind)) - {"unknown"}
