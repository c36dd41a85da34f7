"""The same story on each platform: the real bot over the wire, and no complaint by the platform's own rules."""

import pytest

from tests.conformance import story
from tests.conformance.conftest import Run, open_room

pytestmark = [pytest.mark.conformance, pytest.mark.slow]


@pytest.mark.parametrize(
    "kind", ["slack over a socket", pytest.param("slack over http", marks=pytest.mark.anywhere), "discord"]
)
async def test_community_lives_its_first_week(kind: str, run: Run) -> None:
    async with open_room(kind) as room:
        bot = await run(room)
        for happens in story.CHAPTERS:
            await happens(room)
        await bot.stop()
        assert bot.trouble == []
        assert room.complaints() == []
